// core/src/data/statistics.cpp -- moments, range and quantiles of the inputs over a row set, by streaming.
// SPDX-License-Identifier: BSD-3-Clause
#include "data/statistics.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "data/row_blocks.hpp"
#include "data/sampler.hpp"

namespace clq {
namespace {

struct BlockStatistics {
  std::vector<ColumnStatistics> columns;
  std::vector<int64_t> refused;  // rows an input made unusable
};

uint32_t scalars_of(const BatchLayout& layout) { return static_cast<uint32_t>(layout.tensor("scalars")); }

void add_rows(BlockStatistics& statistics, const RowBlock& block, const RowRule& rule) {
  const auto width = static_cast<size_t>(block.width);
  statistics.columns.assign(width, {});
  statistics.refused.assign(width, 0);
  for (int64_t i = 0; i < block.rows(); ++i) {
    if (block.unreadable[static_cast<size_t>(i)] != 0) continue;
    float* row = block.values.data() + i * block.width;
    const int64_t at_fault = rule(row);
    if (at_fault >= 0) {
      ++statistics.refused[static_cast<size_t>(at_fault)];
      continue;
    }
    for (size_t c = 0; c < width; ++c) add(statistics.columns[c], static_cast<double>(row[c]));
  }
}

BlockStatistics moments(const DataSource& source, const BatchLayout& layout, const RowSet& rows, uint32_t readers,
                        size_t width, const RowRule& rule, FirstUnreadable& unreadable) {
  BlockStatistics total{std::vector<ColumnStatistics>(width), std::vector<int64_t>(width)};
  std::vector<BlockStatistics> run(static_cast<size_t>(kBlocksInFlight));
  const auto entry = [&run](int64_t block) -> BlockStatistics& {
    return run[static_cast<size_t>(block % kBlocksInFlight)];
  };
  for_each_block(
      source, layout, scalars_of(layout), readers, rows.size(), kStatisticsBlock,
      [&](int64_t i) { return rows.select(i); },
      [&](const RowBlock& block) {
        unreadable.keep(block);
        add_rows(entry(block.index), block, rule);
      },
      [&](int64_t first, int64_t end) {
        for (int64_t b = first; b < end; ++b)
          for (size_t c = 0; c < width; ++c) {
            merge(total.columns[c], entry(b).columns[c]);
            total.refused[c] += entry(b).refused[c];
          }
      });
  return total;
}

// Which rows the quantiles are of: all, or the first ones of epoch 0 of the shuffle with seed 0, ascending.
std::vector<int64_t> quantile_rows(const RowSet& rows) {
  const int64_t n = rows.size(), count = std::min(n, kQuantileRows);
  std::vector<int64_t> picked(static_cast<size_t>(count));
  for (int64_t p = 0; p < count; ++p) picked[static_cast<size_t>(p)] = n <= kQuantileRows ? p : order_at(0, 0, n, p);
  std::sort(picked.begin(), picked.end());
  for (int64_t& row : picked) row = rows.select(row);
  return picked;
}

void add_quantiles(ColumnStatistics& column, std::span<const float> values) {
  std::vector<float> sorted;
  for (const float value : values)
    if (!std::isnan(value)) sorted.push_back(value);
  std::sort(sorted.begin(), sorted.end());
  column.q001 = quantile(sorted, 0.001);
  column.median = quantile(sorted, 0.5);
  column.q999 = quantile(sorted, 0.999);
}

void quantiles(const DataSource& source, const BatchLayout& layout, const RowSet& rows, uint32_t readers,
               std::vector<ColumnStatistics>& columns, const RowRule& rule) {
  const std::vector<int64_t> picked = quantile_rows(rows);
  const size_t n = picked.size();
  std::vector<float> values(n * columns.size(), std::numeric_limits<float>::quiet_NaN());  // column by column
  const auto use = [&](const RowBlock& block) {
    for (int64_t i = 0; i < block.rows(); ++i) {
      float* row = block.values.data() + i * block.width;
      if (block.unreadable[static_cast<size_t>(i)] != 0 || rule(row) >= 0) continue;
      for (size_t c = 0; c < columns.size(); ++c) values[c * n + static_cast<size_t>(block.first + i)] = row[c];
    }
  };
  for_each_block(
      source, layout, scalars_of(layout), readers, static_cast<int64_t>(n), kStatisticsBlock,
      [&](int64_t i) { return picked[static_cast<size_t>(i)]; }, use, [](int64_t, int64_t) {});
  for (size_t c = 0; c < columns.size(); ++c) add_quantiles(columns[c], {values.data() + c * n, n});
}

}  // namespace

void add(ColumnStatistics& statistics, double value) noexcept {
  statistics.minimum = statistics.count == 0 ? value : std::min(statistics.minimum, value);
  statistics.maximum = statistics.count == 0 ? value : std::max(statistics.maximum, value);
  ++statistics.count;
  const double delta = value - statistics.mean;
  statistics.mean += delta / static_cast<double>(statistics.count);
  statistics.m2 += delta * (value - statistics.mean);
}

void merge(ColumnStatistics& into, const ColumnStatistics& from) noexcept {
  if (from.count == 0) return;
  if (into.count == 0) {
    into = from;
    return;
  }
  const auto a = static_cast<double>(into.count), b = static_cast<double>(from.count);
  const double delta = from.mean - into.mean;
  into.mean += delta * (b / (a + b));
  into.m2 += from.m2 + delta * delta * (a * b / (a + b));
  into.count += from.count;
  into.minimum = std::min(into.minimum, from.minimum);
  into.maximum = std::max(into.maximum, from.maximum);
}

double quantile(const std::vector<float>& sorted, double fraction) noexcept {
  if (sorted.empty()) return std::numeric_limits<double>::quiet_NaN();
  const double place = fraction * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<size_t>(place);
  const size_t above = std::min(below + 1, sorted.size() - 1);
  const double low = static_cast<double>(sorted[below]), high = static_cast<double>(sorted[above]);
  return low + (high - low) * (place - static_cast<double>(below));
}

Json statistics_json(const std::string& name, const ColumnStatistics& s) {
  return {{"name", name},         {"count", s.count}, {"mean", s.mean},     {"m2", s.m2},    {"minimum", s.minimum},
          {"maximum", s.maximum}, {"q001", s.q001},   {"median", s.median}, {"q999", s.q999}};
}

ColumnStatistics statistics_from(const Config& json) {
  ColumnStatistics s;
  s.count = json.require<int64_t>("count");
  s.mean = json.require<double>("mean");
  s.m2 = json.require<double>("m2");
  s.minimum = json.require<double>("minimum");
  s.maximum = json.require<double>("maximum");
  s.q001 = json.require<double>("q001");
  s.median = json.require<double>("median");
  s.q999 = json.require<double>("q999");
  return s;
}

std::vector<ColumnStatistics> collect_statistics(const DataSource& source, const BatchLayout& layout,
                                                 const RowSet& rows, uint32_t readers,
                                                 const std::vector<std::string>& names, const RowRule& rule) {
  FirstUnreadable unreadable;
  BlockStatistics total = moments(source, layout, rows, readers, names.size(), rule, unreadable);
  if (total.columns.at(0).count == 0) {
    const auto most =
        static_cast<size_t>(std::max_element(total.refused.begin(), total.refused.end()) - total.refused.begin());
    if (total.refused[most] == 0) unreadable.fail_none(rows.size());
    fail(CLQ_E_DATA, "no training row has every input: {} is missing or not finite in {} of {} rows", names[most],
         total.refused[most], rows.size());
  }
  quantiles(source, layout, rows, readers, total.columns, rule);
  return total.columns;
}

}  // namespace clq
