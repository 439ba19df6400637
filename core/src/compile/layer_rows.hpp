// core/src/compile/layer_rows.hpp -- what each layer of a model gives, holds and costs.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "compile/programs.hpp"

namespace clq {

struct LayerRow {
  std::string name, use;
  Shape output;            // of one sample
  int64_t parameters = 0;  // trainable ones; a layer that shares has none of its own
  double flops = 0;        // a forward pass of one sample; a multiplication with its addition is two
  double bytes = 0;        // all that its ops make of one sample
};

// In the order of the model; throws what building the model would.
std::vector<LayerRow> layer_rows(const ModelSpec& model, const OpTable& ops, const BuilderLookup& builders);

}  // namespace clq
