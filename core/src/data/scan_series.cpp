// core/src/data/scan_series.cpp -- the columns and bands of a source, and what a scan adds up for each.
// SPDX-License-Identifier: BSD-3-Clause
#include "data/scan_series.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "data/glob.hpp"
#include "data/nulls.hpp"

namespace clq {
namespace {

bool is_image(const Field& field) { return field.role == CLQ_ROLE_IMAGE || field.sample.dims.size() >= 2; }

DType scan_dtype(const Field& field) {
  if ((field.flags & CLQ_FIELD_TEXT) != 0) return CLQ_U8;
  return is_image(field) ? CLQ_F32 : CLQ_F64;
}

// The first axis of three; a plane alone is one band.
int64_t bands_of(const Field& field) { return field.sample.dims.size() == 3 ? field.sample.dims[0] : 1; }

std::string band_name(const DataSchema& schema, const Field& field, int64_t band) {
  const Json& metadata = schema.metadata;
  if (field.role == CLQ_ROLE_IMAGE && metadata.is_object() && metadata.contains("images")) {
    const Json bands = metadata["images"].value("bands", Json::array());
    const auto at = static_cast<size_t>(band);
    if (bands.is_array() && at < bands.size() && bands[at].is_string())
      return fmt::format("{}[{}]", field.name, bands[at].get<std::string>());
  }
  return fmt::format("{}[{}]", field.name, band);
}

bool is_prime(int64_t n) {
  for (int64_t d = 2; d * d <= n; ++d)
    if (n % d == 0) return false;
  return true;
}

template <class T>
bool counts(T value, const std::vector<double>& nulls) {
  return std::isfinite(value) && !is_null(static_cast<double>(value), nulls);
}

}  // namespace

BatchLayout scan_layout(const DataSchema& schema) {
  BatchLayout layout;
  for (uint32_t f = 0; f < schema.fields.size(); ++f) {
    const Field& field = schema.fields[f];
    if ((field.flags & CLQ_FIELD_RAGGED) != 0) continue;
    layout.columns.push_back({field.name, f, static_cast<uint32_t>(layout.tensors.size()), 0, field.sample.count()});
    layout.tensors.push_back({field.name, {scan_dtype(field), field.sample.dims}});
  }
  return layout;
}

std::vector<SeriesScan> scan_series(const DataSchema& schema, const std::vector<std::string>& used) {
  std::vector<std::string> names;
  for (const Field& field : schema.fields) names.push_back(field.name);
  const std::vector<size_t> wanted = expand_globs(used, names, "columns");
  std::vector<SeriesScan> all;
  for (uint32_t f = 0; f < schema.fields.size(); ++f) {
    const Field& field = schema.fields[f];
    if ((field.flags & CLQ_FIELD_RAGGED) != 0) continue;
    SeriesScan series;
    series.name = field.name;
    series.field = f;
    series.is_text = (field.flags & CLQ_FIELD_TEXT) != 0;
    series.is_band = !series.is_text && is_image(field);
    series.is_used = std::find(wanted.begin(), wanted.end(), f) != wanted.end();
    const int64_t bands = series.is_band ? bands_of(field) : 1;
    series.count = field.sample.count() / std::max<int64_t>(1, bands);
    for (int64_t b = 0; b < bands; ++b) {
      series.offset = b * series.count;
      if (series.is_band) series.name = band_name(schema, field, b);
      all.push_back(series);
    }
  }
  return all;
}

// A stride that divides the pixels of an image would draw the same ones from each.
ScanSample::ScanSample(int64_t rows, int64_t count, int64_t most) : count_(count) {
  int64_t total = 0;
  CLQ_REQUIRE(!__builtin_mul_overflow(rows, count, &total), "{} rows of {} values are too many", rows, count);
  stride_ = std::max<int64_t>(1, (total + most - 1) / most);
  while (stride_ > 1 && (!is_prime(stride_) || count % stride_ == 0)) ++stride_;
  values_.assign(static_cast<size_t>((total + stride_ - 1) / stride_), std::numeric_limits<double>::quiet_NaN());
}

template <class T>
void ScanSample::take(int64_t row, std::span<const T> values, const std::vector<double>& nulls) {
  const int64_t first = row * count_;
  for (int64_t i = (stride_ - first % stride_) % stride_; i < count_; i += stride_) {
    const T value = values[static_cast<size_t>(i)];
    if (counts(value, nulls)) values_[static_cast<size_t>((first + i) / stride_)] = static_cast<double>(value);
  }
}

std::vector<double> ScanSample::values() const {
  std::vector<double> sorted;
  std::copy_if(values_.begin(), values_.end(), std::back_inserter(sorted), [](double x) { return !std::isnan(x); });
  std::sort(sorted.begin(), sorted.end());
  return sorted;
}

template <class T>
double add_row(SeriesScan& series, std::span<const T> values, const std::vector<double>& nulls) {
  int64_t missing = 0;
  for (const T value : values) {
    if (counts(value, nulls)) {
      const auto number = static_cast<double>(value);
      series.minimum = series.finite == 0 ? number : std::min(series.minimum, number);
      series.maximum = series.finite == 0 ? number : std::max(series.maximum, number);
      ++series.finite;
      continue;
    }
    ++missing;
    if (std::isnan(value))
      ++series.nan;
    else if (std::isinf(value))
      ++series.infinite;
    else
      ++series.null;
  }
  const auto n = static_cast<int64_t>(values.size());
  series.values += n;
  const double share = n == 0 ? 0 : static_cast<double>(missing) / static_cast<double>(n);
  if (n > 0 && missing == n)
    ++series.rows_empty;
  else if (share > kGappy)
    ++series.rows_gappy;
  return share;
}

void add_text(SeriesScan& series, std::span<const uint8_t> text) {
  ++series.values;
  const bool blank = std::all_of(text.begin(), text.end(), [](uint8_t c) { return c == 0 || c == ' '; });
  series.empty_texts += blank;
  series.rows_empty += blank;
}

void merge(SeriesScan& into, const SeriesScan& from) {
  if (from.finite > 0) {
    into.minimum = into.finite == 0 ? from.minimum : std::min(into.minimum, from.minimum);
    into.maximum = into.finite == 0 ? from.maximum : std::max(into.maximum, from.maximum);
  }
  for (int64_t SeriesScan::*count :
       {&SeriesScan::values, &SeriesScan::nan, &SeriesScan::null, &SeriesScan::infinite, &SeriesScan::empty_texts,
        &SeriesScan::rows_empty, &SeriesScan::rows_gappy, &SeriesScan::finite})
    into.*count += from.*count;
}

template void ScanSample::take<float>(int64_t, std::span<const float>, const std::vector<double>&);
template void ScanSample::take<double>(int64_t, std::span<const double>, const std::vector<double>&);
template double add_row<float>(SeriesScan&, std::span<const float>, const std::vector<double>&);
template double add_row<double>(SeriesScan&, std::span<const double>, const std::vector<double>&);

}  // namespace clq
