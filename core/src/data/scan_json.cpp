// core/src/data/scan_json.cpp -- a scan as JSON (docs/data.md).
// SPDX-License-Identifier: BSD-3-Clause
#include "data/scan.hpp"

#include <algorithm>
#include <cmath>

namespace clq {
namespace {

constexpr double kExact = 0x1p53;  // integers up to it are themselves as double

Json value_json(double value, const Field& field) {
  if (is_float(field.sample.dtype) || std::abs(value) >= kExact || value != std::floor(value)) return value;
  return static_cast<int64_t>(value);
}

Json series_json(const SeriesScan& series, const Field& field) {
  Json json = {{"name", series.name},
               {"dtype", series.is_text ? "text" : dtype_name(field.sample.dtype)},
               {"shape", field.sample.dims},
               {"unit", field.unit},
               {"values", series.values}};
  if (series.is_band) json["shape"] = Shape(field.sample.dims.end() - 2, field.sample.dims.end());
  if (series.is_text) {
    json["empty"] = series.empty_texts;
    return json;
  }
  json["nan"] = series.nan;
  json["null"] = series.null;
  json["infinite"] = series.infinite;
  json["rows_empty"] = series.rows_empty;
  json["rows_gappy"] = series.rows_gappy;
  for (const char* key : {"minimum", "median", "maximum"}) json[key] = nullptr;  // no finite value
  if (series.finite > 0) {
    json["minimum"] = value_json(series.minimum, field);
    json["maximum"] = value_json(series.maximum, field);
  }
  if (series.sampled > 0) json["median"] = value_json(series.median, field);
  json["sampled"] = series.sampled;
  return json;
}

}  // namespace

Json scan_json(const Scan& scan, const DataSource& source) {
  const DataSchema& schema = source.schema();
  Json columns = Json::array(), bands = Json::array(), ragged = Json::array();
  for (const SeriesScan& series : scan.series)
    (series.is_band ? bands : columns).push_back(series_json(series, schema.fields[series.field]));
  for (const Field& field : schema.fields)
    if ((field.flags & CLQ_FIELD_RAGGED) != 0) ragged.push_back(field.name);
  Json json = {{"uri", source.uri()},
               {"rows", scan.rows},
               {"bad_rows", scan.bad_rows},
               {"missing_file", scan.missing_file},
               {"unreadable", scan.unreadable},
               {"missing_band", scan.missing_band},
               {"missing_pixels", scan.gappy_band},
               {"missing_value", scan.missing_value},
               {"repeated_ids", nullptr},
               {"rows_of_repeated_ids", nullptr},
               {"columns", columns},
               {"bands", bands},
               {"not_scanned", ragged},
               {"extinction", nullptr},
               {"metadata", schema.metadata},
               {"first_bad", Json::array()}};
  if (scan.looked_for_duplicates) {
    json["repeated_ids"] = scan.duplicate_ids;
    json["rows_of_repeated_ids"] = scan.duplicate_rows;
  }
  for (const Extinction& e : scan.extinction)
    json["extinction"] = {
        {"band", e.band}, {"ebv", e.ebv}, {"median_ratio", e.ratio}, {"rows", e.rows}, {"set", e.set}};
  constexpr size_t kFirst = 10;
  for (size_t i = 0; i < std::min(kFirst, scan.bad.size()); ++i)
    json["first_bad"].push_back(
        {{"row", scan.bad[i].row}, {"problem", problem_words(scan.bad[i].problems)}, {"words", scan.bad[i].words}});
  return json;
}

}  // namespace clq
