// core/src/graph/init.hpp -- how states start: names, formulas, and the numbers themselves.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>
#include <string>

#include <calanque/core/graph.hpp>

namespace clq {

// The numbers depend on the init, the shape, the seed and the state's name alone: not on the order of states.
//   zeros | constant value | uniform min max | normal mean std | orthogonal gain
//   glorot_uniform  U(+-sqrt(6 / (fan_in + fan_out)))    glorot_normal  N(0, 2 / (fan_in + fan_out))
//   he_uniform      U(+-sqrt(6 / fan_in))                he_normal      N(0, 2 / fan_in)
Tensor make_initial(const Init& init, const TensorDesc& desc, uint64_t seed, const std::string& state_name);
// XXH3-64: the stream of random numbers that a name stands for.
uint64_t stream_of(const std::string& name);

namespace init {

Init zeros();
Init constant(double value);
// `name` itself, where a layer's `init` key may say it; else an error with the nearest.
std::string known(const std::string& name);
// One of the names above by a layer's `init` key; the fans are ignored where the formula has none.
Init named(const std::string& name, int64_t fan_in, int64_t fan_out);

}  // namespace init

}  // namespace clq
