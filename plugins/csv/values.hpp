// plugins/csv/values.hpp -- the text of a field as a value, and what its column can be.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace clq::csv {

// Empty, or nan in any case of letters.
bool is_null(std::string_view text);

// Writes a number as `dtype`; null fills a float with NaN. False when it is no number or does not fit. Whatever the
// locale: a decimal point, no thousands.
bool store_number(std::string_view text, int32_t dtype, std::byte* dst);

bool is_number(std::string_view text);  // that a double can hold, and no null

// True/False as 1 and 0, else as store_number.
bool store_logical(std::string_view text, int32_t dtype, std::byte* dst);

// Copies into `width` bytes and fills up with NUL; false when it is longer.
bool store_text(std::string_view text, int64_t width, std::byte* dst);

// What all fields of a column have in common.
class ColumnGuess {
 public:
  // Throws nothing; `line` is kept for the first text among numbers, gap and number that is no integer.
  void add(std::string_view text, int64_t line);

  bool is_text() const { return !numeric_; }
  int32_t dtype() const;                                             // I64, U64 or F64; text: U8
  bool fits_f64() const { return !beyond_i64_ && !beyond_double_; }  // F64 changes none of its integers
  int64_t width() const { return width_ > 0 ? width_ : 1; }
  // "" unless numbers came before the first text: then that text and its line.
  const std::string& surprise() const { return surprise_; }
  int64_t gap() const { return gap_; }                        // line of the first cell without a value; 0: none
  int64_t fraction() const { return fraction_; }              // of the first number that is no integer; 0: none
  const std::string& fraction_text() const { return text_; }  // that number as it stands

 private:
  bool numeric_ = true, integer_ = true, any_ = false;
  bool negative_ = false, beyond_i64_ = false, beyond_double_ = false;
  int64_t width_ = 0, gap_ = 0, fraction_ = 0;
  std::string surprise_, text_;
};

}  // namespace clq::csv
