// core/src/compile/eval_programs.cpp -- forward, post, score and evaluate: the network as it is used.
// SPDX-License-Identifier: BSD-3-Clause
#include <set>

#include "compile/build.hpp"
#include "compile/chain.hpp"
#include "compile/parts.hpp"
#include "graph/host_graph.hpp"

namespace clq {
namespace {

void add_metrics(GraphBuilder& builder, const Build& build, Value prediction, Value target, Value weight) {
  const auto metrics = find_metrics(build.model, build.builders);
  if (metrics == nullptr) return;
  metrics->build(builder, prediction, target);
  const std::vector<Metric> defined = builder.graph().metrics;
  std::set<std::string> with_rows;
  for (const Metric& metric : defined) {
    if (finish_needs_rows(metric.finish)) with_rows.insert(metric.name);
    if (metric.finish.contains("by")) with_rows.insert(metric.finish["by"].get<std::string>());
  }
  for (const Metric& metric : defined) {
    if (with_rows.erase(metric.name) > 0) builder.output("metric." + metric.name, metric.value);
    if (finish_needs_rows(metric.finish)) continue;
    const bool rms = metric.finish["finish"] == "rms";
    const Value value = rms ? builder.op("square/1", {metric.value}) : metric.value;
    add_to_sums(builder, "metric." + metric.name, value, weight);
  }
  for (const std::string& name : with_rows) fail(CLQ_E_INVALID, "metric '{}' is sorted by and not defined", name);
}

TensorDesc batched(const Build& build, TensorDesc sample) {
  sample.dims.insert(sample.dims.begin(), build.batch);
  return sample;
}

InputField prediction_field(const Build& build) {
  return {"prediction", batched(build, prediction_desc(build.model, build.ops, build.builders))};
}

Graph forward(const Build& build) {
  const std::vector<InputField> fields = batch_fields(build, false);
  GraphBuilder builder(build.ops, Mode::infer, fields, build.model.dtype);
  declare_inputs(builder, fields);
  const Value output = build_chain(builder, build.model, build.builders);
  const Value prediction = find_loss(build.model, build.builders)->predict(builder, output);
  builder.output("prediction", builder.op("identity/1", {prediction}));
  return builder.graph();
}

Graph post(const Build& build) {
  const std::vector<InputField> fields = {prediction_field(build)};
  GraphBuilder builder(build.ops, Mode::infer, fields, build.model.dtype);
  const Value prediction = builder.input("prediction");
  if (const clq_builder* task = build.builders.find("task", build.model.task)) {
    const Value inputs[] = {prediction};
    run_builder(*task, builder, Config(build.model.task_options, "task").json(), inputs);
    return builder.graph();
  }
  if (build.model.task == "classification") builder.output("class", builder.op("argmax/1", {prediction}));
  builder.output("prediction", builder.op("identity/1", {prediction}));
  return builder.graph();
}

Graph score(const Build& build) {
  const std::vector<InputField> all = batch_fields(build, true);
  std::vector<InputField> fields = {prediction_field(build)};
  fields.insert(fields.end(), all.end() - 2, all.end());  // target, weight
  GraphBuilder builder(build.ops, Mode::infer, fields, build.model.dtype);
  declare_inputs(builder, fields);
  add_metrics(builder, build, builder.input("prediction"), builder.input("target"), builder.input("weight"));
  return builder.graph();
}

Graph evaluate(const Build& build) {
  const std::vector<InputField> fields = batch_fields(build, true);
  GraphBuilder builder(build.ops, Mode::infer, fields, build.model.dtype);
  declare_inputs(builder, fields);
  const Value target = builder.input("target"), weight = builder.input("weight");
  const auto loss = find_loss(build.model, build.builders);
  const Value output = build_chain(builder, build.model, build.builders);
  const Value per_sample = loss->build(builder, output, target);
  CLQ_REQUIRE(builder.shape(per_sample) == Shape{build.batch}, "loss: one value a sample is wanted, got {}",
              to_string(builder.shape(per_sample)));
  add_to_sums(builder, "metric.loss", cast_to(builder, per_sample, CLQ_F64), weight);
  add_metrics(builder, build, loss->predict(builder, output), target, weight);
  return builder.graph();
}

}  // namespace

Graph build_eval(const Build& build) {
  switch (build.kind) {
    case ProgramKind::forward:
      return forward(build);
    case ProgramKind::post:
      return post(build);
    case ProgramKind::score:
      return score(build);
    default:
      return evaluate(build);
  }
}

}  // namespace clq
