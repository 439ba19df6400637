// core/src/data/transform_table.cpp -- the transforms of columns by name.
// SPDX-License-Identifier: BSD-3-Clause
#include <algorithm>

#include "data/transform_columns.hpp"

namespace clq {
namespace {

struct TransformEntry {
  const char* name;
  std::shared_ptr<Transform> (*make)(const Config&, const InputNames&);
};
constexpr TransformEntry kTransforms[] = {{"asinh", make_asinh},
                                          {"asinh_mag", make_asinh_mag},
                                          {"clip", make_clip},
                                          {"log10", make_log10},
                                          {"standardise", make_standardise}};
constexpr const char* kImageTransforms[] = {"dihedral", "nan_mask", "noise", "shift", "sky_asinh"};

// What other toolkits call a normalisation of each image by its own pixels.
constexpr const char* kPerSample[] = {"min_max",   "minmax",     "normalise", "normalize",
                                      "per_image", "per_sample", "unit_norm", "zscore"};

[[noreturn]] void unknown(const std::string& use, const std::string& where) {
  const bool per_sample = std::find(std::begin(kPerSample), std::end(kPerSample), use) != std::end(kPerSample);
  if (per_sample)
    fail(CLQ_E_INVALID,
         "{}.use: there is no transform '{}': per-sample normalisation removes the magnitude; sky_asinh and "
         "standardise take one scale a band for the whole set",
         where, use);
  std::vector<std::string> known(std::begin(kImageTransforms), std::end(kImageTransforms));
  for (const TransformEntry& entry : kTransforms) known.emplace_back(entry.name);
  fail(CLQ_E_INVALID, "{}.use: there is no transform '{}'{}", where, use, did_you_mean(use, known));
}

}  // namespace

std::shared_ptr<Transform> make_transform(const Config& config, const InputNames& names) {
  const auto use = config.require<std::string>("use");
  const std::string where = config.path().empty() ? "transform" : config.path();
  for (const TransformEntry& entry : kTransforms) {
    if (use != entry.name) continue;
    CLQ_REQUIRE(!names.elements.empty(), "{}: {} needs columns, and the data have images alone: fields = [\"images\"]",
                where, use);
    std::shared_ptr<Transform> transform = entry.make(config, names);
    config.reject_unknown();
    return transform;
  }
  unknown(use, where);
}

}  // namespace clq
