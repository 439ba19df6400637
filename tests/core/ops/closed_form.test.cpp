// tests/core/ops/closed_form.test.cpp -- every op computes its formula, in F64 on cpu_ref.
// SPDX-License-Identifier: BSD-3-Clause
#include <map>
#include <set>

#include <gtest/gtest.h>

#include "core/ops/cases.hpp"
#include "support/run_graph.hpp"

namespace clq::test {
namespace {

// The figures are left as a property of the test: "op figure op figure ...".
TEST(Op, ComputesItsFormula) {
  const OpTable ops;
  std::map<std::string, double> worst;
  for (const ClosedFormCase& c : as_environment_says(closed_form_cases())) {
    GraphBuilder b(ops, Mode::train, fields_of(c.inputs), CLQ_F64);
    Tensors given;
    std::vector<Value> inputs;
    for (size_t i = 0; i < c.inputs.size(); ++i) {
      inputs.push_back(b.input(numbered("x", i)));
      given[numbered("x", i)] = c.inputs[i];
    }
    b.output("y", c.build(b, inputs));
    const Tensor y = run_graph(b.graph(), given).at("y");
    EXPECT_EQ(y.desc(), c.expected.desc()) << c.op;
    const double figure = distance(y, c.expected, 1);
    EXPECT_LE(figure, 1e-12) << c.op;  // libm's functions differ in the last bits
    worst[c.op] = std::max(worst[c.op], figure);
  }
  std::string figures;
  for (const auto& [op, figure] : worst) figures += fmt::format("{} {:.3g} ", op, figure);
  RecordProperty("figures", figures);
}

TEST(Op, HasAClosedFormCaseWhicheverItIs) {
  std::set<std::string> covered;
  for (const ClosedFormCase& c : as_environment_says(closed_form_cases())) covered.insert(c.op);
  for (const std::string& name : OpTable().names()) EXPECT_TRUE(covered.contains(name)) << name;
}

}  // namespace
}  // namespace clq::test
