// plugins/csv/table/fingerprint.hpp -- hashes: of a table's names, sizes, rows and layout, and of text ids.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace clq::table {

// Collects facts as length-prefixed texts, so that no two lists of facts run together.
class Fingerprint {
 public:
  Fingerprint& add(std::string_view text);
  Fingerprint& add(int64_t number);
  Fingerprint& add_real(double number);
  void finish(uint8_t* out32) const;  // two XXH3-128 with different seeds, big-endian

 private:
  std::string facts_;
};

uint64_t text_id(std::string_view text);  // XXH3-64

// A text id without its padding: up to the first NUL, trailing blanks removed.
std::string_view trim_text(std::string_view cell);

}  // namespace clq::table
