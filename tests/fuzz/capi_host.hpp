// tests/fuzz/capi_host.hpp -- a host that calls the C API as an input says, and looks at every answer.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <array>
#include <deque>
#include <string>
#include <vector>

#include <calanque/calanque.h>

#include "bytes.hpp"

namespace clq::fuzz {

enum class Kind { config, source, model, batch, result, trainer };
constexpr size_t kKinds = 6;
constexpr int64_t kRows = 16;          // of the host's arrays, and at most of what it asks for
constexpr int64_t kRoomBytes = 32768;  // of its buffers, before their guard

class Host {
 public:
  explicit Host(Bytes in) : in_(in) {}
  Host(const Host&) = delete;
  Host& operator=(const Host&) = delete;
  ~Host();  // closes what is open

  Bytes& in() { return in_; }

  // An open handle of this kind; now and then one of another kind, a closed one, 0, or a number that never was one.
  clq_handle some(Kind kind);
  // Closes one by `close`, which takes anything.
  void close(Kind kind, void (*close)(clq_handle));

  // A status: words where it is an error, and never an internal one.
  static clq_status check(clq_status status);
  // A call that writes one handle: it is kept. Where it fails nothing is written.
  template <class Call>
  void opens(Kind kind, Call&& call) {
    clq_handle out = kUntouched;
    clq_handle* to = in_.byte() % 32 == 31 ? nullptr : &out;
    const clq_status status = check(call(to));
    keep(kind, status, out, to == nullptr);
  }
  // A call that writes one number.
  template <class T, class Call>
  void counts(Call&& call) {
    T out = static_cast<T>(77), *to = in_.byte() % 32 == 31 ? nullptr : &out;
    const clq_status status = check(call(to));
    expect(status >= 0 || out == static_cast<T>(77), "a number is written and the call fails");
  }
  // A call that writes a text, into room of some capacity.
  template <class Call>
  void tells(Call&& call) {
    const auto capacity = in_.pick<int64_t>({kRoomBytes, 0, 1, 7, 100, -1, INT64_MIN});
    char* text = in_.byte() % 16 == 15 ? nullptr : static_cast<char*>(fresh_room());
    check_text(call(text, capacity), text, capacity);
  }

  void add(Kind kind, clq_handle open) { open_[static_cast<size_t>(kind)].push_back(open); }

  // One of these, the input's own, or now and then NULL; stays until the input is done.
  const char* text(std::initializer_list<const char*> usual);
  const char* path(std::initializer_list<const char*> usual);  // one of these in the folder of the process
  // Of an array or a sample: sane ones, whose elements array() holds for kRows rows, or such that cannot be.
  const int64_t* dims(int32_t rank);
  const void* array() const;
  void* fresh_room();  // kRoomBytes, whose guard is looked at later
  void check_room() const;

  static constexpr clq_handle kUntouched = 0x5a5a5a5a5a5a5a5a;

 private:
  static void expect(bool holds, const char* words);
  void keep(Kind kind, clq_status status, clq_handle out, bool nowhere);
  void check_text(int64_t needed, const char* text, int64_t capacity) const;

  Bytes in_;
  std::array<std::vector<clq_handle>, kKinds> open_;
  std::vector<clq_handle> closed_;
  std::array<int64_t, 8> dims_{};
  std::deque<std::string> texts_;
  std::vector<char> room_;
};

}  // namespace clq::fuzz
