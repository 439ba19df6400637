// tests/support/number.hpp -- numbers out of text, whatever the host's locale.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <charconv>
#include <stdexcept>
#include <string>

namespace clq::test {

inline double number_in(const std::string& text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) throw std::runtime_error("no number: '" + text + "'");
  return value;
}

}  // namespace clq::test
