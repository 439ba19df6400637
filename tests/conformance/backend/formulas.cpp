// tests/conformance/backend/formulas.cpp -- each op against its closed form, and the gradients that are made of them.
// SPDX-License-Identifier: BSD-3-Clause
#include <algorithm>
#include <map>
#include <optional>
#include <set>

#include "compile/autodiff.hpp"
#include "compile/segment.hpp"
#include "conformance/allocation_count.hpp"
#include "conformance/backend/lists.hpp"
#include "conformance/backend/under_test.hpp"
#include "core/ops/cases.hpp"
#include "ops/op_words.hpp"
#include "support/run_graph.hpp"

namespace clq::conformance {
namespace {

using test::ClosedFormCase;
using test::GradientCase;
using test::numbered;
using test::Tensors;

Tensor in_type(const Tensor& tensor, DType dtype) {
  if (!is_float(tensor.desc().dtype) || tensor.desc().dtype == dtype) return tensor;
  Tensor out({dtype, tensor.desc().dims});
  convert(tensor.bytes(), tensor.desc().dtype, out.bytes(), dtype, tensor.desc().count());
  return out;
}

std::vector<Tensor> in_type(const std::vector<Tensor>& list, DType dtype) {
  std::vector<Tensor> out;
  for (const Tensor& t : list) out.push_back(in_type(t, dtype));
  return out;
}

Tensors named(const std::vector<Tensor>& inputs) {
  Tensors out;
  for (size_t i = 0; i < inputs.size(); ++i) out[numbered("x", i)] = inputs[i];
  return out;
}

std::vector<Value> input_values(GraphBuilder& b, size_t n) {
  std::vector<Value> values;
  for (size_t i = 0; i < n; ++i) values.push_back(b.input(numbered("x", i)));
  return values;
}

// Why not; "": it ran, and out holds what it gave. A second run must allocate nothing.
std::string run_on(UnderTest& tested, const Subject& subject, const Graph& graph, const Tensors& inputs, Tensors& out,
                   Findings& findings) {
  const Segment segment(graph, 0);
  if (std::string why = refusal(tested.session(), segment.c()); !why.empty()) return why;
  test::Runner runner(graph, tested.api(), subject.device);
  out = runner.run(inputs);
  int64_t allocations = 0;
  count_allocations_of(subject.file);
  runner.run_again([&] { allocations = stop_counting_allocations(); });
  findings.expect(allocations == 0, "the second run allocated {} times in the plugin's own code, 0 is right",
                  allocations);
  return "";
}

// Counts what ran, and how far it was off; all refused: Unsupported with the last reason.
struct Tally {
  size_t ran = 0;
  std::map<DType, double> farthest;
  std::string reason = "no case of it in a dtype that the backend takes";
  void add(DType dtype, double distance) { farthest[dtype] = std::max(farthest[dtype], distance); }
  void end(Findings& findings) const {
    if (ran == 0) throw Unsupported(reason);
    findings.note("cases", fmt::format("{}", ran));
    for (const auto& [dtype, distance] : farthest)
      findings.note(fmt::format("largest distance in {}", dtype_name(dtype)), fmt::format("{:.2g}", distance));
  }
};

// A constant of the case may be of the other dtype: then there is no graph.
std::optional<Graph> formula_graph(const OpTable& ops, const ClosedFormCase& c, DType dtype) try {
  const auto inputs = in_type(c.inputs, dtype);
  GraphBuilder b(ops, Mode::train, test::fields_of(inputs), dtype);
  b.output("y", c.build(b, input_values(b, inputs.size())));
  return b.graph();
} catch (const Error&) {
  return std::nullopt;
}

// Of a closed form: its few terms leave less than the sums that tolerance() is for.
double formula_tolerance(const std::string& op, DType dtype) { return std::min(5e-5, tolerance(op, dtype)); }

void has_its_formula(const Subject& subject, const std::string& op, Findings& findings) {
  UnderTest tested(subject);
  const OpTable ops;
  Tally tally;
  for (const ClosedFormCase& c : test::closed_form_cases())
    for (const DType dtype : {CLQ_F64, CLQ_F32}) {
      const std::optional<Graph> graph = c.op == op ? formula_graph(ops, c, dtype) : std::nullopt;
      if (!graph) continue;
      Tensors out;
      if (std::string why = run_on(tested, subject, *graph, named(in_type(c.inputs, dtype)), out, findings);
          !why.empty()) {
        tally.reason = why;
        continue;
      }
      ++tally.ran;
      const double d = test::distance(in_type(out.at("y"), CLQ_F64), in_type(c.expected, CLQ_F64), 1);
      const double near = formula_tolerance(op, dtype);
      tally.add(dtype, d);
      findings.expect(d <= near, "{} in {}: {:.3g} from its formula, at most {:.0g} is right", op, dtype_name(dtype), d,
                      near);
    }
  tally.end(findings);
  findings.note("within", fmt::format("{:.0g}", formula_tolerance(op, CLQ_F32)));  // in F32
}

// None where a constant of the case is of the other dtype.
std::optional<Graph> gradient_graph(const OpTable& ops, const GradientCase& c, DType dtype) try {
  const auto given = in_type(c.inputs, dtype);
  GraphBuilder b(ops, Mode::train, test::fields_of(given), dtype);
  const std::vector<Value> inputs = input_values(b, given.size());
  const Value y = c.build(b, inputs);
  const Value weights = b.constant(test::uniform(b.shape(y), 0.5, 1.5, 77, b.dtype(y)));
  const Value loss = b.op("reduce_sum/1", {b.op("mul/1", {y, weights})});
  const std::vector<Value> diffs = differentiate(b, loss, inputs);
  for (size_t i = 0; i < diffs.size(); ++i) b.output(numbered("d", i), b.op("identity/1", {diffs[i]}));
  return b.graph();
} catch (const Error&) {
  return std::nullopt;
}

// Runs the case, and the same on cpu_ref.
void compare_gradient(UnderTest& tested, const Subject& subject, const GradientCase& c, DType dtype, Tally& tally,
                      Findings& findings) {
  const OpTable ops;
  const std::optional<Graph> graph = gradient_graph(ops, c, dtype);
  if (!graph) return;
  const Tensors inputs = named(in_type(c.inputs, dtype));
  Tensors got;
  if (std::string why = run_on(tested, subject, *graph, inputs, got, findings); !why.empty()) {
    tally.reason = why;
    return;
  }
  ++tally.ran;
  const double most = gradient_tolerance(dtype);
  for (const auto& [name, tensor] : test::Runner(*graph, reference_of(subject), 0).run(inputs)) {
    const double d = test::distance(got.at(name), tensor, 1e-3);
    tally.add(dtype, d);
    findings.expect(d <= most, "{} in {}: gradient {} is {:.3g} from cpu_ref's, at most {:.0g} is right", c.op,
                    dtype_name(dtype), name, d, most);
  }
}

void has_its_gradient(const Subject& subject, const std::string& op, Findings& findings) {
  UnderTest tested(subject);
  Tally tally;
  for (const GradientCase& c : test::gradient_cases())
    for (const DType dtype : {CLQ_F64, CLQ_F32})
      if (c.op == op) compare_gradient(tested, subject, c, dtype, tally, findings);
  tally.end(findings);
}

}  // namespace

void add_formula_cases(std::vector<Case>& cases) {
  std::set<std::string> formulas, gradients;
  for (const ClosedFormCase& c : test::closed_form_cases()) formulas.insert(c.op);
  for (const GradientCase& c : test::gradient_cases()) gradients.insert(c.op);
  const auto name = [](const std::string& op, const char* kind) {
    return fmt::format("op.{}.{}", op.substr(0, op.find('/')), kind);
  };
  for (const std::string& op : formulas)
    cases.push_back({name(op, "formula"), "the values of docs/ops.md's formula",
                     [op](const Subject& s, Findings& f) { has_its_formula(s, op, f); }});
  for (const std::string& op : gradients)
    cases.push_back({name(op, "gradient"), "the gradient through it, in F64 and F32, as on cpu_ref",
                     [op](const Subject& s, Findings& f) { has_its_gradient(s, op, f); }});
}

}  // namespace clq::conformance
