// tests/fuzz/capi_host.cpp -- a host that calls the C API as an input says, and looks at every answer.
// SPDX-License-Identifier: BSD-3-Clause
#include "capi_host.hpp"

#include <cstring>

#include "fuzz.hpp"

namespace clq::fuzz {
namespace {

constexpr char kGuard = 0x5b;
constexpr size_t kGuardBytes = 256;
constexpr int64_t kMostElements = 512;  // of one sample

void (*const kClose[kKinds])(clq_handle) = {clq_config_close, clq_source_close, clq_model_close,
                                            clq_batch_close,  clq_result_close, clq_trainer_close};

}  // namespace

Host::~Host() {
  for (const Kind kind : {Kind::trainer, Kind::batch, Kind::result, Kind::model, Kind::source, Kind::config})
    for (const clq_handle handle : open_[static_cast<size_t>(kind)]) kClose[static_cast<size_t>(kind)](handle);
}

void Host::expect(bool holds, const char* words) { require(holds, words); }

clq_status Host::check(clq_status status) {
  if (status >= 0) return status;
  char words[8192];
  const int64_t needed = clq_error_text(words, sizeof words);
  require(needed > 0 && needed <= static_cast<int64_t>(sizeof words), "the words of an error cannot be had");
  require(clq_error_code() == status, "the thread's error is another one");
  require_error(status, words);
  return status;
}

clq_handle Host::some(Kind kind) {
  const uint8_t choice = in_.byte();
  const auto from = [&](const std::vector<clq_handle>& all) { return all.empty() ? 0 : all[choice / 16 % all.size()]; };
  switch (choice % 16) {
    case 12:
      return from(open_[in_.byte() % kKinds]);
    case 13:
      return from(closed_);
    case 14:
      return 0;
    case 15:
      return static_cast<clq_handle>(in_.word());
    default:  // the newest first
      const auto& all = open_[static_cast<size_t>(kind)];
      return all.empty() ? 0 : all[all.size() - 1 - choice / 16 % all.size()];
  }
}

void Host::close(Kind kind, void (*close)(clq_handle)) {
  const clq_handle handle = some(kind);
  close(handle);
  auto& all = open_[static_cast<size_t>(kind)];
  if (std::erase(all, handle) > 0) closed_.push_back(handle);
  close(handle);  // closing twice is fine
}

void Host::keep(Kind kind, clq_status status, clq_handle out, bool nowhere) {
  if (nowhere) return require(status < 0 || kind == Kind::result, "a handle is made and told to nobody");
  require((status >= 0) == (out != kUntouched), "a handle is written where the call fails, or none where it succeeds");
  if (status >= 0) open_[static_cast<size_t>(kind)].push_back(out);
}

void Host::check_text(int64_t needed, const char* text, int64_t capacity) const {
  check(static_cast<clq_status>(std::min<int64_t>(needed, 0)));
  check_room();
  if (text == nullptr || needed < 0) return;
  if (needed > 0 && needed <= capacity)
    require(static_cast<int64_t>(std::strlen(text)) + 1 == needed, "a text of another length than was said");
  else if (needed > capacity)
    require(text[0] == kGuard, "a part of a text is written");
}

const char* Host::text(std::initializer_list<const char*> usual) {
  const uint8_t choice = in_.byte();
  if (choice == 255) return nullptr;
  if (choice >= 240) return texts_.emplace_back(in_.text()).c_str();  // up to a NUL, as a C host has it
  return usual.begin()[choice % usual.size()];
}

const char* Host::path(std::initializer_list<const char*> usual) {
  const uint8_t choice = in_.byte();
  return choice == 255 ? nullptr : texts_.emplace_back(folder() + usual.begin()[choice % usual.size()]).c_str();
}

const int64_t* Host::dims(int32_t rank) {
  int64_t elements = 1;
  bool can_be = true;
  for (size_t i = 0; i < dims_.size(); ++i) {
    dims_[i] = static_cast<int32_t>(i) < rank ? in_.pick<int64_t>({kRows, 1, 2, 3, 0, -1, INT64_MAX, INT64_MIN}) : 1;
    can_be = can_be && dims_[i] > 0 && !__builtin_mul_overflow(elements, dims_[i], &elements);
  }
  if (can_be && elements > kMostElements) dims_.fill(1);
  return in_.byte() % 32 == 31 ? nullptr : dims_.data();
}

const void* Host::array() const {
  static const std::vector<double> values = [] {
    std::vector<double> numbers(kRows * kMostElements);
    for (size_t i = 0; i < numbers.size(); ++i) numbers[i] = static_cast<double>(i % 17) / 4 - 2;
    return numbers;
  }();
  return values.data();
}

void* Host::fresh_room() {
  room_.assign(kRoomBytes + kGuardBytes, kGuard);
  return room_.data();
}

void Host::check_room() const {
  require(room_.empty() || std::all_of(room_.begin() + kRoomBytes, room_.end(), [](char c) { return c == kGuard; }),
          "bytes are written beyond a buffer");
}

}  // namespace clq::fuzz
