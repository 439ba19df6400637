// core/src/data/scan_series.hpp -- the columns and bands of a source, and what a scan adds up for each.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <span>
#include <vector>

#include "data/batch_layout.hpp"
#include "data/scan.hpp"

namespace clq {

// Every field that has one shape, each a tensor of its own: F32 where it is an image, F64 where it is a number, U8
// where it is a text.
BatchLayout scan_layout(const DataSchema& schema);
std::vector<SeriesScan> scan_series(const DataSchema& schema, const std::vector<std::string>& used);

// Values of a series drawn evenly from all rows: element i of row r is one where r * count + i is a multiple of a
// prime. Which ones does not depend on who reads them. Threads write to different places of one of these.
class ScanSample {
 public:
  ScanSample(int64_t rows, int64_t count, int64_t most);
  template <class T>
  void take(int64_t row, std::span<const T> values, const std::vector<double>& nulls);
  std::vector<double> values() const;  // those that are finite and no null, ascending
  double at(size_t i) const { return values_[i]; }
  size_t size() const { return values_.size(); }

 private:
  int64_t count_, stride_;
  std::vector<double> values_;  // NaN: not read, or no number
};

// Adds one row's values; the share of them that are not finite or null.
template <class T>
double add_row(SeriesScan& series, std::span<const T> values, const std::vector<double>& nulls);
void add_text(SeriesScan& series, std::span<const uint8_t> text);
void merge(SeriesScan& into, const SeriesScan& from);

extern template void ScanSample::take<float>(int64_t, std::span<const float>, const std::vector<double>&);
extern template void ScanSample::take<double>(int64_t, std::span<const double>, const std::vector<double>&);
extern template double add_row<float>(SeriesScan&, std::span<const float>, const std::vector<double>&);
extern template double add_row<double>(SeriesScan&, std::span<const double>, const std::vector<double>&);

}  // namespace clq
