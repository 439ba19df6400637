// calanque/core/graph.hpp -- one graph of values, ops and states; what programs are made of.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include <nlohmann/json.hpp>

#include <calanque/core/tensor.hpp>

namespace clq {

using Json = nlohmann::ordered_json;

struct Value {                         // an index into Graph::values
  uint32_t index = CLQ_NONE;
  explicit operator bool() const { return index != CLQ_NONE; }
  bool operator==(const Value&) const = default;
};

using Attr = std::variant<std::vector<int64_t>, std::vector<double>, std::string>;
using Attrs = std::vector<std::pair<std::string, Attr>>;
inline Attr attr(int64_t v) { return std::vector<int64_t>{v}; }
inline Attr attr(int v) { return std::vector<int64_t>{v}; }
inline Attr attr(double v) { return std::vector<double>{v}; }
inline Attr attr(std::vector<int64_t> v) { return v; }
inline Attr attr(const char* v) { return std::string(v); }

struct Op {
  std::string name;                    // "matmul/1"
  std::string scope;                   // "trunk.dense1"; gradients end in ":grad"
  std::vector<Value> inputs, outputs;  // an optional input left out is Value{}
  Attrs attrs;
};

// How a state starts: {"use": "zeros"}, {"use": "constant", "value": 1}, {"use": "he_uniform", "fan_in": 10} ...
using Init = Json;

struct Penalty { double l1 = 0, l2 = 0; };   // l1 sum abs(w) + l2 sum w^2

struct State {
  std::string name;                    // unique: "dense1.weights", "adam.m.dense1.weights"
  Init init;
  uint32_t flags = 0;                  // CLQ_STATE_TRAINABLE | CLQ_STATE_NO_DECAY
  Value before, after, when;           // after: absent when the program only reads it
  bool frozen = false;                 // of a frozen layer: no gradient is taken to it, whatever its flags
  std::optional<Penalty> penalty;      // of its layer, in place of the run's
};

struct NamedValue { std::string name; Value value; };
struct Constant { Value value; Tensor data; };
struct Metric { std::string name; Value value; Json finish; };   // value: [N] F64

struct Graph {
  std::vector<TensorDesc> values;
  std::vector<Op> ops;                 // in execution order
  std::vector<Constant> constants;
  std::vector<State> states;
  std::vector<NamedValue> inputs;      // "scalars", "target", "weight"
  std::vector<NamedValue> outputs;
  std::vector<NamedValue> scalars;     // "learning_rate" F64, "step" I64, "seed" U64, "first_sample" I64, "batch_count" F64
  std::vector<Metric> metrics;

  const TensorDesc& desc(Value v) const { return values.at(v.index); }
};

}  // namespace clq
