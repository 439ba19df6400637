// calanque/core/layer.hpp -- a layer: a map from tensors to a tensor that only writes ops into a graph.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include <calanque/core/config.hpp>

namespace clq {

class GraphBuilder;

class Layer {
 public:
  virtual ~Layer() = default;
  virtual Value build(GraphBuilder& graph, std::span<const Value> inputs) const = 0;
};

struct LayerEntry {
  std::string_view name;               // "dense"
  std::unique_ptr<Layer> (*make)(const Config&);
};
std::span<const LayerEntry> layer_table();

}  // namespace clq
