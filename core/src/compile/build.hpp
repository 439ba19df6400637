// core/src/compile/build.hpp -- the two halves of build_program and what they share.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "compile/programs.hpp"

namespace clq {

// What a program is built from; plain references, alive while it is built.
struct Build {
  ProgramKind kind;
  const ModelSpec& model;
  const TrainSpec& train;
  int64_t batch;
  const OpTable& ops;
  const BuilderLookup& builders;
};

Graph build_eval(const Build& build);   // forward, post, score, evaluate
Graph build_train(const Build& build);  // gradients, apply, step, diagnose

// The model's fields with the sample dimension, then "weight" F64 when asked, and in front of it "target" F64 where the
// model learns that.
std::vector<InputField> batch_fields(const Build& build, bool with_target);
std::vector<InputField> scored_fields(const Build& build);  // those that a prediction is compared with, and "weight"
// What the model learns, of an input that has a mask NaN where there is nothing; Value{} where it learns no tensor.
Value target_of(GraphBuilder& builder, const ModelSpec& model);
// Inputs exist in the fields' order whoever asks first: hosts bind them by place.
void declare_inputs(GraphBuilder& builder, const std::vector<InputField>& fields);
// w_i v_i in v's dtype; a row without weight counts 0 whatever its value. What such a row holds must be finite where
// the sum is differentiated: 0 times the slope of a NaN is NaN.
Value weighted(GraphBuilder& builder, Value per_sample, Value weight);
Value sum(GraphBuilder& builder, Value x);
Value scalar_state(GraphBuilder& builder, const std::string& name, DType dtype);
// "<name>.sum" and "<name>.weight" grow by the sums of this batch.
void add_to_sums(GraphBuilder& builder, const std::string& name, Value per_sample, Value weight);

}  // namespace clq
