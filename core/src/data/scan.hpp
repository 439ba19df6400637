// core/src/data/scan.hpp -- a look at every value of a source: counts, gaps, ranges, bad rows.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <atomic>
#include <string>
#include <vector>

#include <calanque/core/data_source.hpp>

namespace clq {

struct ScanOptions {
  uint32_t readers = 1;
  std::vector<double> nulls;             // data.null
  std::string id;                        // data.id; "": repeated ids are not looked for
  std::vector<std::string> used;         // columns a row cannot do without, globs allowed
  std::atomic<int64_t>* done = nullptr;  // rows read so far, for another thread to look at
};

// One column, or one band of a column of images. Counts are of values, `rows_*` of rows.
struct SeriesScan {
  std::string name;               // "MAG_R"; "images[r]", or "images[2]" where the source names no bands
  uint32_t field = 0;             // in the schema
  int64_t offset = 0, count = 1;  // its elements in a sample of the field
  bool is_text = false, is_band = false, is_used = false;
  int64_t values = 0, nan = 0, null = 0, infinite = 0, empty_texts = 0;
  int64_t rows_empty = 0, rows_gappy = 0;  // none is finite; not finite are more than kGappy, but not all
  double minimum = 0, maximum = 0;         // of what is finite and no null
  double median = 0;                       // of `sampled` values, evenly spread over the rows
  int64_t sampled = 0, finite = 0;
};
inline constexpr double kGappy = 0.1;

enum RowProblem : uint32_t {
  kRowMissingFile = 1,  // the source's words have "No such file": all that is wrong with one row has one status
  kRowUnreadable = 2,   // for another reason
  kRowMissingBand = 4,
  kRowGappyBand = 8,
  kRowMissingValue = 16,  // in a used column
  kRowDuplicateId = 32
};
std::string problem_words(uint32_t problems);  // "unreadable", "missing band, duplicate id"

struct BadRow {
  int64_t row = 0;
  uint32_t problems = 0;  // RowProblem
  std::string words;      // what and where
};
inline constexpr int64_t kMostBadRows = 1000000;  // remembered; the counts are of all

struct Extinction {  // of column `band` over column `ebv`
  std::string band, ebv, set;
  double ratio = 0;
  int64_t rows = 0;
};

struct Scan {
  int64_t rows = 0, missing_file = 0, unreadable = 0, missing_band = 0, gappy_band = 0, missing_value = 0;
  int64_t duplicate_ids = 0, duplicate_rows = 0;  // ids that several rows have, and those rows
  bool looked_for_duplicates = false;
  std::vector<SeriesScan> series;
  std::vector<BadRow> bad;             // by row, at most kMostBadRows
  int64_t bad_rows = 0;                // all of them
  std::vector<Extinction> extinction;  // none, or one
};

// Every row once, on `readers` threads; memory does not grow with the rows, but for a bit a row, 16 bytes an id of a
// part, and the bad rows, of which each reader remembers kMostBadRows.
// Throws CLQ_E_DATA where no row can be read.
Scan scan_source(const DataSource& source, const ScanOptions& options);
Json scan_json(const Scan& scan, const DataSource& source);

}  // namespace clq
