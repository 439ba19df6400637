// capi/src/guard.hpp -- the only place where C++ errors become C status codes.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstring>
#include <filesystem>
#include <new>
#include <string>
#include <system_error>

#include <calanque/core/error.hpp>

#include "plain_arithmetic.hpp"

namespace clq::capi {

// This thread's last error: a fixed buffer, so that running out of memory can still be told.
clq_status set_error(clq_status status, const char* text) noexcept;
clq_status error_code() noexcept;
const char* error_text() noexcept;

template <class Body>
int64_t guard_any(Body&& body) noexcept {
  const PlainArithmetic plain;
  try {
    return body();
  } catch (const Error& e) {
    return set_error(e.status() < 0 ? e.status() : CLQ_E_INTERNAL, e.what());
  } catch (const std::bad_alloc&) {
    return set_error(CLQ_E_NOMEM, "out of memory");
  } catch (const std::filesystem::filesystem_error& e) {
    return set_error(CLQ_E_IO, e.what());
  } catch (const std::system_error& e) {
    if (e.code() != std::errc::resource_unavailable_try_again) return set_error(CLQ_E_INTERNAL, e.what());
    return set_error(CLQ_E_NOMEM, "the system starts no more threads; ask for fewer that compute or read");
  } catch (const std::exception& e) {
    return set_error(CLQ_E_INTERNAL, e.what());
  } catch (...) {
    return set_error(CLQ_E_INTERNAL, "unknown C++ exception");
  }
}

// body() returns nothing.
template <class Body>
clq_status guard(Body&& body) noexcept {
  return static_cast<clq_status>(guard_any([&]() -> int64_t { return body(), CLQ_OK; }));
}

// body() returns a status >= 0.
template <class Body>
clq_status guard_status(Body&& body) noexcept {
  return static_cast<clq_status>(guard_any([&]() -> int64_t { return body(); }));
}

// For what must not happen, or takes long, before a wrong buffer is refused; writes nothing.
inline void require_room(const char* out, int64_t capacity) {
  CLQ_REQUIRE(capacity >= 0, "capacity must not be negative, got {}", capacity);
  CLQ_REQUIRE(out != nullptr || capacity == 0, "the text buffer is NULL and its capacity {}", capacity);
}

// Bytes needed, the NUL included; copies only what fits whole.
inline int64_t copy_text(const char* text, size_t length, char* out, int64_t capacity) {
  require_room(out, capacity);
  const auto needed = static_cast<int64_t>(length) + 1;
  if (needed <= capacity) {
    std::memcpy(out, text, length);
    out[length] = '\0';
  }
  return needed;
}

// What polling functions return when there is nothing: 0, and an empty text where it fits.
inline int64_t copy_nothing(char* out, int64_t capacity) {
  copy_text("", 0, out, capacity);
  return 0;
}

// body() returns the text.
template <class Body>
int64_t guard_text(char* out, int64_t capacity, Body&& body) noexcept {
  return guard_any([&]() -> int64_t {
    const std::string text = body();
    return copy_text(text.data(), text.size(), out, capacity);
  });
}

template <class T>
T& required(T* pointer, const char* name) {
  CLQ_REQUIRE(pointer != nullptr, "{} must not be NULL", name);
  return *pointer;
}

inline std::string required_text(const char* text, const char* name) { return &required(text, name); }

}  // namespace clq::capi
