// tests/guest/arrays.hpp -- what the guest learns from: numbers that no rounding touches, and two networks.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace clq::guest {

constexpr int64_t kRows = 320, kBands = 3, kSide = 24;

struct Arrays {
  Arrays();
  std::vector<float> a, b, images;  // images: [kRows, kBands, kSide, kSide]
  std::vector<double> y;
  std::vector<int64_t> nr;
};

enum class Network { table, images };

// A whole run file. The convolution of `images` is large enough for threads of OpenMP in cpu_onednn.
std::string run_file(Network network, const std::string& device);

}  // namespace clq::guest
