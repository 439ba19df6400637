// core/src/data/selection.cpp -- the rows of `where` and of a split, each by one streaming pass.
// SPDX-License-Identifier: BSD-3-Clause
#include "data/selection.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <numeric>

#include <xxhash.h>

#include "config/expression.hpp"
#include "data/column_reader.hpp"
#include "data/nulls.hpp"

namespace clq {
namespace {

constexpr int64_t kWhereRows = 4096;
constexpr int64_t kIdRows = 65536;

// The columns of an expression as tensors of their own, one F64 a row.
BatchLayout where_layout(const DataSource& source, const std::vector<std::string>& names) {
  BatchLayout layout;
  for (const std::string& name : names) {
    const uint32_t f = source.schema().require(name, "where");
    const Field& field = source.schema().fields[f];
    CLQ_REQUIRE((field.flags & CLQ_FIELD_TEXT) == 0, "where: {} is a text column, not numbers", name);
    CLQ_REQUIRE(field.sample.count() == 1, "where: {} has shape {}, one number is needed", name,
                to_string(field.sample.dims));
    layout.columns.push_back({name, f, static_cast<uint32_t>(layout.tensors.size()), 0, 1});
    layout.tensors.push_back({name, {CLQ_F64, {}}});
  }
  return layout;
}

class WherePass {
 public:
  WherePass(const DataSource& source, const std::string& where, const std::vector<double>& nulls)
      : expression_(Expression::parse(where, "where")),
        layout_(where_layout(source, expression_.names())),
        nulls_(nulls),
        columns_(layout_.tensors.size(), std::vector<double>(kWhereRows)),
        chosen_(kWhereRows) {
    std::vector<uint32_t> tensors(layout_.tensors.size());
    std::iota(tensors.begin(), tensors.end(), 0u);
    if (!tensors.empty()) reader_ = std::make_unique<ColumnReader>(source, layout_, tensors, 0, 1, nullptr);
    for (std::vector<double>& column : columns_) {
      data_.push_back(reinterpret_cast<std::byte*>(column.data()));
      values_.push_back(column.data());
    }
  }

  void insert_rows(RowSet& set, int64_t first, int64_t n) {
    samples_.resize(static_cast<size_t>(n));
    std::iota(samples_.begin(), samples_.end(), first);
    unreadable_.assign(static_cast<size_t>(n), 0);
    ReadFault fault;
    if (reader_) reader_->read(data_, samples_, unreadable_, fault);
    const auto is_missing = [this](double value) { return is_null(value, nulls_); };
    for (std::vector<double>& column : columns_)
      std::replace_if(column.begin(), column.begin() + n, is_missing, std::nan(""));
    expression_.evaluate(values_, n, chosen_.data());
    for (int64_t i = 0; i < n; ++i) {
      const double value = chosen_[static_cast<size_t>(i)];
      if (unreadable_[static_cast<size_t>(i)] != 0 || (value != 0 && !std::isnan(value))) set.insert(first + i);
    }
  }

 private:
  Expression expression_;
  BatchLayout layout_;
  std::vector<double> nulls_;
  std::vector<std::vector<double>> columns_;
  std::vector<double> chosen_;
  std::unique_ptr<ColumnReader> reader_;
  std::vector<std::byte*> data_;
  std::vector<const double*> values_;
  std::vector<int64_t> samples_;
  std::vector<uint8_t> unreadable_;
};

// [0, 1) from the top 53 bits of XXH3-64 with the split's seed of the id's 8 little-endian bytes.
double place_of(uint64_t id, uint64_t seed) {
  static_assert(std::endian::native == std::endian::little);
  return static_cast<double>(XXH3_64bits_withSeed(&id, sizeof(id), seed) >> 11) * 0x1p-53;
}

struct SplitKeys {
  double test, valid;
  uint64_t seed;
};

SplitKeys split_keys(const Config& split) {
  const auto by = split.get("by", std::string("id"));
  CLQ_REQUIRE(by == "id", "split.by: '{}' is not offered, only \"id\" is", by);
  SplitKeys keys{split.get("test", 0.0), split.get("valid", 0.0), static_cast<uint64_t>(split.get("seed", int64_t{1}))};
  CLQ_REQUIRE(keys.test >= 0 && keys.test <= 1, "split.test must be 0..1, got {}", keys.test);
  CLQ_REQUIRE(keys.valid >= 0 && keys.valid <= 1, "split.valid must be 0..1, got {}", keys.valid);
  CLQ_REQUIRE(keys.test + keys.valid < 1, "split.test + split.valid is {}, nothing is left to train on",
              keys.test + keys.valid);
  split.reject_unknown();
  return keys;
}

void require_rows(const SplitRows& parts, const SplitKeys& keys) {
  const bool empty = parts.train.size() == 0 || (keys.valid > 0 && parts.valid.size() == 0) ||
                     (keys.test > 0 && parts.test.size() == 0);
  if (empty)
    fail(CLQ_E_DATA,
         "split: {} rows to train, {} to validate (split.valid = {}), {} to test (split.test = {}): a part is empty",
         parts.train.size(), parts.valid.size(), keys.valid, parts.test.size(), keys.test);
}

}  // namespace

RowSet select_where(const DataSource& source, const std::string& where, const std::vector<double>& nulls) {
  const int64_t n = source.schema().n_samples;
  if (where.empty()) return RowSet::all(n);
  WherePass pass(source, where, nulls);
  RowSet set(n);
  for (int64_t first = 0; first < n; first += kWhereRows) pass.insert_rows(set, first, std::min(kWhereRows, n - first));
  set.freeze();
  return set;
}

SplitRows split_rows(const DataSource& source, const RowSet& selected, const Config& split) {
  const SplitKeys keys = split_keys(split);
  const int64_t n = source.schema().n_samples;
  SplitRows parts{RowSet(n), RowSet(n), RowSet(n)};
  for (int64_t first = 0; first < n; first += kIdRows) {
    const std::vector<uint64_t> ids = source.ids(first, std::min(kIdRows, n - first));
    for (size_t i = 0; i < ids.size(); ++i) {
      const int64_t row = first + static_cast<int64_t>(i);
      if (!selected.contains(row)) continue;
      const double place = place_of(ids[i], keys.seed);
      RowSet& part = place < keys.test ? parts.test : place < keys.test + keys.valid ? parts.valid : parts.train;
      part.insert(row);
    }
  }
  for (RowSet* part : {&parts.train, &parts.valid, &parts.test}) part->freeze();
  require_rows(parts, keys);
  return parts;
}

}  // namespace clq
