// plugins/csv/table/written_rows.hpp -- which rows of a sink hold values.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>
#include <map>
#include <string>

namespace clq::table {

// Row ranges in any order, each row once. Neighbouring ranges are kept as one.
class WrittenRows {
 public:
  // Throws sdk::Error(CLQ_E_INVALID) naming the file and the first of rows [first, first + n) that is there already.
  void check_new(int64_t first, int64_t n, const std::string& file) const;
  void add(int64_t first, int64_t n);  // after check_new
  // Throws sdk::Error(CLQ_E_INVALID) naming the file and the first row missing unless [0, n_rows) is there.
  void check_all(int64_t n_rows, const std::string& file) const;

 private:
  std::map<int64_t, int64_t> end_of_;  // by first row
};

}  // namespace clq::table
