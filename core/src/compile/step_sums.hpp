// core/src/compile/step_sums.hpp -- what a step adds up over its micro-batches and its replicas.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <string>
#include <vector>

#include "compile/programs.hpp"

namespace clq {

// A value that a layer wants a state to have next: a running mean after one micro-batch.
struct NextState {
  std::string name;
  TensorDesc desc;
  Init init;
  uint32_t flags;
  Value next;
};
// Those of F32 and F64 that layers assigned without a condition, in the order of the states; they are assigned no more.
// Others keep their assignment, and are refused where a step has several micro-batches: over replicas their states
// would part, and of a step that is bad as a whole the good micro-batches would stay in them.
std::vector<NextState> take_next_states(GraphBuilder& builder, const StepPlan& plan);

// The states "grad.<name>". Of micro-batches in a row the sum grows from one run of gradients to the next; as a tree,
// micro-batch i first meets the sums of the trees that it completes, ((0 + 1) + (2 + 3)) ..., which wait in states of
// their own. The replica's last micro-batch also sums over the replicas.
class StepSums {
 public:
  StepSums(GraphBuilder& builder, const StepPlan& plan) : builder_(builder), plan_(plan) {}
  void add(const std::string& name, Value value);               // in gradients
  Value take(const std::string& name, const TensorDesc& desc);  // in apply
  void clear();                                                 // in apply: what take has taken
  Value over_replicas(Value value);                             // the value itself where there is one

 private:
  Value sum_state(const std::string& name, const TensorDesc& desc, int level);
  GraphBuilder& builder_;
  const StepPlan& plan_;
  std::vector<Value> taken_;
};

// Each sum over replicas has a bucket of its own, numbered from 0 in the order of the ops.
void number_buckets(Graph& graph);
uint32_t count_buckets(const Graph& graph);

}  // namespace clq
