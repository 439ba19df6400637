// tests/conformance/parts/ops.cpp -- ops of a plugin: their gradients, and that F32 agrees with F64.
// SPDX-License-Identifier: BSD-3-Clause
#include <algorithm>
#include <utility>

#include "conformance/parts/lists.hpp"
#include "conformance/parts/loaded.hpp"

namespace clq::conformance {
namespace {

// A table, series, images; with one or two numbers a column, or another of the same shape. The first of both signs,
// below 1 or above, where a logarithm, asin or acosh is finite.
std::vector<Inputs> offered_to_ops() {
  const auto more = [](const Shape& dims, uint64_t seed) { return test::uniform(dims, 0.3, 2, seed); };
  std::vector<Inputs> all;
  for (const Shape& dims : {Shape{4, 3}, Shape{2, 3, 4}, Shape{2, 3, 4, 5}})
    for (const auto& [least, most] : {std::pair{-2.0, 2.0}, {0.1, 0.9}, {1.1, 2.0}}) {
      const Shape columns = {dims[1]};
      const Tensor first = test::uniform(dims, least, most, 1);
      all.push_back({first});
      all.push_back({first, more(columns, 2)});
      all.push_back({first, more(columns, 2), more(columns, 3)});
      all.push_back({first, more(dims, 2)});
    }
  return all;
}

// Those that the plugin adds to the core's.
std::vector<std::string> own_ops(const Loaded& loaded) {
  const std::vector<std::string> core = OpTable().names();
  std::vector<std::string> own;
  for (const std::string& name : loaded.ops.names())
    if (std::find(core.begin(), core.end(), name) == core.end()) own.push_back(name);
  return own;
}

struct OneOp {
  test::BuildCase build;
  std::vector<Inputs> inputs;  // all that it takes
};

OneOp one_op(const Loaded& loaded, const std::string& name) {
  const test::BuildCase build = test::just(name);
  return {build, taken_inputs(offered_to_ops(), [&](const Inputs& some) {
            GraphBuilder graph(loaded.ops, Mode::train, test::fields_of(some), CLQ_F64);
            build(graph, values_of(graph, some.size()));
          })};
}

Tensor result_of(const Loaded& loaded, const OneOp& op, const Inputs& inputs) {
  GraphBuilder graph(loaded.ops, Mode::infer, test::fields_of(inputs), inputs[0].desc().dtype);
  graph.output("y", graph.op("identity/1", {op.build(graph, values_of(graph, inputs.size()))}));
  return loaded.on_reference(graph.graph()).run(named_inputs(inputs)).at("y");
}

// Of those that it takes; with none, every comparison is one of NaN with NaN.
std::vector<Inputs> with_finite_result(const Loaded& loaded, const OneOp& op, const std::string& name,
                                       Findings& findings) {
  std::vector<Inputs> finite;
  for (const Inputs& inputs : op.inputs)
    if (all_finite(result_of(loaded, op, inputs))) finite.push_back(inputs);
  findings.expect(!finite.empty(), "{}: its result is finite for none of the {} finite inputs that it takes", name,
                  op.inputs.size());
  return finite;
}

void has_gradient(const Loaded& loaded, const std::string& name, Findings& findings) {
  if (!loaded.ops.has_gradient(name)) throw Unsupported("it has no gradient");
  const OneOp op = one_op(loaded, name);
  for (const Inputs& inputs : with_finite_result(loaded, op, name, findings)) {
    const Off worst = worst_gradient(loaded, op.build, inputs, inputs.size());
    findings.expect(worst.distance <= kGradientBound,
                    "{} of {}: its gradient by {} is {:.1e} off central differences, {:.0e} is right", name,
                    to_string(inputs[0].desc().dims), worst.by, worst.distance, kGradientBound);
  }
}

// Inputs that f32 holds, so that both begin with the same numbers.
void agrees_in_f32(const Loaded& loaded, const std::string& name, Findings& findings) {
  constexpr double kBound = 1e-5;  // a hundred roundings
  const OneOp op = one_op(loaded, name);
  with_finite_result(loaded, op, name, findings);
  for (const Inputs& inputs : op.inputs) {
    Inputs narrow, wide;
    for (const Tensor& tensor : inputs) {
      narrow.push_back(test::tensor(tensor.desc().dims, test::numbers(tensor), CLQ_F32));
      wide.push_back(test::tensor(tensor.desc().dims, test::numbers(narrow.back())));
    }
    const Tensor y = result_of(loaded, op, narrow), expected = result_of(loaded, op, wide);
    const double apart = test::distance(test::tensor(y.desc().dims, test::numbers(y)), expected, 1e-3);
    findings.expect(apart <= kBound, "{} of {}: in f32 it is {:.1e} off what it is in f64, {:.0e} is right", name,
                    to_string(inputs[0].desc().dims), apart, kBound);
  }
}

using OpCheck = void (*)(const Loaded&, const std::string&, Findings&);

void add_op_case(std::vector<Case>& cases, const char* name, const char* what, OpCheck check) {
  cases.push_back({name, what, [check](const Subject& subject, Findings& findings) {
                     const Loaded& loaded = load(subject);
                     for_each(own_ops(loaded), findings, [&](const std::string& op) { check(loaded, op, findings); });
                   }});
}

}  // namespace

void add_plugin_op_cases(std::vector<Case>& cases) {
  add_op_case(cases, "ops.gradients", "agree with central differences", has_gradient);
  add_op_case(cases, "ops.types", "f32 agrees with f64", agrees_in_f32);
}

}  // namespace clq::conformance
