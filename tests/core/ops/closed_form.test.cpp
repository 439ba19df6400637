// tests/core/ops/closed_form.test.cpp -- every op computes its formula, in F64 on cpu_ref.
// SPDX-License-Identifier: BSD-3-Clause
#include <set>

#include <gtest/gtest.h>

#include "core/ops/cases.hpp"
#include "support/run_graph.hpp"

namespace clq::test {
namespace {

TEST(Op, ComputesItsFormula) {
  const OpTable ops;
  for (const ClosedFormCase& c : closed_form_cases()) {
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
    EXPECT_LE(distance(y, c.expected, 1), 1e-12) << c.op;  // libm's functions differ in the last bits
  }
}

TEST(Op, HasAClosedFormCaseWhicheverItIs) {
  std::set<std::string> covered;
  for (const ClosedFormCase& c : closed_form_cases()) covered.insert(c.op);
  for (const std::string& name : OpTable().names()) EXPECT_TRUE(covered.contains(name)) << name;
}

}  // namespace
}  // namespace clq::test
