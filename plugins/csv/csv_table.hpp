// plugins/csv/csv_table.hpp -- a text table, indexed in one streaming pass.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <vector>

#include "table/fields.hpp"
#include "table/file_identity.hpp"

namespace clq::csv {

struct CsvTable {
  table::FileIdentity file;
  char delimiter = ',';
  std::vector<table::FieldSpec> columns;
  std::vector<bool> logical;          // by column: True and False are numbers
  std::vector<std::string> id_flaws;  // by column: why its cells cannot be ids, with the line; "" where they can
  // Where each row begins, and where the last ends: 8 bytes a row, the only memory that grows with the file. A deque,
  // for a vector holds three times that while it grows.
  std::deque<uint64_t> offsets;
  int64_t first_line = 0;  // the line of row 0
  bool regular = true;     // row i is line first_line + i
  std::vector<std::string> notes;

  int64_t rows() const { return static_cast<int64_t>(offsets.size()) - 1; }
  std::string locate(int64_t row) const;  // "cat.csv, row 12 (line 13)", rows counted from 1
};

// Reads the header (ECSV 0.9 and 1.0, or a line of names) and passes once over the rows. Throws CLQ_E_NOT_FOUND or
// CLQ_E_DATA with file and line.
CsvTable open_csv(const std::string& name);

}  // namespace clq::csv
