// core/src/base/error.cpp -- words of errors: on one line, and the nearest known word to a misspelt one.
// SPDX-License-Identifier: BSD-3-Clause
#include <calanque/core/error.hpp>

#include <algorithm>
#include <cctype>

namespace clq {
namespace {

char lower(char c) { return static_cast<char>(std::tolower(static_cast<unsigned char>(c))); }

// Letters left out, added, replaced, and neighbours swapped (optimal string alignment).
size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<size_t> above2, above, row(b.size() + 1);
  for (size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (size_t i = 1; i <= a.size(); ++i) {
    above2 = std::exchange(above, row);
    row[0] = i;
    for (size_t j = 1; j <= b.size(); ++j) {
      const bool same = lower(a[i - 1]) == lower(b[j - 1]);
      row[j] = std::min({above[j] + 1, row[j - 1] + 1, above[j - 1] + (same ? 0 : 1)});
      const bool swapped = i > 1 && j > 1 && lower(a[i - 1]) == lower(b[j - 2]) && lower(a[i - 2]) == lower(b[j - 1]);
      if (swapped) row[j] = std::min(row[j], above2[j - 2] + 1);
    }
  }
  return row.back();
}

}  // namespace

std::string one_line(std::string text) {
  for (size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    const bool ends_control = i > 0 && text[i - 1] == '\xc2' && byte >= 0x80 && byte < 0xa0;  // U+0080 ... U+009F
    if (text[i] == '\n' || text[i] == '\r' || text[i] == '\t')
      text[i] = ' ';
    else if (byte < 0x20 || byte == 0x7f)
      text[i] = '?';
    else if (ends_control)
      text[i] = text[i - 1] = '?';
  }
  return text;
}

std::string did_you_mean(std::string_view word, const std::vector<std::string>& candidates) {
  size_t best = std::max<size_t>(1, word.size() / 3) + 1;
  const std::string* nearest = nullptr;
  for (const std::string& candidate : candidates) {
    const size_t distance = edit_distance(word, candidate);
    if (distance >= best) continue;
    best = distance;
    nearest = &candidate;
  }
  return nearest == nullptr ? "" : fmt::format(", did you mean '{}'?", *nearest);
}

}  // namespace clq
