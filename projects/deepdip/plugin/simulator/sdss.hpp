// projects/deepdip/plugin/simulator/sdss.hpp -- the camera that the simulator stands for: SDSS ugriz.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <array>
#include <cmath>
#include <cstddef>

namespace deepdip::sim {

inline constexpr size_t kNBands = 5;
template <class T>
using PerBand = std::array<T, kNBands>;

inline constexpr PerBand<char> kBands = {'u', 'g', 'r', 'i', 'z'};
inline constexpr double kPixel = 0.396;     // arcsec
inline constexpr double kZeroPoint = 22.5;  // AB magnitude of 1 nanomaggy
// Noise of the sky in nanomaggies a pixel, white: resampling, which correlates it, is not modelled.
inline constexpr PerBand<double> kSkySigma = {0.056, 0.023, 0.034, 0.053, 0.21};
// A_b / E(B-V) for the E(B-V) of the SFD map: Schlafly & Finkbeiner 2011, ApJ 737, 103, table 6.
inline constexpr PerBand<double> kExtinction = {4.239, 3.303, 2.285, 1.698, 1.263};

inline double flux_of(double magnitude) { return std::pow(10.0, 0.4 * (kZeroPoint - magnitude)); }

}  // namespace deepdip::sim
