// core/src/data/row_set.hpp -- a set of rows as a bitmap with select: n/7 bytes, whatever was selected.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>
#include <vector>

namespace clq {

class RowSet {
 public:
  static RowSet all(int64_t n);  // stores nothing
  explicit RowSet(int64_t n);    // empty; insert, then freeze
  void insert(int64_t row);
  void freeze();             // builds the rank index
  int64_t size() const;      // rows in the set
  int64_t universe() const;  // rows in the source
  bool contains(int64_t row) const;
  int64_t select(int64_t k) const;  // the k-th row, ascending; O(log)
  int64_t bytes() const;

 private:
  int64_t universe_ = 0, size_ = 0;
  bool all_ = false;
  std::vector<uint64_t> words_;
  std::vector<int64_t> ranks_;  // ones before each block of 512 bits
};

}  // namespace clq
