// core/src/compile/heads.hpp -- the outputs of a network: one with the model's loss, or several, each with its own.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "compile/programs.hpp"

namespace clq {

// One output with its loss. Of several, the predictions stand side by side in "prediction" [N, P], in their order.
class Head {
 public:
  // `index`: in ModelSpec::outputs, where those are; else the model has one output, the last layer.
  Head(const ModelSpec& model, size_t index, const BuilderLookup& builders);

  const std::string& key() const { return key_; }    // "model.output[2]", or the last layer's
  const std::string& name() const { return name_; }  // "" of the only one
  const ModelSpec& part() const { return part_; }    // its loss, task and task_options
  std::vector<int64_t> places() const;               // of its numbers in the whole target
  Value target(GraphBuilder& builder, Value all) const;
  // The output's loss of each sample, [N], with its weight; `value` is the layer that it is of. It is the loss of what
  // is learned, behind the target's transforms.
  Value loss(GraphBuilder& builder, Value value, Value all_targets) const;
  Value predict(GraphBuilder& builder, Value value) const;  // in the target's own unit

 private:
  std::string key_, name_;
  ModelSpec part_;
  double weight_ = 1;
  std::vector<int64_t> places_;  // of the target's numbers; none: the whole target
  std::unique_ptr<Loss> loss_;
};

std::vector<Head> heads_of(const ModelSpec& model, const BuilderLookup& builders);

// The sum of the heads' losses, [N].
Value total_loss(GraphBuilder& builder, const std::vector<Head>& heads, const std::vector<Value>& values, Value target);
// Of the values of the heads: what is predicted, [N, P] of several.
Value joined_prediction(GraphBuilder& builder, const std::vector<Head>& heads, const std::vector<Value>& values);
// The parts of a joined one again, in the shape that each head predicts of a sample.
std::vector<Value> parted_prediction(GraphBuilder& builder, Value prediction, const std::vector<Shape>& samples);

}  // namespace clq
