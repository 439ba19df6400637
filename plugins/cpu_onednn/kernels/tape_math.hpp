// plugins/cpu_onednn/kernels/tape_math.hpp -- functions of one float in a form that the compiler turns into vectors.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <bit>
#include <cmath>
#include <cstdint>
#include <numbers>

#include "kernels/isa.hpp"

namespace clq::onednn {

// 2^n for n in [-252, 254], in two factors, so that the ends are reached through denormals and infinity.
CLQ_INLINE float times_power(float x, int32_t n) {
  const int32_t half = n >> 1;
  const float a = std::bit_cast<float>(static_cast<uint32_t>(half + 127) << 23);
  const float b = std::bit_cast<float>(static_cast<uint32_t>(n - half + 127) << 23);
  return x * a * b;
}

// e^x to 2 units in the last place: 2^n e^r with |r| <= ln(2) / 2, e^r by its series. NaN stays.
CLQ_INLINE float exp_of(float x) {
  constexpr float kRound = 12582912.0f;  // 1.5 x 2^23: adding it rounds to an integer, which the low bits then hold
  const float low = x < -104.0f ? -104.0f : x, y = low > 89.0f ? 89.0f : low;
  const float shifted = y * std::numbers::log2e_v<float> + kRound;
  const float n = shifted - kRound;
  const float r = (y - n * 0.693359375f) + n * 2.12194440e-4f;
  float p = 1.9875691500e-4f;
  p = p * r + 1.3981999507e-3f;
  p = p * r + 8.3334519073e-3f;
  p = p * r + 4.1665795894e-2f;
  p = p * r + 1.6666665459e-1f;
  p = p * r + 5.0000001201e-1f;
  const float e = p * r * r + r + 1.0f;
  const uint32_t bits = std::bit_cast<uint32_t>(shifted) - std::bit_cast<uint32_t>(kRound);
  const int32_t power = x == x ? static_cast<int32_t>(bits) : 0;
  return times_power(e, power);
}

CLQ_INLINE float sigmoid_of(float x) {
  const float e = exp_of(-std::fabs(x));
  return (x >= 0 ? 1.0f : e) / (1.0f + e);
}

// Small x by the odd series, where 1 - 2 / (e^2x + 1) would lose digits.
CLQ_INLINE float tanh_of(float x) {
  const float a = std::fabs(x), z = x * x;
  float p = -5.70498872745e-3f;
  p = p * z + 2.06390887954e-2f;
  p = p * z - 5.37397155531e-2f;
  p = p * z + 1.33314422036e-1f;
  p = p * z - 3.33332819422e-1f;
  const float small = p * z * x + x;
  const float large = std::copysign(1.0f - 2.0f / (exp_of(2.0f * a) + 1.0f), x);
  return a < 0.625f ? small : (x == x ? large : x);
}

CLQ_INLINE float softplus_of(float x) { return (x > 0 ? x : 0.0f) + std::log1p(std::exp(-std::fabs(x))); }
CLQ_INLINE float normal_cdf_of(float x) { return 0.5f * std::erfc(-x * static_cast<float>(std::numbers::sqrt2 / 2)); }
CLQ_INLINE float gelu_slope_of(float x) {
  return normal_cdf_of(x) +
         x * exp_of(-x * x / 2) * static_cast<float>(std::numbers::inv_sqrtpi / std::numbers::sqrt2);
}
CLQ_INLINE float silu_slope_of(float x) {
  const float s = sigmoid_of(x);
  return s * (1.0f + x * (1.0f - s));
}

}  // namespace clq::onednn
