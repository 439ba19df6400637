// core/src/compile/programs.cpp -- from a model's description to the graphs that run.
// SPDX-License-Identifier: BSD-3-Clause
#include "compile/programs.hpp"

#include <limits>

#include "compile/build.hpp"
#include "compile/parts.hpp"
#include "compile/passes/passes.hpp"
#include "compile/step_sums.hpp"
#include "graph/init.hpp"

namespace clq {

std::string BuilderLookup::hint(const std::string& kind, const std::string& name,
                                std::vector<std::string> known) const {
  for (std::string& offered : builder_names(kind)) known.push_back(std::move(offered));
  return did_you_mean(name, known) + refused_plugins();
}

std::vector<InputField> batch_fields(const Build& build, bool with_target) {
  std::vector<InputField> fields;
  const auto add = [&](const std::string& name, DType dtype, const Shape& sample) {
    Shape dims = {build.batch};
    dims.insert(dims.end(), sample.begin(), sample.end());
    for (const InputField& known : fields) CLQ_REQUIRE(known.name != name, "input '{}' is there twice", name);
    fields.push_back({name, {dtype, std::move(dims)}});
  };
  for (const InputField& field : build.model.inputs) add(field.name, field.desc.dtype, field.desc.dims);
  if (!with_target) return fields;
  if (build.model.learns == "target") add("target", CLQ_F64, build.model.target);
  add("weight", CLQ_F64, {});
  return fields;
}

std::vector<InputField> scored_fields(const Build& build) {
  std::vector<InputField> fields = batch_fields(build, true);
  const std::string& learned = build.model.learns;
  std::erase_if(fields, [&](const InputField& field) {
    const bool masks = field.name == "mask" && learned == "images";
    return field.name != learned && field.name != "weight" && !masks;
  });
  return fields;
}

Value target_of(GraphBuilder& builder, const ModelSpec& model) {
  if (model.learns.empty()) return {};
  const Value target = builder.input(model.learns);
  if (model.learns != "images" || !builder.has_input("mask")) return target;
  const Value mask = builder.input("mask");
  const Value good = builder.op("compare/1", {mask, builder.constant(0, builder.dtype(mask))}, {{"op", attr("ne")}});
  const double nothing = std::numeric_limits<double>::quiet_NaN();
  return builder.op("select/1", {good, target, builder.constant(nothing, builder.dtype(target))});
}

void declare_inputs(GraphBuilder& builder, const std::vector<InputField>& fields) {
  for (const InputField& field : fields) builder.input(field.name);
}

Value weighted(GraphBuilder& builder, Value per_sample, Value weight) {
  const DType dtype = builder.dtype(per_sample);
  const Value w = builder.dtype(weight) == dtype ? weight : builder.op("cast/1", {weight}, {{"dtype", attr(dtype)}});
  const Value zero = builder.constant(0, dtype);
  const Value counts = builder.op("compare/1", {w, zero}, {{"op", attr("ne")}});
  return builder.op("select/1", {counts, builder.op("mul/1", {per_sample, w}), zero});
}

Value sum(GraphBuilder& builder, Value x) { return builder.op("reduce_sum/1", {x}); }

Value scalar_state(GraphBuilder& builder, const std::string& name, DType dtype) {
  return builder.state(name, {dtype, {}}, init::zeros());
}

void add_to_sums(GraphBuilder& builder, const std::string& name, Value per_sample, Value weight) {
  const Value total = scalar_state(builder, name + ".sum", CLQ_F64);
  const Value mass = scalar_state(builder, name + ".weight", CLQ_F64);
  builder.assign(total, builder.op("add/1", {total, sum(builder, weighted(builder, per_sample, weight))}));
  builder.assign(mass, builder.op("add/1", {mass, sum(builder, weight)}));
}

Program build_program(ProgramKind kind, const ModelSpec& model, const TrainSpec& train, int64_t batch,
                      const OpTable& ops, const BuilderLookup& builders) {
  CLQ_REQUIRE(batch > 0, "a batch needs rows, got {}", batch);
  require_plugins(model, builders);
  const Build build{kind, model, train, batch, ops, builders};
  const bool trains = kind == ProgramKind::gradients || kind == ProgramKind::apply || kind == ProgramKind::step ||
                      kind == ProgramKind::diagnose;
  const Graph graph = trains ? build_train(build) : build_eval(build);
  Program program{kind, batch, remove_dead(merge_equal(remove_dead(graph)))};
  number_buckets(program.graph);
  return program;
}

TensorDesc prediction_desc(const ModelSpec& model, const OpTable& ops, const BuilderLookup& builders) {
  const Program forward = build_program(ProgramKind::forward, model, {}, 1, ops, builders);
  TensorDesc desc = forward.graph.desc(forward.graph.outputs.at(0).value);
  CLQ_REQUIRE(!desc.dims.empty() && desc.dims[0] == 1, "the model's output {} does not start with the samples",
              to_string(desc.dims));
  desc.dims.erase(desc.dims.begin());
  return desc;
}

}  // namespace clq
