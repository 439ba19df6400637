// core/src/compile/chain.hpp -- the layers of a model, one after the other or wired by `from`.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "compile/programs.hpp"

namespace clq {

struct BuiltLayer {
  std::string name, use;
  Value output;
  size_t first_op, end_op, first_state, end_state;  // of the graph: what this layer appended
};

// Appends the model's layers and returns the last one's output, or those that `outputs` names, in their order. The
// builder's inputs hold the model's.
std::vector<Value> build_network(GraphBuilder& builder, const ModelSpec& model, const BuilderLookup& builders,
                                 std::vector<BuiltLayer>* built = nullptr);
Penalty read_penalty(const Config& table);  // { l1, l2 }
// x in the dtype that is asked for; x itself when it has it already.
Value cast_to(GraphBuilder& builder, Value x, DType dtype);

}  // namespace clq
