// core/src/graph/init.cpp -- how states start.
// SPDX-License-Identifier: BSD-3-Clause
#include "graph/init.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include <fmt/ranges.h>
#include <xxhash.h>

#include <calanque/core/config.hpp>

#include "base/philox.hpp"

namespace clq {
namespace {

using Numbers = std::vector<double>;

PhiloxBlock block_of(uint64_t key, uint64_t block) {
  return philox(key, {static_cast<uint32_t>(block), static_cast<uint32_t>(block >> 32), 0, 0});
}

Numbers uniform(uint64_t key, size_t n, double low, double high) {
  Numbers out(n);
  for (size_t i = 0; i < n; i += 4) {
    const PhiloxBlock block = block_of(key, i / 4);
    for (size_t j = i; j < std::min(n, i + 4); ++j) out[j] = low + (high - low) * philox_uniform(block[j - i]);
  }
  return out;
}

Numbers normal(uint64_t key, size_t n, double mean, double std) {
  Numbers out(n);
  for (size_t i = 0; i < n; i += 4) {
    const auto four = philox_normal(block_of(key, i / 4));
    for (size_t j = i; j < std::min(n, i + 4); ++j) out[j] = mean + std * four[j - i];
  }
  return out;
}

double dot(const double* a, const double* b, size_t n, size_t stride) {
  double sum = 0;
  for (size_t i = 0; i < n; ++i) sum += a[i * stride] * b[i * stride];
  return sum;
}

// Saxe et al. 2013: the first axis against the rest; whichever is shorter gets orthonormal vectors (Gram-Schmidt).
Numbers orthogonal(uint64_t key, const Shape& dims, double gain) {
  CLQ_REQUIRE(dims.size() >= 2, "orthogonal needs two dimensions, got {}", to_string(dims));
  const auto n = static_cast<size_t>(element_count(dims)), rows = static_cast<size_t>(dims[0]);
  const size_t columns = rows == 0 ? 0 : n / rows;
  Numbers m = normal(key, n, 0, 1);
  const bool by_row = rows <= columns;
  const size_t vectors = by_row ? rows : columns, length = by_row ? columns : rows;
  const size_t next = by_row ? columns : 1, stride = by_row ? 1 : columns;
  for (size_t i = 0; i < vectors; ++i) {
    double* v = m.data() + i * next;
    for (int pass = 0; pass < 2; ++pass) {  // twice is enough for full precision
      for (size_t j = 0; j < i; ++j) {
        const double* u = m.data() + j * next;
        const double along = dot(u, v, length, stride);
        for (size_t k = 0; k < length; ++k) v[k * stride] -= along * u[k * stride];
      }
      const double norm = std::sqrt(dot(v, v, length, stride));
      for (size_t k = 0; k < length; ++k) v[k * stride] /= norm;
    }
  }
  for (double& x : m) x *= gain;
  return m;
}

double fan(const Config& config, const char* key) {
  const auto value = config.require<int64_t>(key);
  CLQ_REQUIRE(value > 0, "{} must be positive, got {}", key, value);
  return static_cast<double>(value);
}

Numbers numbers(const std::string& use, const Config& config, const Shape& dims, uint64_t key) {
  const auto n = static_cast<size_t>(element_count(dims));
  if (use == "zeros") return Numbers(n, 0.0);
  if (use == "constant") return Numbers(n, config.require<double>("value"));
  if (use == "uniform") return uniform(key, n, config.get("min", 0.0), config.get("max", 1.0));
  if (use == "normal") return normal(key, n, config.get("mean", 0.0), config.get("std", 1.0));
  if (use == "orthogonal") return orthogonal(key, dims, config.get("gain", 1.0));
  const std::vector<std::string> fans = {"he_uniform", "he_normal", "glorot_uniform", "glorot_normal"};
  if (std::find(fans.begin(), fans.end(), use) == fans.end()) {
    std::vector<std::string> all = {"zeros", "constant", "uniform", "normal", "orthogonal"};
    all.insert(all.end(), fans.begin(), fans.end());
    fail(CLQ_E_INVALID, "unknown init '{}'{}", use, did_you_mean(use, all));
  }
  const bool he = use.starts_with("he_");
  const double variance = he ? 2.0 / fan(config, "fan_in") : 2.0 / (fan(config, "fan_in") + fan(config, "fan_out"));
  if (use.ends_with("_normal")) return normal(key, n, 0, std::sqrt(variance));
  const double limit = std::sqrt(3.0 * variance);
  return uniform(key, n, -limit, limit);
}

}  // namespace

uint64_t stream_of(const std::string& name) { return XXH3_64bits(name.data(), name.size()); }

Tensor make_initial(const Init& init, const TensorDesc& desc, uint64_t seed, const std::string& state_name) {
  const Config config(init, state_name + ".init");
  const Numbers values =
      numbers(config.get("use", std::string("zeros")), config, desc.dims, seed ^ stream_of(state_name));
  config.reject_unknown();
  Tensor out(desc);
  convert(values.data(), CLQ_F64, out.bytes(), desc.dtype, desc.count());
  return out;
}

namespace init {

Init zeros() { return Init{{"use", "zeros"}}; }

Init constant(double value) { return Init{{"use", "constant"}, {"value", value}}; }

std::string known(const std::string& name) {
  const std::vector<std::string> names = {"he_uniform", "he_normal", "glorot_uniform", "glorot_normal",
                                          "orthogonal", "uniform",   "normal",         "zeros"};
  if (std::find(names.begin(), names.end(), name) != names.end()) return name;
  const std::string nearest = did_you_mean(name, names);
  fail(CLQ_E_INVALID, "init '{}' is unknown{}", name,
       nearest.empty() ? fmt::format(", there are {}", fmt::join(names, ", ")) : nearest);
}

Init named(const std::string& name, int64_t fan_in, int64_t fan_out) {
  Init out{{"use", name}};
  if (name.starts_with("he_") || name.starts_with("glorot_")) out["fan_in"] = fan_in;
  if (name.starts_with("glorot_")) out["fan_out"] = fan_out;
  return out;
}

}  // namespace init

}  // namespace clq
