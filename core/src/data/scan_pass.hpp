// core/src/data/scan_pass.hpp -- the one pass of a scan over the rows, on several threads.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "data/scan_series.hpp"

namespace clq {

struct ScanPass {
  const DataSource& source;
  const ScanOptions& options;
  BatchLayout layout;
  std::vector<SeriesScan> series;
  std::vector<ScanSample> samples;  // one a series; of a text nothing is drawn
};

struct ScanShare {  // what one thread found
  std::vector<SeriesScan> series;
  std::vector<BadRow> bad;
  int64_t missing_file = 0, unreadable = 0, missing_band = 0, gappy_band = 0, missing_value = 0, bad_rows = 0;
};

// One share a thread; together they have every row. The error of the lowest block is thrown.
std::vector<ScanShare> run_scan(ScanPass& pass);

}  // namespace clq
