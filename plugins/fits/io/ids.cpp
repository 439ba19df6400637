// plugins/fits/io/ids.cpp -- the identifiers that a column of a table holds.
// SPDX-License-Identifier: BSD-3-Clause
#include "io/ids.hpp"

#include <algorithm>

#include <calanque/plugin/sdk.hpp>

#include "table/fingerprint.hpp"
#include "table/names.hpp"

namespace clq::fits {

void IdReader::read(int64_t first, int64_t n, uint64_t* out) {
  const Column& column = table_.columns[column_];
  const Convert convert = find_convert(column, column.field.dtype == CLQ_U64 ? CLQ_U64 : CLQ_I64);
  for (int64_t done = 0; done < n;) {
    const int64_t rows = std::min(n - done, rows_.most_rows());
    rows_.load(first + done, rows);
    if (column.field.text) {
      for (int64_t i = 0; i < rows; ++i) {
        const auto* cell = reinterpret_cast<const char*>(rows_.cell(column_, i));
        out[done + i] = table::text_id(table::trim_text({cell, static_cast<size_t>(column.repeat)}));
      }
    } else if (const int64_t good =
                   rows_.convert(column_, convert, rows, reinterpret_cast<std::byte*>(out + done), 8, 1);
               good < rows) {
      sdk::fail(CLQ_E_DATA, table_.place + ", row " + std::to_string(first + done + good + 1) + ": " +
                                column.field.name + " is no id");
    }
    done += rows;
  }
}

size_t find_id_column(const Table& table, const std::string& name) {
  std::vector<table::FieldSpec> specs;
  for (const Column& column : table.columns) specs.push_back(column.field);
  const size_t found = table::find_id(specs, name, table.place);
  if (table.columns[found].is_scaled())
    sdk::fail(CLQ_E_DATA, table.place + ": id column '" + name + "' is scaled by TSCAL or TZERO; an id is an integer");
  return found;
}

}  // namespace clq::fits
