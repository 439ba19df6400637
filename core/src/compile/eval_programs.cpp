// core/src/compile/eval_programs.cpp -- forward, post, score and evaluate: the network as it is used.
// SPDX-License-Identifier: BSD-3-Clause
#include <algorithm>
#include <set>

#include "compile/build.hpp"
#include "compile/chain.hpp"
#include "compile/heads.hpp"
#include "compile/learned_density.hpp"
#include "compile/parts.hpp"
#include "compile/target_units.hpp"
#include "metrics/densities.hpp"

namespace clq {
namespace {

void define_metrics_of(GraphBuilder& builder, const MetricSet& metrics, const Head& head, Value prediction,
                       Value target) {
  if (!is_gaussian_elsewhere(head.part())) return metrics.build(builder, prediction, target);
  metrics.build(builder, medians_of(builder, prediction), target);
  add_learned_density_metrics(builder, head, prediction, target);
}

// Those of each head, whose names begin with its own where there are several: "mass_rmse".
void define_metrics(GraphBuilder& builder, const Build& build, const std::vector<Head>& heads,
                    const std::vector<Value>& predictions, Value target) {
  for (size_t i = 0; i < heads.size(); ++i) {
    const auto metrics = find_metrics(heads[i].part(), build.builders);
    if (metrics == nullptr) continue;
    const size_t first = builder.graph().metrics.size();
    define_metrics_of(builder, *metrics, heads[i], predictions[i], heads[i].target(builder, target));
    if (heads[i].name().empty()) continue;
    for (size_t m = first; m < builder.graph().metrics.size(); ++m) {
      Metric& metric = builder.graph().metrics[m];
      metric.name = heads[i].name() + "_" + metric.name;
      for (const char* other : {"by", "over", "where"})
        if (metric.finish.contains(other))
          metric.finish[other] = heads[i].name() + "_" + metric.finish[other].get<std::string>();
    }
  }
}

// The rows' weights, 0 where the metric has no value.
Value weight_of(GraphBuilder& builder, const Metric& metric, Value weight) {
  const std::string where = finish_where(metric.finish);
  if (where.empty()) return weight;
  for (const Metric& other : builder.graph().metrics)
    if (other.name == where) return builder.op("mul/1", {weight, other.value});
  fail(CLQ_E_INVALID, "metric '{}' is used and not defined", where);
}

// Sums on the device and outputs by the row, after define_metrics.
void add_metrics(GraphBuilder& builder, Value weight) {
  const std::vector<Metric> defined = builder.graph().metrics;
  std::set<std::string> with_rows, with_sums, divisors;
  for (const Metric& metric : defined) {
    std::set<std::string>& kept = finish_needs_rows(metric.finish) ? with_rows : with_sums;
    if (finish_has_number(metric.finish)) kept.insert(metric.name);
    if (const std::string other = finish_other(metric.finish); !other.empty()) kept.insert(other);
    if (const std::string where = finish_where(metric.finish); !where.empty() && &kept == &with_rows)
      kept.insert(where);
    if (metric.finish["finish"] == "ratio") divisors.insert(finish_other(metric.finish));
  }
  for (const Metric& metric : defined) {
    if (with_rows.erase(metric.name) > 0) builder.output("metric." + metric.name, metric.value);
    if (with_sums.erase(metric.name) == 0) continue;
    const bool rms = metric.finish["finish"] == "rms";
    CLQ_REQUIRE(!rms || !divisors.contains(metric.name), "metric '{}' keeps squares: no ratio is over it", metric.name);
    const Value value = rms ? builder.op("square/1", {metric.value}) : metric.value;
    add_to_sums(builder, "metric." + metric.name, value, weight_of(builder, metric, weight));
  }
  with_rows.merge(with_sums);
  for (const std::string& name : with_rows) fail(CLQ_E_INVALID, "metric '{}' is used and not defined", name);
}

TensorDesc batched(const Build& build, TensorDesc sample) {
  sample.dims.insert(sample.dims.begin(), build.batch);
  return sample;
}

InputField prediction_field(const Build& build) {
  return {"prediction", batched(build, prediction_desc(build.model, build.ops, build.builders))};
}

// What each head predicts of one sample.
std::vector<Shape> predicted_shapes(const Build& build, const std::vector<Head>& heads) {
  const Build one{ProgramKind::forward, build.model, build.train, 1, build.ops, build.builders};
  GraphBuilder builder(one.ops, Mode::infer, batch_fields(one, false), one.model.dtype);
  const std::vector<Value> values = build_network(builder, one.model, one.builders);
  std::vector<Shape> shapes;
  for (size_t i = 0; i < heads.size(); ++i) {
    Shape dims = builder.shape(heads[i].predict(builder, values[i]));
    dims.erase(dims.begin());
    shapes.push_back(std::move(dims));
  }
  return shapes;
}

std::vector<Value> parts_of_input(GraphBuilder& builder, const Build& build, const std::vector<Head>& heads) {
  if (build.model.outputs.empty()) return {builder.input("prediction")};
  return parted_prediction(builder, builder.input("prediction"), predicted_shapes(build, heads));
}

Value layer_named(const std::string& name, const std::vector<BuiltLayer>& layers) {
  std::vector<std::string> known;
  for (const BuiltLayer& layer : layers) {
    if (layer.name == name) return layer.output;
    known.push_back(layer.name);
  }
  fail(CLQ_E_INVALID, "predict.layers: the network has no layer '{}'{}", name, did_you_mean(name, known));
}

Graph forward(const Build& build) {
  const std::vector<InputField> fields = batch_fields(build, false);
  GraphBuilder builder(build.ops, Mode::infer, fields, build.model.dtype);
  declare_inputs(builder, fields);
  std::vector<BuiltLayer> layers;
  const std::vector<Value> values = build_network(builder, build.model, build.builders, &layers);
  const Value prediction = joined_prediction(builder, heads_of(build.model, build.builders), values);
  builder.output("prediction", builder.op("identity/1", {prediction}));
  for (const std::string& name : build.model.shown)
    builder.output("layer." + name, builder.op("identity/1", {layer_named(name, layers)}));
  return builder.graph();
}

// The most probable class; of one output, the probability of yes, whether that is so.
Value class_of(GraphBuilder& builder, Value prediction) {
  if (builder.shape(prediction).back() > 1) return builder.op("argmax/1", {prediction});
  const Value yes =
      builder.op("compare/1", {prediction, builder.constant(kYes, builder.dtype(prediction))}, {{"op", attr("ge")}});
  const Value number = builder.op("cast/1", {yes}, {{"dtype", attr(CLQ_I64)}});
  return builder.op("reshape/1", {number}, {{"shape", attr(builder.desc(number).count())}});
}

void add_medians(GraphBuilder& builder, const Head& head, Value prediction, const std::string& name,
                 const std::string& sigma) {
  const Value medians = medians_of(builder, prediction), widths = half_widths(builder, head, prediction);
  builder.output(name, builder.op("identity/1", {medians}));
  const int64_t targets = builder.shape(widths)[1];
  for (int64_t k = 0; k < targets; ++k)
    builder.output(targets == 1 ? sigma : fmt::format("{}_{}", sigma, k + 1),
                   flat(builder, columns(builder, widths, k, 1)));
}

// Of densities their means and standard deviations; of anything else what it is. By the head's name where there are
// several, else "prediction" and "PRED_SIGMA".
void add_numbers(GraphBuilder& builder, const Head& head, Value prediction) {
  const int64_t targets = element_count(head.part().target);
  const std::string name = head.name().empty() ? "prediction" : head.name();
  const std::string sigma = head.name().empty() ? "PRED_SIGMA" : head.name() + "_SIGMA";
  if (is_gaussian_elsewhere(head.part())) return add_medians(builder, head, prediction, name, sigma);
  const std::vector<Gaussians> densities = densities_of(builder, prediction, targets, density_of(head.part()));
  if (densities.empty()) return builder.output(name, builder.op("identity/1", {prediction}));
  std::vector<Value> means;
  for (const Gaussians& density : densities) means.push_back(mean_of(builder, density));
  builder.output(name, builder.op("concat/1", means, {{"axis", attr(1)}}));
  for (size_t k = 0; k < densities.size(); ++k)
    builder.output(targets == 1 ? sigma : fmt::format("{}_{}", sigma, k + 1),
                   flat(builder, sigma_of(builder, densities[k])));
}

void name_outputs(GraphBuilder& builder, const Head& head, Value prediction) {
  const std::string& name = head.name();
  if (head.part().task == "regression") return add_numbers(builder, head, prediction);
  if (head.part().task == "classification")
    builder.output(name.empty() ? "class" : name + "_class", class_of(builder, prediction));
  builder.output(name.empty() ? "prediction" : name, builder.op("identity/1", {prediction}));
}

Graph post(const Build& build) {
  const std::vector<InputField> fields = {prediction_field(build)};
  GraphBuilder builder(build.ops, Mode::infer, fields, build.model.dtype);
  const std::vector<Head> heads = heads_of(build.model, build.builders);
  const std::vector<Value> predictions = parts_of_input(builder, build, heads);
  if (build_task(builder, build.model, predictions, build.builders)) return builder.graph();
  for (size_t i = 0; i < heads.size(); ++i) name_outputs(builder, heads[i], predictions[i]);
  return builder.graph();
}

Graph score(const Build& build) {
  std::vector<InputField> fields = scored_fields(build);
  fields.insert(fields.begin(), prediction_field(build));
  GraphBuilder builder(build.ops, Mode::infer, fields, build.model.dtype);
  declare_inputs(builder, fields);
  const std::vector<Head> heads = heads_of(build.model, build.builders);
  define_metrics(builder, build, heads, parts_of_input(builder, build, heads), target_of(builder, build.model));
  add_metrics(builder, builder.input("weight"));
  return builder.graph();
}

void use_averages(GraphBuilder& builder) {
  const std::vector<Value> parameters = builder.trainable();
  for (State& state : builder.graph().states)
    if (std::find(parameters.begin(), parameters.end(), state.before) != parameters.end())
      state.name = std::string(kAverage) + state.name;
}

Graph evaluate(const Build& build) {
  const std::vector<InputField> fields = batch_fields(build, true);
  GraphBuilder builder(build.ops, Mode::infer, fields, build.model.dtype);
  declare_inputs(builder, fields);
  const Value target = target_of(builder, build.model), weight = builder.input("weight");
  const std::vector<Head> heads = heads_of(build.model, build.builders);
  const std::vector<Value> values = build_network(builder, build.model, build.builders);
  const Value per_sample = total_loss(builder, heads, values, target);
  add_to_sums(builder, "metric.loss", cast_to(builder, per_sample, CLQ_F64), weight);
  std::vector<Value> predictions;
  for (size_t i = 0; i < heads.size(); ++i) predictions.push_back(heads[i].predict(builder, values[i]));
  define_metrics(builder, build, heads, predictions, target);
  add_metrics(builder, weight);
  if (build.train.ema > 0) use_averages(builder);
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
