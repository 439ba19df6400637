// core/src/data/scan_pass.hpp -- the one pass of a scan over the rows, on several threads.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <atomic>

#include "data/scan_series.hpp"

namespace clq {

class BadRowBits {  // which rows are bad, of all of them; threads set it
 public:
  explicit BadRowBits(int64_t rows) : words_(static_cast<size_t>(rows / 64 + 1)) {}
  void set(int64_t row) { word(row).fetch_or(bit(row), std::memory_order_relaxed); }
  bool has(int64_t row) const { return (words_[static_cast<size_t>(row / 64)].load() & bit(row)) != 0; }

 private:
  static uint64_t bit(int64_t row) { return uint64_t{1} << (row % 64); }
  std::atomic<uint64_t>& word(int64_t row) { return words_[static_cast<size_t>(row / 64)]; }
  std::vector<std::atomic<uint64_t>> words_;
};

struct ScanPass {
  const DataSource& source;
  const ScanOptions& options;
  BatchLayout layout;
  std::vector<SeriesScan> series;
  std::vector<ScanSample> samples;  // one a series; of a text nothing is drawn
  BadRowBits bad;
};

struct ScanShare {  // what one thread found
  std::vector<SeriesScan> series;
  std::vector<BadRow> bad;  // by row, its first kMostBadRows
  int64_t missing_file = 0, unreadable = 0, missing_band = 0, gappy_band = 0, missing_value = 0, bad_rows = 0;
};

// One share a thread; together they have every row. The error of the lowest block is thrown.
std::vector<ScanShare> run_scan(ScanPass& pass);

}  // namespace clq
