// plugins/fits/io/ids.hpp -- the identifiers that a column of a table holds.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>
#include <string>

#include "io/row_reader.hpp"
#include "io/table.hpp"

namespace clq::fits {

// Integer bits, or XXH3-64 of a text. [one thread per reader]
class IdReader {
 public:
  // `column` indexes table.columns, and holds integers or texts; the table must outlive the reader.
  IdReader(const Table& table, size_t column) : table_(table), column_(column), rows_(table, {column}) {}

  // Throws CLQ_E_DATA, naming the row, for what is no id.
  void read(int64_t first, int64_t n, uint64_t* out);

 private:
  const Table& table_;
  size_t column_;
  RowReader rows_;
};

// The column `name` as ids; throws CLQ_E_NOT_FOUND or CLQ_E_DATA, naming the place, when there are none.
size_t find_id_column(const Table& table, const std::string& name);

}  // namespace clq::fits
