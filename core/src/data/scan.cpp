// core/src/data/scan.cpp -- counts, gaps, ranges and bad rows of a source, before anything is trained.
// SPDX-License-Identifier: BSD-3-Clause
#include "data/scan.hpp"

#include <algorithm>
#include <cctype>
#include <cmath>

#include "data/id_reader.hpp"
#include "data/scan_pass.hpp"

namespace clq {
namespace {

constexpr int64_t kMostSampled = int64_t{1} << 17;      // of a column
constexpr int64_t kMostBandSampled = int64_t{1} << 18;  // pixels of a band
constexpr int64_t kSampleBudget = int64_t{1} << 23;     // of all of them, 64 MB
constexpr int64_t kIdsAtOnce = int64_t{1} << 24;        // 256 MB
constexpr int64_t kIdChunk = 65536;

double middle_of(const std::vector<double>& sorted) {
  const size_t half = sorted.size() / 2;
  return sorted.size() % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
}

std::vector<ScanSample> make_samples(const std::vector<SeriesScan>& series, int64_t rows) {
  const int64_t fair = kSampleBudget / std::max<int64_t>(1, static_cast<int64_t>(series.size()));
  std::vector<ScanSample> samples;
  for (const SeriesScan& s : series)
    samples.emplace_back(rows, s.is_text ? 0 : s.count,
                         std::clamp<int64_t>(fair, 256, s.is_band ? kMostBandSampled : kMostSampled));
  return samples;
}

void add_share(Scan& scan, ScanShare& share) {
  for (size_t s = 0; s < scan.series.size(); ++s) merge(scan.series[s], share.series[s]);
  scan.missing_file += share.missing_file;
  scan.unreadable += share.unreadable;
  scan.missing_band += share.missing_band;
  scan.gappy_band += share.gappy_band;
  scan.missing_value += share.missing_value;
  scan.bad_rows += share.bad_rows;
  std::move(share.bad.begin(), share.bad.end(), std::back_inserter(scan.bad));
}

void keep_first(std::vector<BadRow>& bad) {
  if (static_cast<int64_t>(bad.size()) > kMostBadRows) bad.resize(kMostBadRows);
}

// The duplicates with the lowest rows, as many as there can be bad rows.
class LowestRows {
 public:
  void add(int64_t row, int64_t times) {
    if (static_cast<int64_t>(rows_.size()) == kMostBadRows) {
      if (row > rows_.front().first) return;
      std::pop_heap(rows_.begin(), rows_.end());
      rows_.pop_back();
    }
    rows_.emplace_back(row, times);
    std::push_heap(rows_.begin(), rows_.end());
  }
  const std::vector<std::pair<int64_t, int64_t>>& sort() {
    std::sort_heap(rows_.begin(), rows_.end());
    return rows_;
  }

 private:
  std::vector<std::pair<int64_t, int64_t>> rows_;  // a heap: row, how many have its id
};

// `sorted`: how many of the bad rows are in order; those with nothing but this come behind them.
void add_duplicate(Scan& scan, size_t sorted, int64_t row, int64_t times) {
  const std::string words = fmt::format("its id is in {} rows", times);
  const auto end = scan.bad.begin() + static_cast<std::ptrdiff_t>(sorted);
  const auto at =
      std::lower_bound(scan.bad.begin(), end, row, [](const BadRow& bad, int64_t wanted) { return bad.row < wanted; });
  if (at == end || at->row != row) return scan.bad.push_back({row, kRowDuplicateId, words});
  at->problems |= kRowDuplicateId;
  at->words += "; " + words;
}

// In parts, so that their number bounds the memory; the ids are read once a part.
void find_duplicates(Scan& scan, const DataSource& source, const std::string& id, const BadRowBits& bad) {
  IdReader reader(source, id);
  const auto parts = static_cast<uint64_t>(scan.rows / kIdsAtOnce + 1);
  LowestRows lowest;
  std::vector<std::pair<uint64_t, int64_t>> ids;
  ids.reserve(static_cast<size_t>(std::min(scan.rows, kIdsAtOnce + kIdsAtOnce / 8)));
  for (uint64_t part = 0; part < parts; ++part) {
    ids.clear();
    for (int64_t first = 0; first < scan.rows; first += kIdChunk)
      for (const auto& [key, row] : reader.read(first, std::min(kIdChunk, scan.rows - first)))
        if (part_of(key, parts) == part) ids.emplace_back(key, row);
    std::sort(ids.begin(), ids.end());
    for (size_t begin = 0, end = 0; begin < ids.size(); begin = end) {
      while (end < ids.size() && ids[end].first == ids[begin].first) ++end;
      if (end - begin < 2) continue;
      ++scan.duplicate_ids;
      scan.duplicate_rows += static_cast<int64_t>(end - begin);
      for (size_t i = begin; i < end; ++i) {
        scan.bad_rows += bad.has(ids[i].second) ? 0 : 1;
        lowest.add(ids[i].second, static_cast<int64_t>(end - begin));
      }
    }
  }
  const size_t sorted = scan.bad.size();
  for (const auto& [row, times] : lowest.sort()) add_duplicate(scan, sorted, row, times);
  std::inplace_merge(scan.bad.begin(), scan.bad.begin() + static_cast<std::ptrdiff_t>(sorted), scan.bad.end(),
                     [](const BadRow& a, const BadRow& b) { return a.row < b.row; });
}

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) { return std::tolower(c); });
  return text;
}

int64_t find_series(const Scan& scan, const std::vector<std::string>& names) {
  for (size_t s = 0; s < scan.series.size(); ++s)
    if (!scan.series[s].is_text && scan.series[s].count == 1 &&
        std::find(names.begin(), names.end(), lower(scan.series[s].name)) != names.end())
      return static_cast<int64_t>(s);
  return -1;
}

// A_r over E(B-V) of the SFD map: 2.285 (Schlafly & Finkbeiner 2011) or 2.751 (Schlegel, Finkbeiner & Davis 1998).
std::string dust_set(double ratio) {
  constexpr double kNear = 0.02;
  if (std::abs(ratio / 2.285 - 1) < kNear)
    return "Schlafly & Finkbeiner 2011 (2.285): made for E(B-V) of the SFD map as it is";
  if (std::abs(ratio / 2.751 - 1) < kNear)
    return "Schlegel, Finkbeiner & Davis 1998 (2.751), 20 % more than those of 2011";
  return "neither 2.285 (Schlafly & Finkbeiner 2011) nor 2.751 (Schlegel, Finkbeiner & Davis 1998)";
}

void check_extinction(Scan& scan, const std::vector<ScanSample>& samples) {
  constexpr double kLeastDust = 1e-3;  // below it a ratio is rounding
  const int64_t band = find_series(scan, {"extinction_r"}), ebv = find_series(scan, {"ebv", "e_bv", "ebmv", "sfd_ebv"});
  if (band < 0 || ebv < 0) return;
  const ScanSample &above = samples[static_cast<size_t>(band)], &below = samples[static_cast<size_t>(ebv)];
  std::vector<double> ratios;
  for (size_t i = 0; i < std::min(above.size(), below.size()); ++i)
    if (below.at(i) >= kLeastDust && std::isfinite(above.at(i))) ratios.push_back(above.at(i) / below.at(i));
  if (ratios.empty()) return;
  std::sort(ratios.begin(), ratios.end());
  const double ratio = middle_of(ratios);
  scan.extinction.push_back({scan.series[static_cast<size_t>(band)].name, scan.series[static_cast<size_t>(ebv)].name,
                             dust_set(ratio), ratio, static_cast<int64_t>(ratios.size())});
}

}  // namespace

std::string problem_words(uint32_t problems) {
  constexpr std::pair<RowProblem, const char*> kWords[] = {
      {kRowMissingFile, "missing file"}, {kRowUnreadable, "unreadable"},      {kRowMissingBand, "missing band"},
      {kRowGappyBand, "missing pixels"}, {kRowMissingValue, "missing value"}, {kRowDuplicateId, "repeated id"}};
  std::string words;
  for (const auto& [problem, word] : kWords)
    if ((problems & problem) != 0) words += (words.empty() ? "" : ", ") + std::string(word);
  return words;
}

Scan scan_source(const DataSource& source, const ScanOptions& options) {
  Scan scan;
  scan.rows = source.schema().n_samples;
  if (scan.rows == 0) fail(CLQ_E_DATA, "{}: has no rows", source.uri());
  scan.series = scan_series(source.schema(), options.used);
  ScanPass pass{source, options, scan_layout(source.schema()), scan.series, make_samples(scan.series, scan.rows),
                BadRowBits(scan.rows)};
  for (ScanShare& share : run_scan(pass)) add_share(scan, share);
  std::sort(scan.bad.begin(), scan.bad.end(), [](const BadRow& a, const BadRow& b) { return a.row < b.row; });
  if (scan.missing_file + scan.unreadable == scan.rows)
    fail(CLQ_E_DATA, "none of the {} rows can be read; the first: {}", scan.rows, scan.bad.at(0).words);
  keep_first(scan.bad);
  for (size_t s = 0; s < scan.series.size(); ++s) {
    const std::vector<double> values = pass.samples[s].values();
    scan.series[s].sampled = static_cast<int64_t>(values.size());
    if (!values.empty()) scan.series[s].median = middle_of(values);
  }
  check_extinction(scan, pass.samples);
  scan.looked_for_duplicates = !options.id.empty();
  if (!scan.looked_for_duplicates) return scan;
  find_duplicates(scan, source, options.id, pass.bad);
  keep_first(scan.bad);
  return scan;
}

}  // namespace clq
