// capi/cli/printable.cpp -- text from files and plugins, for a terminal that obeys control characters.
// SPDX-License-Identifier: BSD-3-Clause
#include "printable.hpp"

#include <fmt/format.h>

namespace clq::cli {
namespace {

// Bytes of the character that begins the text; 0: it begins with none, or with a control character of two bytes.
size_t width_of(std::string_view text) {
  const auto first = static_cast<unsigned char>(text[0]);
  if (first < 0x80) return first < 0x20 || first == 0x7F ? 0 : 1;
  const size_t n = first >= 0xF0 && first < 0xF5   ? 4
                   : first >= 0xE0 && first < 0xF0 ? 3
                   : first >= 0xC2 && first < 0xE0 ? 2
                                                   : 0;
  if (n == 0 || text.size() < n) return 0;
  for (size_t i = 1; i < n; ++i)
    if ((static_cast<unsigned char>(text[i]) & 0xC0) != 0x80) return 0;
  return first == 0xC2 && static_cast<unsigned char>(text[1]) < 0xA0 ? 0 : n;
}

}  // namespace

std::string printable(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const size_t n = width_of(text);
    if (n == 0)
      out += fmt::format("\\x{:02x}", static_cast<unsigned char>(text[0]));
    else
      out += text.substr(0, n);
    text.remove_prefix(n == 0 ? 1 : n);
  }
  return out;
}

}  // namespace clq::cli
