// core/src/config/model_chain.hpp -- the layers of [model] with its blocks, repeats and parameters written out.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <map>
#include <string>
#include <vector>

#include <calanque/core/graph.hpp>

namespace clq {

struct ModelChain {
  Json layers = Json::array();       // plain [[model.layer]] tables
  Json outputs = Json::array();      // [[model.output]] tables, `from` in the words of the layers
  std::vector<std::string> sources;  // the table each was written in: "model.layer[2]", "model.block.stem.layer[0]"
  // Of each layer the keys whose value was written elsewhere, a parameter's or a block's: "model.parameters.width".
  std::vector<std::map<std::string, std::string>> written;
};

// `model` has layer, and may have block and parameters (docs/run-file.md). A layer of a block, or of a repeat, is named
// "<layer>.<inner layer>", "<layer>.<number>"; where there is one of these every layer gets its name written out.
// Errors name the table: "model.block.stem.layer[1].from".
ModelChain expand_model(const Json& model);

}  // namespace clq
