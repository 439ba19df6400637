// core/src/compile/autodiff.hpp -- reverse-mode gradients, written into the same graph.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <span>
#include <vector>

#include "graph/graph_builder.hpp"

namespace clq {

// d loss / d wrt[i], in wrt's shapes and dtypes; `loss` is rank 0. Appends ops whose scopes end in ":grad".
// A value that loss does not depend on gets a zero constant. An op without gradient on the way: error with op and
// layer.
std::vector<Value> differentiate(GraphBuilder& builder, Value loss, std::span<const Value> wrt);

}  // namespace clq
