// calanque/cpp/handle.hpp -- the owner of one handle.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <utility>

#include "error.hpp"

namespace calanque {

// Close is a clq_*_close. Empty after a move; 0 is no handle, and every function of the library refuses it.
template <void (*Close)(clq_handle)>
class Handle {
 public:
  Handle() noexcept = default;
  explicit Handle(clq_handle handle) noexcept : handle_(handle) {}
  Handle(Handle&& other) noexcept : handle_(std::exchange(other.handle_, 0)) {}
  Handle& operator=(Handle&& other) noexcept {
    if (this != &other) Close(std::exchange(handle_, std::exchange(other.handle_, 0)));
    return *this;
  }
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;
  ~Handle() { Close(handle_); }

  clq_handle get() const noexcept { return handle_; }
  explicit operator bool() const noexcept { return handle_ != 0; }

 private:
  clq_handle handle_ = 0;
};

namespace detail {

// make(&handle) as the functions that make an object.
template <class Make>
clq_handle made(Make&& make) {
  clq_handle handle = 0;
  check(make(&handle));
  return handle;
}

}  // namespace detail
}  // namespace calanque
