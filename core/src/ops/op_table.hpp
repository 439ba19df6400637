// core/src/ops/op_table.hpp -- every op's shape rule and gradient rule, by name; plugins add theirs.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <calanque/plugin/builder.h>
#include <calanque/core/graph.hpp>

#include "graph/graph_builder.hpp"

namespace clq {

// An op with its graph: what a rule looks at.
class OpView {
 public:
  OpView(const Graph& graph, const Op& op) : graph_(graph), op_(op) {}
  const Op& op() const { return op_; }
  size_t n_inputs() const { return op_.inputs.size(); }
  const TensorDesc& input(size_t i) const;  // throws when it was left out
  bool has(std::string_view name) const;
  int64_t i64(std::string_view name, int64_t absent) const;
  double f64(std::string_view name, double absent) const;
  std::string text(std::string_view name, std::string absent) const;
  std::vector<int64_t> list(std::string_view name) const;
  void reject_unknown() const;  // an attribute that no rule asked for

 private:
  const Attr* find(std::string_view name) const;
  const Graph& graph_;
  const Op& op_;
  mutable std::vector<std::string> asked_;
};

// The descriptions of the outputs, or an error about the inputs.
// It asks for every attribute that the op may carry.
using InferRule = std::vector<TensorDesc> (*)(const OpView&);
// One gradient an input (Value{}: none), given one an output (Value{}: nothing flows there).
using GradientRule = std::vector<Value> (*)(GraphBuilder&, const Op&, std::span<const Value> diff_outputs);

struct OpRule {
  const char* name;  // "matmul/1"
  InferRule infer;
  GradientRule gradient;  // nullptr: differentiating through it is an error
};

// One table a family; op_table.cpp lists them.
std::span<const OpRule> unary_rules();
std::span<const OpRule> binary_rules();
std::span<const OpRule> matmul_rules();
std::span<const OpRule> reduce_rules();
std::span<const OpRule> shape_rules();
std::span<const OpRule> softmax_rules();
std::span<const OpRule> index_rules();
std::span<const OpRule> random_rules();
std::span<const OpRule> norm_rules();
std::span<const OpRule> layer_norm_rules();
std::span<const OpRule> conv_rules();
std::span<const OpRule> pool_rules();
std::span<const OpRule> resize_rules();
std::span<const OpRule> prelu_rules();
std::span<const OpRule> check_rules();

class OpTable {
 public:
  OpTable();                        // the core's ops
  void add(const clq_op_def& def);  // a plugin's op; refused without gradient unless CLQ_OP_NO_GRADIENT
  std::vector<TensorDesc> infer(const Graph& graph, const Op& op) const;  // errors name op and scope
  std::vector<Value> gradient(GraphBuilder& builder, const Op& op, std::span<const Value> diff_outputs) const;
  std::vector<std::string> names() const;
  bool has_gradient(const std::string& name) const;

 private:
  struct Entry {
    OpRule rule;
    const clq_op_def* plugin;
  };
  const Entry& find(const std::string& name) const;  // unknown: error with the nearest name
  std::vector<std::pair<std::string, Entry>> entries_;
};

}  // namespace clq
