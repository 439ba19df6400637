// plugins/fits/io/header.hpp -- one header unit, read and checked without cfitsio.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "table/descriptor.hpp"

namespace clq::fits {

constexpr int64_t kRecordBytes = 2880;

class Header {
 public:
  // Reads cards from `offset` to END. `number`: 0 for the primary HDU, as in "cat.fits[0]". Throws CLQ_E_DATA when END
  // is missing.
  Header(const table::Descriptor& bytes, const table::FileIdentity& file, int number, int64_t offset);

  bool has(const std::string& key) const { return values_.count(key) != 0; }
  // Each throws CLQ_E_DATA when the key is missing (without `absent`), given twice differently or of another type.
  int64_t integer(const std::string& key) const;
  int64_t integer(const std::string& key, int64_t absent) const { return has(key) ? integer(key) : absent; }
  double real(const std::string& key, double absent) const;
  std::string text(const std::string& key) const;  // without quotes and trailing blanks; absent: ""
  // Of a card that only informs: printable, without quotes; a number as it stands; given twice: the first.
  std::string note(const std::string& key) const;
  double note_number(const std::string& key) const;  // of such a card; NaN where it holds no finite number
  bool is_true(const std::string& key) const;
  std::vector<int64_t> numbers(const std::string& prefix) const;  // 1, 2 and 4 where there are ZP1, ZP2 and ZP4

  int number() const { return number_; }
  const std::string& place() const { return place_; }  // "cat.fits[1]"
  int64_t data_offset() const { return data_offset_; }
  // Size of the data unit as declared, not padded; throws CLQ_E_DATA when it overflows or exceeds the file.
  int64_t data_bytes(const table::FileIdentity& file) const;

 private:
  void add_card(std::string_view card);
  void keep_last();
  std::string value(const std::string& key) const;

  std::unordered_map<std::string, std::string> values_, twice_;
  std::string last_key_, last_text_;  // the card before, until it is known that no CONTINUE follows
  std::string place_;
  int number_, n_cards_ = 0;
  int64_t data_offset_ = 0;
};

}  // namespace clq::fits
