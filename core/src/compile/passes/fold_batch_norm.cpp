// core/src/compile/passes/fold_batch_norm.cpp -- a batch norm in prediction, taken into the layer before it.
// SPDX-License-Identifier: BSD-3-Clause
#include "compile/passes/fold_batch_norm.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

#include "compile/passes/passes.hpp"
#include "compile/passes/renumber.hpp"

namespace clq {
namespace {

class Folder {
 public:
  explicit Folder(Graph& graph) : graph_(graph), makers_(graph.values.size(), nullptr), readers_(graph.values.size()) {
    for (Op& op : graph_.ops) {
      for (const Value v : op.outputs) makers_[v.index] = &op;
      for (const Value v : op.inputs)
        if (v) ++readers_[v.index];
    }
    visit_results(graph_, [&](Value v) { ++readers_[v.index]; });
  }

  std::vector<Fold> run() {
    std::vector<Fold> folds;
    for (Op& op : graph_.ops)
      if (op.name == "batch_norm_inference/1")
        if (const auto fold = fold_into_maker(op)) folds.push_back(*fold);
    std::erase_if(graph_.ops, [](const Op& op) { return op.outputs.empty(); });
    graph_ = remove_dead(graph_);
    return folds;
  }

 private:
  bool read_once(Value v) const { return readers_[v.index] == 1; }

  // "" where it is no state.
  std::string state_name(Value v) const {
    const auto is_it = [&](const State& state) { return state.before == v; };
    const auto at = std::find_if(graph_.states.begin(), graph_.states.end(), is_it);
    return at == graph_.states.end() ? "" : at->name;
  }

  // "" also where others read it.
  std::string own_state(Value v) const { return read_once(v) ? state_name(v) : ""; }

  Op* maker_of(Value v, const char* name) const {
    Op* op = read_once(v) && graph_.desc(v).dtype == CLQ_F32 ? makers_[v.index] : nullptr;
    return op != nullptr && op->name == name ? op : nullptr;
  }

  static bool is_dense(const Op& op) {
    const auto is_set = [&](const char* name) {
      return std::any_of(op.attrs.begin(), op.attrs.end(), [&](const auto& a) {
        const auto* value = std::get_if<std::vector<int64_t>>(&a.second);
        return a.first == name && value != nullptr && value->at(0) != 0;
      });
    };
    return is_set("transpose_b") && !is_set("transpose_a");
  }

  std::optional<Fold> fold_into_maker(Op& norm) {
    Fold fold;
    std::string* const names[] = {&fold.gamma, &fold.beta, &fold.mean, &fold.variance};
    for (size_t i = 0; i < 4; ++i)
      if ((*names[i] = state_name(norm.inputs[i + 1])).empty()) return std::nullopt;
    for (const auto& [name, value] : norm.attrs)
      if (name == "eps") fold.eps = std::get<std::vector<double>>(value).at(0);
    const bool folded = fold_conv(norm, fold) || fold_dense(norm, fold);
    return folded ? std::optional(fold) : std::nullopt;
  }

  // `last` gives what the norm gave; the norm is left without an output, to be dropped.
  static void take_place(Op& last, Op& norm) {
    last.outputs = std::move(norm.outputs);
    norm.outputs.clear();
  }

  bool fold_conv(Op& norm, Fold& fold) {
    Op* conv = maker_of(norm.inputs[0], "conv/1");
    if (conv == nullptr) return false;
    const bool has_bias = conv->inputs.size() > 2 && conv->inputs[2];
    fold.weights = own_state(conv->inputs[1]);
    fold.bias = own_state(has_bias ? conv->inputs[2] : norm.inputs[2]);
    if (fold.weights.empty() || fold.bias.empty()) return false;
    conv->inputs.resize(3);
    if (!has_bias) conv->inputs[2] = norm.inputs[2];
    take_place(*conv, norm);
    return true;
  }

  bool fold_dense(Op& norm, Fold& fold) {
    Op* add = maker_of(norm.inputs[0], "add/1");
    Op* product = add == nullptr ? nullptr : maker_of(add->inputs[0], "matmul/1");
    if (product == nullptr || !is_dense(*product) || graph_.desc(add->outputs[0]).dims.size() != 2) return false;
    fold.weights = own_state(product->inputs[1]);
    fold.bias = own_state(add->inputs[1]);
    if (fold.weights.empty() || fold.bias.empty() || graph_.desc(add->inputs[1]).dims.size() != 1) return false;
    take_place(*add, norm);
    return true;
  }

  Graph& graph_;
  std::vector<Op*> makers_;       // of each value; nullptr: it is no op's
  std::vector<int64_t> readers_;  // of each value, results included
};

}  // namespace

std::vector<Fold> fold_batch_norm(Graph& graph) { return Folder(graph).run(); }

// In F64, rounded once.
void fold_states(const std::vector<Fold>& folds, std::map<std::string, Tensor>& states) {
  for (const Fold& fold : folds) {
    const auto number = [&](const std::string& name, size_t k) {
      return static_cast<double>(states.at(name).as<float>()[k]);
    };
    const auto weights = states.at(fold.weights).as<float>(), bias = states.at(fold.bias).as<float>();
    const size_t channels = bias.size(), row = weights.size() / channels;
    for (size_t k = 0; k < channels; ++k) {
      const double scale = number(fold.gamma, k) / std::sqrt(number(fold.variance, k) + fold.eps);
      const double before = fold.bias == fold.beta ? 0 : number(fold.bias, k);
      bias[k] = static_cast<float>(scale * (before - number(fold.mean, k)) + number(fold.beta, k));
      for (size_t i = k * row; i < (k + 1) * row; ++i)
        weights[i] = static_cast<float>(scale * static_cast<double>(weights[i]));
    }
  }
}

}  // namespace clq
