// capi/src/guard.cpp -- this thread's last error.
// SPDX-License-Identifier: BSD-3-Clause
#include "guard.hpp"

#include <algorithm>
#include <string_view>

namespace clq::capi {
namespace {

constexpr size_t kRoom = 4096;
constexpr std::string_view kCut = " ... ";

thread_local clq_status last_status = CLQ_OK;
thread_local char last_text[kRoom];

bool inside_a_character(char c) { return (static_cast<unsigned char>(c) & 0xc0) == 0x80; }

// One line, as of clq::Error: paths may hold anything.
size_t put(std::string_view text, size_t at) {
  std::transform(text.begin(), text.end(), last_text + at, [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte < 0x20 || byte == 0x7f ? '?' : c;
  });
  return at + text.size();
}

}  // namespace

// A text that is too long lacks its middle, between characters: what is wrong stands first and where it stands last.
clq_status set_error(clq_status status, const char* text) noexcept {
  const std::string_view words = text;
  size_t head = words.size(), tail = words.size();
  if (words.size() >= kRoom) {
    head = (kRoom - kCut.size()) / 2;
    tail = words.size() - (kRoom - kCut.size() - 1 - head);
    while (head > 0 && inside_a_character(words[head])) --head;
    while (tail < words.size() && inside_a_character(words[tail])) ++tail;
  }
  size_t end = put(words.substr(0, head), 0);
  if (tail > head) end = put(words.substr(tail), put(kCut, end));
  last_text[end] = '\0';
  last_status = status;
  return status;
}

clq_status error_code() noexcept { return last_status; }
const char* error_text() noexcept { return last_text; }

}  // namespace clq::capi
