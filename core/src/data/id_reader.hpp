// core/src/data/id_reader.hpp -- the values of an id column as 64-bit keys: equal keys, equal ids.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <calanque/core/data_source.hpp>

#include "data/column_reader.hpp"

namespace clq {

class IdReader {  // [one thread]
 public:
  IdReader(const DataSource& source,
           const std::string& column);  // integers or text; CLQ_E_INVALID names what else it is
  // (key, row) of the rows first ... first + n - 1 that can be read.
  const std::vector<std::pair<uint64_t, int64_t>>& read(int64_t first, int64_t n);
  uint64_t key_of(const std::string& id) const;  // of an id as it is written

 private:
  const DataSource& source_;
  std::string column_;
  TensorDesc desc_;
  bool text_;
  BatchLayout layout_;
  std::unique_ptr<ColumnReader> reader_;
  Tensor values_;
  std::vector<std::pair<uint64_t, int64_t>> keys_;
};

// One of so many parts of about the same size, also where the keys are all even, or multiples of something else.
inline uint64_t part_of(uint64_t key, uint64_t parts) {
  return (((key ^ (key >> 32)) * 0x9e3779b97f4a7c15) >> 32) % parts;
}

struct FoundRows {
  int64_t first = -1, count = 0;  // -1: none
};
// The rows whose id this is; column "": the row of that number.
FoundRows find_rows(const DataSource& source, const std::string& column, const std::string& id);

}  // namespace clq
