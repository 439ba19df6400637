// core/src/compile/train_programs.cpp -- gradients, apply, step and diagnose: the network as it learns.
// SPDX-License-Identifier: BSD-3-Clause
#include <algorithm>

#include <calanque/plugin/builder.h>

#include "compile/autodiff.hpp"
#include "compile/build.hpp"
#include "compile/chain.hpp"
#include "compile/heads.hpp"
#include "compile/mode_states.hpp"
#include "compile/parts.hpp"
#include "compile/step_sums.hpp"
#include "graph/init.hpp"

namespace clq {
namespace {

constexpr int64_t kBadStepsToStop = 3;

// All five, in this order, in every program that trains: the trainer writes cells by place.
void declare_scalars(GraphBuilder& builder) {
  for (const char* name : {"learning_rate", "step", "seed", "first_sample", "batch_count"}) builder.scalar(name);
}

struct Losses {
  Value mean;    // sum_i w_i l_i / batch_count, what is differentiated
  Value sum;     // sum_i w_i l_i, F64
  Value weight;  // sum_i w_i, F64
};

Losses build_losses(GraphBuilder& builder, const Build& build) {
  const std::vector<Value> values = build_network(builder, build.model, build.builders);
  require_same_states(builder.graph(), build);
  const Value weight = builder.input("weight");
  const GraphBuilder::Scope scope(builder, "loss");
  const Value target = target_of(builder, build.model);
  const Value per_sample = total_loss(builder, heads_of(build.model, build.builders), values, target);
  const Value count = cast_to(builder, builder.scalar("batch_count"), builder.dtype(per_sample));
  const Value total = sum(builder, weighted(builder, per_sample, weight));
  return {builder.op("div/1", {total, count}),
          sum(builder, weighted(builder, cast_to(builder, per_sample, CLQ_F64), weight)), sum(builder, weight)};
}

// The step's verdict: `good` lets states change. "train.bad_steps" counts those in a row, to stick at its limit, and
// "train.skipped_steps" all.
class Guard {
 public:
  Guard(GraphBuilder& builder, Value finite) : builder_(builder), finite_(finite) {
    bad_steps_ = scalar_state(builder, "train.bad_steps", CLQ_I64);
    running_ = builder.op("compare/1", {bad_steps_, builder.constant(kBadStepsToStop, CLQ_I64)}, {{"op", attr("lt")}});
    good_ = builder.op("mul/1", {finite, running_});
  }

  Value good() const { return good_; }

  void count() {
    const Value one_more = builder_.op("add/1", {bad_steps_, builder_.constant(1, CLQ_I64)});
    const Value next = builder_.op("select/1", {finite_, builder_.constant(0, CLQ_I64), one_more});
    builder_.assign(bad_steps_, next, running_);
    const Value skipped = scalar_state(builder_, "train.skipped_steps", CLQ_I64);
    const Value one = builder_.op("select/1", {finite_, builder_.constant(0, CLQ_I64), builder_.constant(1, CLQ_I64)});
    builder_.assign(skipped, builder_.op("add/1", {skipped, one}), running_);
  }

 private:
  GraphBuilder& builder_;
  Value finite_, bad_steps_, running_, good_;
};

// States that layers assigned without a condition change in good steps only.
void guard_states(GraphBuilder& builder, Value good) {
  for (State& state : builder.graph().states)
    if (state.after && !state.when) state.when = good;
}

void add_to_state(GraphBuilder& builder, const std::string& name, Value value, Value when) {
  const Value state = scalar_state(builder, name, CLQ_F64);
  builder.assign(state, builder.op("add/1", {state, value}), when);
}

// With the slope of the penalty, l1 sign(w) + 2 l2 w; biases and the like are spared.
std::vector<Value> penalised(GraphBuilder& builder, const TrainSpec& train, const std::vector<Value>& parameters,
                             std::vector<Value> gradients) {
  const GraphBuilder::Scope scope(builder, "penalty");
  const auto add = [&](Value& gradient, Value slope, double factor) {
    const Value scaled = builder.op("mul/1", {slope, builder.constant(factor, builder.dtype(slope))});
    gradient = builder.op("add/1", {gradient, scaled});
  };
  for (size_t i = 0; i < parameters.size(); ++i) {
    const Value w = parameters[i];
    if ((builder.state_flags(w) & CLQ_STATE_NO_DECAY) != 0) continue;
    const Penalty penalty = builder.penalty(w).value_or(train.penalty);
    if (penalty.l1 > 0) add(gradients[i], builder.op("sign/1", {w}), penalty.l1);
    if (penalty.l2 > 0) add(gradients[i], w, 2 * penalty.l2);
  }
  return gradients;
}

// min(1, clip / (norm + 1e-6)), as PyTorch's clip_grad_norm_.
std::vector<Value> clipped(GraphBuilder& builder, const std::vector<Value>& gradients, Value squares, double clip) {
  if (clip <= 0) return gradients;
  const GraphBuilder::Scope scope(builder, "clip");
  const auto number = [&](double v) { return builder.constant(v, CLQ_F64); };
  const Value norm = builder.op("add/1", {builder.op("sqrt/1", {squares}), number(1e-6)});
  const Value factor = builder.op("minimum/1", {number(1), builder.op("div/1", {number(clip), norm})});
  std::vector<Value> out;
  for (const Value g : gradients) out.push_back(builder.op("mul/1", {g, cast_to(builder, factor, builder.dtype(g))}));
  return out;
}

// What of the way to its parameter an average goes in step t, from 0: 1 - min(ema, (1 + t) / (10 + t)), in F64. The
// first weights would stay in it for long otherwise.
Value average_share(GraphBuilder& builder, double ema, Value step) {
  const auto number = [&](double v) { return builder.constant(v, CLQ_F64); };
  const Value t = cast_to(builder, step, CLQ_F64);
  const Value early = builder.op("div/1", {builder.op("add/1", {t, number(1)}), builder.op("add/1", {t, number(10)})});
  return builder.op("sub/1", {number(1), builder.op("minimum/1", {number(ema), early})});
}

void follow(GraphBuilder& builder, Value parameter, Value next, Value share, Value good) {
  const TensorDesc desc = builder.desc(parameter);
  const Value average = builder.state(std::string(kAverage) + builder.state_name(parameter), desc, init::zeros());
  const Value way = builder.op("mul/1", {builder.op("sub/1", {next, average}), cast_to(builder, share, desc.dtype)});
  builder.assign(average, builder.op("add/1", {average, way}), good);
}

void update(GraphBuilder& builder, const Build& build, const std::vector<Value>& parameters,
            const std::vector<Value>& gradients, Value squares, Value good) {
  const auto optimizer = find_optimizer(build.train.optimizer, build.builders);
  const std::vector<Value> diffs = clipped(builder, gradients, squares, build.train.clip_norm);
  const Value rate = builder.scalar("learning_rate"), step = builder.scalar("step");
  const double ema = build.train.ema;
  const Value share = ema > 0 ? average_share(builder, ema, step) : Value{};
  for (size_t i = 0; i < parameters.size(); ++i) {
    const Value next = optimizer->build(builder, parameters[i], diffs[i], rate, step, good);
    builder.assign(parameters[i], next, good);
    if (share) follow(builder, parameters[i], next, share, good);
  }
  guard_states(builder, good);
}

GraphBuilder training_builder(const Build& build) {
  const std::vector<InputField> fields = batch_fields(build, true);
  GraphBuilder builder(build.ops, Mode::train, fields, build.model.dtype);
  builder.set_replicas(build.train.plan.replicas, build.train.plan.tree);
  declare_inputs(builder, fields);
  declare_scalars(builder);
  return builder;
}

std::vector<Value> trainable(const GraphBuilder& builder) {
  std::vector<Value> parameters = builder.trainable();
  CLQ_REQUIRE(!parameters.empty(), "the model has no parameters to train");
  return parameters;
}

// A state of a layer after the step, from the sum of what each of `n` micro-batches would make of it.
void assign_mean(GraphBuilder& builder, const NextState& state, Value total, int64_t n) {
  const Value mean =
      n == 1 ? total : builder.op("div/1", {total, builder.constant(static_cast<double>(n), state.desc.dtype)});
  builder.assign(builder.state(state.name, state.desc, state.init, state.flags), mean);
}

Graph step(const Build& build) {
  GraphBuilder builder = training_builder(build);
  const Losses losses = build_losses(builder, build);
  const std::vector<Value> parameters = trainable(builder);
  std::vector<Value> gradients = differentiate(builder, losses.mean, parameters);
  const std::vector<NextState> next = take_next_states(builder, build.train.plan);
  StepSums sums(builder, build.train.plan);
  for (Value& gradient : gradients) gradient = sums.over_replicas(gradient);
  const Value loss = sums.over_replicas(losses.sum), weight = sums.over_replicas(losses.weight);
  for (const NextState& state : next)
    assign_mean(builder, state, sums.over_replicas(state.next), build.train.plan.replicas);
  gradients = penalised(builder, build.train, parameters, gradients);
  const Value squares = builder.op("sum_squares/1", gradients);
  // The mean is a replica's own: a verdict on it would not be everybody's.
  const bool alone = build.train.plan.replicas == 1;
  Guard guard(builder, builder.op("all_finite/1", alone ? std::vector<Value>{losses.mean, loss, squares}
                                                        : std::vector<Value>{loss, squares}));
  guard.count();
  add_to_state(builder, "train.loss_sum", loss, guard.good());
  add_to_state(builder, "train.weight_sum", weight, guard.good());
  update(builder, build, parameters, gradients, squares, guard.good());
  return builder.graph();
}

// Sums grow without condition: what is not finite must reach apply, which judges the whole step.
Graph gradients(const Build& build) {
  GraphBuilder builder = training_builder(build);
  const Losses losses = build_losses(builder, build);
  const std::vector<Value> parameters = trainable(builder);
  const std::vector<Value> diffs = differentiate(builder, losses.mean, parameters);
  const std::vector<NextState> next = take_next_states(builder, build.train.plan);
  const Guard guard(builder, builder.op("all_finite/1", {losses.mean, losses.sum}));
  guard_states(builder, guard.good());  // those that are left
  StepSums sums(builder, build.train.plan);
  for (size_t i = 0; i < parameters.size(); ++i) sums.add(builder.state_name(parameters[i]), diffs[i]);
  sums.add("loss", losses.sum);
  sums.add("weight", losses.weight);
  for (const NextState& state : next) sums.add("next." + state.name, state.next);
  return builder.graph();
}

Graph apply(const Build& build) {
  GraphBuilder model = training_builder(build);  // only for names and shapes
  build_losses(model, build);
  GraphBuilder builder(build.ops, Mode::train, {}, build.model.dtype);
  declare_scalars(builder);
  StepSums sums(builder, build.train.plan);
  std::vector<Value> parameters, gradients;
  for (const Value p : trainable(model)) {
    const auto at = std::find_if(model.graph().states.begin(), model.graph().states.end(),
                                 [&](const State& s) { return s.before == p; });
    const GraphBuilder::Training training(builder, false, at->penalty);
    parameters.push_back(builder.state(at->name, model.desc(p), at->init, at->flags));
  }
  for (const Value p : parameters) gradients.push_back(sums.take(builder.state_name(p), builder.desc(p)));
  gradients = penalised(builder, build.train, parameters, gradients);
  const Value loss = sums.take("loss", {CLQ_F64, {}}), weight = sums.take("weight", {CLQ_F64, {}});
  const Value squares = builder.op("sum_squares/1", gradients);
  Guard guard(builder, builder.op("all_finite/1", {squares, loss}));
  guard.count();
  add_to_state(builder, "train.loss_sum", loss, guard.good());
  add_to_state(builder, "train.weight_sum", weight, guard.good());
  const int64_t micro_batches = build.train.plan.replicas * build.train.plan.pieces;
  for (const NextState& state : take_next_states(model, build.train.plan))
    assign_mean(builder, state, sums.take("next." + state.name, state.desc), micro_batches);
  update(builder, build, parameters, gradients, squares, guard.good());
  sums.clear();  // whatever becomes of the step
  return builder.graph();
}

// Loss and gradients as step makes them; no state changes.
Graph diagnose(const Build& build) {
  GraphBuilder builder = training_builder(build);
  const Losses losses = build_losses(builder, build);
  differentiate(builder, losses.mean, trainable(builder));
  std::vector<std::pair<std::string, std::vector<Value>>> scopes;
  for (const Op& op : builder.graph().ops) {
    const auto same = [&](const auto& scope) { return scope.first == op.scope; };
    auto at = std::find_if(scopes.begin(), scopes.end(), same);
    if (at == scopes.end()) at = scopes.insert(scopes.end(), {op.scope, {}});
    for (const Value made : op.outputs)
      if (made && is_float(builder.dtype(made))) at->second.push_back(made);
  }
  for (const auto& [scope, made] : scopes)
    if (!made.empty()) builder.output(scope.empty() ? "the inputs" : scope, builder.op("all_finite/1", made));
  for (State& state : builder.graph().states) state.after = state.when = Value{};
  return builder.graph();
}

}  // namespace

Graph build_train(const Build& build) {
  switch (build.kind) {
    case ProgramKind::gradients:
      return gradients(build);
    case ProgramKind::apply:
      return apply(build);
    case ProgramKind::diagnose:
      return diagnose(build);
    default:
      return step(build);
  }
}

}  // namespace clq
