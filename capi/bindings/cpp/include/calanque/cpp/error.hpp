// calanque/cpp/error.hpp -- statuses as exceptions, texts in and out.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

#include <calanque/calanque.h>

namespace calanque {

// What a call was refused for: what() has the words of clq_error_text, status() one of CLQ_E_... .
class Error : public std::runtime_error {
 public:
  Error(clq_status status, const std::string& words) : std::runtime_error(words), status_(status) {}
  clq_status status() const noexcept { return status_; }

 private:
  clq_status status_;
};

namespace detail {

// Of the thread that made the call, at once.
[[noreturn]] inline void throw_last(clq_status status) {
  std::string words(256, '\0');
  int64_t needed = clq_error_text(words.data(), static_cast<int64_t>(words.size()));
  if (needed > static_cast<int64_t>(words.size())) {
    words.resize(static_cast<size_t>(needed));
    needed = clq_error_text(words.data(), needed);
  }
  words.resize(needed > 0 ? static_cast<size_t>(needed - 1) : 0);
  throw Error(status, words);
}

inline clq_status check(clq_status status) {
  if (status < 0) throw_last(status);
  return status;
}

// C reads up to the first NUL: a text with one inside would be cut unseen.
inline std::string c_text(std::string_view text) {
  if (text.find('\0') != std::string_view::npos)
    throw Error(CLQ_E_INVALID, "'" + std::string(text.data()) + "' goes on behind a NUL, texts have none inside");
  return std::string(text);
}

// An absent text is NULL: the default that calanque.h names.
inline const char* or_null(const std::string& text) { return text.empty() ? nullptr : text.c_str(); }

// call(buffer, capacity) as the functions that give text; nothing where it answers 0.
template <class Call>
std::optional<std::string> next_text(Call&& call, size_t room = 1024) {
  std::string text(room, '\0');
  for (;;) {
    const int64_t needed = call(text.data(), static_cast<int64_t>(text.size()));
    if (needed < 0) throw_last(static_cast<clq_status>(needed));
    if (needed == 0) return std::nullopt;
    const bool fits = needed <= static_cast<int64_t>(text.size());
    text.resize(static_cast<size_t>(fits ? needed - 1 : needed));
    if (fits) return text;
  }
}

template <class Call>
std::string text_of(Call&& call, size_t room = 1024) {
  return next_text(call, room).value_or("");
}

}  // namespace detail
}  // namespace calanque
