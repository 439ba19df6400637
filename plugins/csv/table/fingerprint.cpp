// plugins/csv/table/fingerprint.cpp -- hashes: of a table's names, sizes, rows and layout, and of text ids.
// SPDX-License-Identifier: BSD-3-Clause
#include "table/fingerprint.hpp"

#include <charconv>
#include <cstring>

#include <xxhash.h>

namespace clq::table {

Fingerprint& Fingerprint::add(std::string_view text) {
  facts_ += std::to_string(text.size()) + ":";
  facts_ += text;
  return *this;
}

Fingerprint& Fingerprint::add(int64_t number) { return add(std::to_string(number)); }

Fingerprint& Fingerprint::add_real(double number) {
  char text[32];
  const auto [end, error] = std::to_chars(text, text + sizeof text, number);
  return add(std::string_view(text, static_cast<size_t>(end - text)));
}

void Fingerprint::finish(uint8_t* out32) const {
  for (uint64_t seed = 0; seed < 2; ++seed) {
    XXH128_canonical_t bytes;
    XXH128_canonicalFromHash(&bytes, XXH3_128bits_withSeed(facts_.data(), facts_.size(), seed));
    std::memcpy(out32 + 16 * seed, bytes.digest, 16);
  }
}

uint64_t text_id(std::string_view text) { return XXH3_64bits(text.data(), text.size()); }

std::string_view trim_text(std::string_view cell) {
  cell = cell.substr(0, cell.find('\0'));
  const size_t last = cell.find_last_not_of(' ');
  return cell.substr(0, last == std::string_view::npos ? 0 : last + 1);
}

}  // namespace clq::table
