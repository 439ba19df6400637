// projects/deepdip/plugin/simulator/options.hpp -- what deepdip://galaxies?... asks for.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>
#include <string>

namespace deepdip::sim {

enum class Variant { plain, morphology };

struct Options {
  int64_t n = 20000, seed = 1, size = 32;  // size: pixels along a side
  Variant variant = Variant::plain;
  bool noise = true, neighbours = true;
};

// "deepdip://galaxies?n=20000&seed=1&variant=plain&size=32&noise=1&neighbours=1"; what is left out has its default.
// Throws sdk::Error(CLQ_E_INVALID) that names the option, its value and what would be right.
Options parse_uri(const std::string& uri);

}  // namespace deepdip::sim
