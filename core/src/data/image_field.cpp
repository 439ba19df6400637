// core/src/data/image_field.cpp -- which field of a source holds the images, and what is known of their bands.
// SPDX-License-Identifier: BSD-3-Clause
#include "data/image_field.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include <fmt/ranges.h>

namespace clq {
namespace {

uint32_t require_images(uint32_t f, const DataSchema& schema) {
  const Field& field = schema.fields[f];
  CLQ_REQUIRE((field.flags & (CLQ_FIELD_TEXT | CLQ_FIELD_RAGGED)) == 0, "{} holds no images of one shape", field.name);
  CLQ_REQUIRE(field.sample.dims.size() == 3 && field.sample.count() > 0,
              "data.images: {} has the shape {}, [bands, height, width] is needed", field.name,
              to_string(field.sample.dims));
  return f;
}

// The one field of the role; CLQ_NONE: none.
uint32_t by_role(const DataSchema& schema) {
  uint32_t found = CLQ_NONE;
  for (uint32_t f = 0; f < schema.fields.size(); ++f) {
    if (schema.fields[f].role != CLQ_ROLE_IMAGE) continue;
    CLQ_REQUIRE(found == CLQ_NONE, "data.images: the source has the images {} and {}, name one of them",
                schema.fields[found].name, schema.fields[f].name);
    found = f;
  }
  return found;
}

// What the source says of its images; null: nothing.
Json said(const DataSchema& schema, const char* key) {
  const Json images = schema.metadata.is_object() ? schema.metadata.value("images", Json()) : Json();
  return images.is_object() ? images.value(key, Json()) : Json();
}

std::vector<std::string> said_bands(const DataSchema& schema) {
  const Json bands = said(schema, "bands");
  return bands.is_array() ? json_as<std::vector<std::string>>(bands, "the source's bands") : std::vector<std::string>{};
}

std::vector<double> said_zeropoint(const DataSchema& schema, size_t bands) {
  const Json zeropoint = said(schema, "zeropoint");
  if (!zeropoint.is_array()) return {};
  const auto numbers = zeropoints_from_json(zeropoint, "the source's zero points");
  if (numbers.size() != bands) fail(CLQ_E_DATA, "the source gives {} zero points for {} bands", numbers.size(), bands);
  return numbers;
}

// The first band whose zero points are known and differ; -1: none. Some headers keep them in single precision.
int64_t first_other(const std::vector<double>& a, const std::vector<double>& b) {
  for (size_t i = 0; i < std::min(a.size(), b.size()); ++i)
    if (std::abs(a[i] - b[i]) > 1e-5) return static_cast<int64_t>(i);
  return -1;
}

}  // namespace

Json zeropoints_to_json(const std::vector<double>& zeropoint) {
  Json list = Json::array();
  for (const double magnitude : zeropoint) list.push_back(std::isfinite(magnitude) ? Json(magnitude) : Json());
  return list;
}

std::vector<double> zeropoints_from_json(const Json& list, const std::string& where) {
  std::vector<double> zeropoint;
  if (!list.is_array()) fail(CLQ_E_DATA, "{}: is {}, not a list of zero points", where, list.dump());
  for (const Json& item : list)
    zeropoint.push_back(item.is_null() ? std::numeric_limits<double>::quiet_NaN() : json_as<double>(item, where));
  return zeropoint;
}

std::string band_name(const ImageFacts& facts, int64_t band) {
  const auto b = static_cast<size_t>(band);
  return b < facts.bands.size() ? facts.bands[b] : fmt::format("{}", band);
}

uint32_t find_images(const Config& data, const DataSchema& schema) {
  const auto named = data.get<std::string>("images", "");
  if (named.empty() && data.has("scalars")) return CLQ_NONE;
  const int64_t field = named.empty() ? -1 : schema.find(named);
  if (field >= 0) return require_images(static_cast<uint32_t>(field), schema);
  const uint32_t f = by_role(schema);
  CLQ_REQUIRE(f != CLQ_NONE || named.empty(), "data.images: the source has no images and no field '{}'", named);
  return f == CLQ_NONE ? f : require_images(f, schema);
}

uint32_t find_images_like(const std::string& name, const Shape& shape, const DataSchema& schema) {
  const int64_t named = schema.find(name);
  const uint32_t f = named >= 0 ? static_cast<uint32_t>(named) : by_role(schema);
  CLQ_REQUIRE(f != CLQ_NONE, "there are no images, the model was trained with images {}", to_string(shape));
  require_images(f, schema);
  CLQ_REQUIRE(schema.fields[f].sample.dims == shape, "the images are {}, the model was trained with {}",
              to_string(schema.fields[f].sample.dims), to_string(shape));
  return f;
}

ImageFacts image_facts(const Config& data, const DataSchema& schema, int64_t bands) {
  const auto n = static_cast<size_t>(bands);
  ImageFacts facts;
  facts.bands = data.get("bands", said_bands(schema));
  const std::vector<double> found = said_zeropoint(schema, n);
  facts.zeropoint = data.get("zeropoint", found);
  facts.bands_may_miss = data.get<std::string>("on_missing_band", "error") == "mask";
  CLQ_REQUIRE(facts.bands.empty() || facts.bands.size() == n, "data.bands names {} bands, the images have {}",
              facts.bands.size(), n);
  CLQ_REQUIRE(facts.zeropoint.empty() || facts.zeropoint.size() == n, "data.zeropoint has {} numbers for {} bands",
              facts.zeropoint.size(), n);
  for (const double magnitude : facts.zeropoint)
    CLQ_REQUIRE(std::isfinite(magnitude) || !data.has("zeropoint"), "data.zeropoint is {}", magnitude);
  const int64_t other = first_other(facts.zeropoint, found);
  CLQ_REQUIRE(other < 0, "data.zeropoint says {} for band {}, the source says {}",
              facts.zeropoint[static_cast<size_t>(other)], band_name(facts, other), found[static_cast<size_t>(other)]);
  return facts;
}

void require_same_bands(const ImageFacts& facts, const DataSchema& schema, int64_t n) {
  const std::vector<std::string> bands = said_bands(schema);
  CLQ_REQUIRE(bands.empty() || facts.bands.empty() || bands == facts.bands,
              "the images have the bands {}, the model was trained with {}", fmt::join(bands, ", "),
              fmt::join(facts.bands, ", "));
  const std::vector<double> zeropoint = said_zeropoint(schema, static_cast<size_t>(n));
  const int64_t other = first_other(zeropoint, facts.zeropoint);
  CLQ_REQUIRE(other < 0, "zero point of band {} is {}, the model was trained with {}", band_name(facts, other),
              zeropoint[static_cast<size_t>(other)], facts.zeropoint[static_cast<size_t>(other)]);
}

}  // namespace clq
