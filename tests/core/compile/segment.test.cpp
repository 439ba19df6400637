// tests/core/compile/segment.test.cpp -- a lowered graph says to C what the graph says.
// SPDX-License-Identifier: BSD-3-Clause
#include <cstring>

#include <gtest/gtest.h>

#include "compile/segment.hpp"
#include "core/compile/models.hpp"

namespace clq::test {
namespace {

TEST(Segment, CarriesEveryPartOfAGraph) {
  const Program p = program(ProgramKind::step, linear_model());
  const Segment segment(p.graph, CLQ_SEG_TRAINING);
  const clq_segment& c = segment.c();
  EXPECT_EQ(c.flags, static_cast<uint32_t>(CLQ_SEG_TRAINING));
  EXPECT_EQ(c.n_values, p.graph.values.size());
  EXPECT_EQ(c.n_inputs, 3U);
  EXPECT_EQ(c.n_scalars, 5U);
  ASSERT_EQ(c.n_ops, p.graph.ops.size());
  for (uint32_t i = 0; i < c.n_ops; ++i) {
    EXPECT_STREQ(c.ops[i].name, p.graph.ops[i].name.c_str());
    EXPECT_EQ(c.ops[i].n_inputs, p.graph.ops[i].inputs.size());
    EXPECT_EQ(c.ops[i].n_attrs, p.graph.ops[i].attrs.size());
  }
  ASSERT_EQ(c.n_states, p.graph.states.size());
  for (uint32_t i = 0; i < c.n_states; ++i) EXPECT_EQ(c.states[i].before, p.graph.states[i].before.index);
}

TEST(Segment, OutlivesItsGraphAndMoves) {
  Segment moved = [] {
    Segment segment(program(ProgramKind::forward, linear_model()).graph, 0);
    return segment;
  }();
  const Segment last = std::move(moved);
  EXPECT_STREQ(last.c().ops[last.c().n_ops - 1].name, "identity/1");
  EXPECT_EQ(last.op_scopes().size(), last.c().n_ops);
}

TEST(Segment, MarksReadOnlyStatesAndUnconditionalOnes) {
  const Segment segment(program(ProgramKind::forward, linear_model()).graph, 0);
  EXPECT_EQ(segment.c().states[0].after, CLQ_NONE);
  EXPECT_EQ(segment.c().states[0].when, CLQ_NONE);
}

TEST(Segment, IsTheSameWheneverItIsBuilt) {
  const Program a = program(ProgramKind::step, linear_model()), b = program(ProgramKind::step, linear_model());
  ASSERT_EQ(a.graph.ops.size(), b.graph.ops.size());
  for (size_t i = 0; i < a.graph.ops.size(); ++i) {
    EXPECT_EQ(a.graph.ops[i].name, b.graph.ops[i].name);
    EXPECT_EQ(a.graph.ops[i].inputs, b.graph.ops[i].inputs);
  }
}

}  // namespace
}  // namespace clq::test
