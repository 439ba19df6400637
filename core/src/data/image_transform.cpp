// core/src/data/image_transform.cpp -- which steps there are for images, and the random numbers they get.
// SPDX-License-Identifier: BSD-3-Clause
#include "data/image_transform.hpp"

#include <algorithm>

#include <xxhash.h>

namespace clq {
namespace {

struct Entry {
  const char* name;
  bool for_images_only;  // else `fields` decides
  std::shared_ptr<ImageTransform> (*make)(const Config&, const BatchLayout&);
};
constexpr Entry kTable[] = {{"asinh", false, make_image_asinh},  {"clip", false, make_image_clip},
                            {"dihedral", true, make_dihedral},   {"nan_mask", true, make_nan_mask},
                            {"noise", true, make_noise},         {"shift", true, make_shift},
                            {"sky_asinh", true, make_sky_asinh}, {"standardise", false, make_image_standardise}};

const Entry* entry_of(const Config& config) {
  const auto use = config.require<std::string>("use");
  const auto at = std::find_if(std::begin(kTable), std::end(kTable), [&](const Entry& e) { return use == e.name; });
  return at == std::end(kTable) ? nullptr : at;
}

std::vector<std::string> fields_of(const Config& config) {
  if (!config.has("fields")) return {};
  const Json& fields = config.json().at("fields");
  return fields.is_string() ? std::vector<std::string>{fields.get<std::string>()}
                            : config.require<std::vector<std::string>>("fields");
}

std::string key(const Config& config, const char* name) {
  return config.path().empty() ? name : config.path() + "." + name;
}

}  // namespace

PhiloxBlock Draws::at(size_t step) const noexcept {
  constexpr char kStream[] = "transform";
  const uint64_t stream = XXH3_64bits(kStream, sizeof kStream - 1);
  const auto row = static_cast<uint64_t>(sample);
  return philox(seed ^ stream,
                {static_cast<uint32_t>(row), static_cast<uint32_t>(row >> 32), static_cast<uint32_t>(epoch),
                 static_cast<uint32_t>(step | static_cast<uint64_t>(view) << 16)});
}

bool is_image_transform(const Config& config, const BatchLayout& layout) {
  const Entry* entry = entry_of(config);
  if (entry == nullptr) return false;
  const std::vector<std::string> fields = fields_of(config);
  const bool images = std::find(fields.begin(), fields.end(), "images") != fields.end();
  if (!entry->for_images_only && !images) return false;
  CLQ_REQUIRE(layout.tensor("images") >= 0, "{}: {} works on images, the data have none", key(config, "use"),
              entry->name);
  CLQ_REQUIRE(fields.empty() || fields == std::vector<std::string>{"images"},
              "{}: {} of images and of columns are two transforms, fields = [\"images\"] stands alone",
              key(config, "fields"), entry->name);
  return true;
}

std::shared_ptr<ImageTransform> make_image_transform(const Config& config, const BatchLayout& layout) {
  fields_of(config);  // said for those who choose between images and columns
  auto transform = entry_of(config)->make(config, layout);
  config.reject_unknown();
  return transform;
}

}  // namespace clq
