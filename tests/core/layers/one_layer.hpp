// tests/core/layers/one_layer.hpp -- one layer alone in a graph: x -> y.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <algorithm>
#include <string>

#include <calanque/core/layer.hpp>

#include "support/run_graph.hpp"

namespace clq::test {

struct Built {
  Graph graph;
  TensorDesc desc;
};

inline Built build_layer(const std::string& use, const Json& config, const Tensor& x, Mode mode) {
  static const OpTable ops;
  GraphBuilder b(ops, mode, {{"x", x.desc()}}, x.desc().dtype);
  const std::span<const LayerEntry> table = layer_table();
  const auto entry = std::find_if(table.begin(), table.end(), [&](const LayerEntry& e) { return e.name == use; });
  CLQ_REQUIRE(entry != table.end(), "no layer {}", use);
  const Value in = b.input("x");
  const GraphBuilder::Scope scope(b, use);
  const Value y = entry->make(Config(config))->build(b, std::span(&in, 1));
  b.output("y", b.op("identity/1", {y}));
  return {b.graph(), b.desc(y)};
}

inline Tensor run_layer(const std::string& use, const Json& config, const Tensor& x, Mode mode = Mode::infer,
                        const Scalars& scalars = {}) {
  return Runner(build_layer(use, config, x, mode).graph).run({{"x", x}}, scalars).at("y");
}

inline std::string refusal(const std::string& use, const Json& config, const Tensor& x) {
  try {
    build_layer(use, config, x, Mode::train);
  } catch (const Error& e) {
    return e.what();
  }
  return "";
}

}  // namespace clq::test
