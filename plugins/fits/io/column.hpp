// plugins/fits/io/column.hpp -- a column of a binary table as its header describes it.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "io/header.hpp"
#include "table/fields.hpp"

namespace clq::fits {

struct Column {
  table::FieldSpec field;
  char code = 0;           // the letter of TFORM: L X B I J K A E D are read
  int64_t first_byte = 0;  // in its row
  int64_t bytes = 0;
  int64_t repeat = 0;
  double scale = 1, zero = 0;
  std::optional<int64_t> null;  // the stored integer that stands for no value
  std::string skipped;          // why it cannot be a field; "" when it can

  // Stored as a signed integer of which TZERO makes the unsigned one (for bytes: the other way round).
  bool is_flipped() const;
  bool is_scaled() const { return !is_flipped() && (scale != 1 || zero != 0); }
};

int32_t native_dtype(const Column& column);  // holds every value: F64 for what is scaled

// All columns in file order; throws CLQ_E_DATA, naming the HDU and the keyword, for a layout that cannot be right.
std::vector<Column> parse_columns(const Header& header);

}  // namespace clq::fits
