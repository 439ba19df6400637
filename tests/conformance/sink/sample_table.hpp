// tests/conformance/sink/sample_table.hpp -- a table to write: each value a function of seed, column and row.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include <calanque/plugin/data_sink.h>

namespace clq::conformance {

struct SampleColumn {
  std::string name, unit, axes;
  uint32_t role = CLQ_ROLE_OTHER, flags = 0;
  int32_t dtype = CLQ_F32;
  std::vector<int64_t> dims = {};
};

// An id, a scalar of each dtype, a text, vectors and an image.
std::vector<SampleColumn> every_column();

clq_field to_field(const SampleColumn& column);  // points into it

// Integers have every bit; floats have NaN, infinities, -0 and the largest and smallest numbers among them.
class SampleTable {
 public:
  SampleTable(std::vector<SampleColumn> columns, int64_t rows, uint64_t seed);
  SampleTable(const SampleTable&) = delete;
  SampleTable& operator=(const SampleTable&) = delete;

  const std::vector<clq_field>& fields() const { return fields_; }
  int64_t rows() const { return rows_; }
  int64_t width(size_t column) const { return widths_[column]; }  // bytes of a sample
  const std::byte* at(size_t column, int64_t row) const { return data_[column].data() + row * widths_[column]; }
  std::vector<clq_slot> slots(int64_t first, uint32_t n) const;  // of these rows, for a sink

 private:
  void make_column(size_t c, uint64_t seed);

  std::vector<SampleColumn> columns_;
  std::vector<clq_field> fields_;
  int64_t rows_;
  std::vector<int64_t> widths_;
  std::vector<std::vector<std::byte>> data_;
};

// The same bits, or both not a number.
bool same_values(int32_t dtype, const std::byte* a, const std::byte* b, int64_t bytes);

}  // namespace clq::conformance
