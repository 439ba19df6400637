// calanque/core/error.hpp -- errors inside the core: exceptions that carry a status and one line of words.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>
#include <limits>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include <calanque/types.h>

namespace clq {

// Words may quote a file or a plugin: bytes that would move a terminal's cursor or end a line become '?' or a blank.
std::string one_line(std::string text);

class Error : public std::runtime_error {
 public:
  Error(clq_status status, const std::string& text) : std::runtime_error(one_line(text)), status_(status) {}
  clq_status status() const noexcept { return status_; }

 private:
  clq_status status_;
};

// An error that has to do with one key of the resolved run file, "model.layer[7].units", whatever its words begin with.
class KeyError final : public Error {
 public:
  KeyError(const Error& error, std::string key) : Error(error.status(), error.what()), key_(std::move(key)) {}
  const std::string& key() const noexcept { return key_; }  // or text that begins with it

 private:
  std::string key_;
};

template <class... Args>
[[noreturn]] void fail(clq_status status, fmt::format_string<Args...> text, Args&&... args) {
  throw Error(status, fmt::format(text, std::forward<Args>(args)...));
}

// The caller's mistake: CLQ_E_INVALID with the value in the text.
#define CLQ_REQUIRE(condition, ...)                              \
  do {                                                           \
    if (!(condition)) ::clq::fail(CLQ_E_INVALID, __VA_ARGS__);   \
  } while (false)

// An integer in another type, or an error when it does not fit.
template <class To, class From>
To narrow(From value) {
  static_assert(std::is_integral_v<To> && std::is_integral_v<From>);
  const To result = static_cast<To>(value);
  if (static_cast<From>(result) != value || ((result < To{}) != (value < From{})))
    fail(CLQ_E_INVALID, "{} does not fit in {} bytes", value, sizeof(To));
  return result;
}

// ", did you mean 'epochs'?" for the candidate nearest to `word`, or "" when none is near.
std::string did_you_mean(std::string_view word, const std::vector<std::string>& candidates);

}  // namespace clq
