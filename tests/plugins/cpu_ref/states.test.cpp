// tests/plugins/cpu_ref/states.test.cpp -- what outlives a run: predicates, order of reads and writes, aliases.
// SPDX-License-Identifier: BSD-3-Clause
#include "plugins/cpu_ref/near.hpp"

namespace clq::test {
namespace {

class States : public ::testing::Test {
 protected:
  Session session{load_backend("cpu_ref")};
  SegmentBuilder b;
};
using Floats4 = std::vector<float>;

TEST_F(States, AreKeptBitForBitWhenThePredicateIsZero) {
  const uint32_t w = b.state(CLQ_F32, {4}), x = b.input(CLQ_F32, {4}), when = b.input(CLQ_U8, {});
  b.assign(w, b.op1("add/1", {w, x}, CLQ_F32, {4}), when);
  Program p(session, b);
  const Array start = array<float>({4}, {1, -0.0f, 3, std::nanf("7")}), add = array<float>({4}, {1, 1, 1, 1});
  p.set_state(0, start);
  p.run({add, array<uint8_t>({}, {0})});
  EXPECT_EQ(p.state(0).data, start.data);
  p.run({add, array<uint8_t>({}, {1})});
  EXPECT_EQ(p.state(0).as<float>()[0], 2);
  EXPECT_EQ(p.state(0).as<float>()[2], 4);
  EXPECT_TRUE(p.guards_intact());
}

TEST_F(States, ReadAfterTheirAssignmentGiveTheOldValue) {
  const uint32_t w = b.state(CLQ_F32, {4}), one = b.constant(array<float>({}, {1}));
  const uint32_t next = b.op1("add/1", {w, one}, CLQ_F32, {4});
  b.assign(w, next);
  const uint32_t late = b.op1("mul/1", {w, next}, CLQ_F32, {4});  // after `next` exists, w is still the old one
  b.output(late);
  b.output(w);
  b.output(next);
  Program p(session, b);
  p.set_state(0, array<float>({4}, {1, 2, 3, 4}));
  const auto out = p.run({});
  EXPECT_EQ(out[0].as<float>(), (Floats4{2, 6, 12, 20}));
  EXPECT_EQ(out[1].as<float>(), (Floats4{1, 2, 3, 4}));
  EXPECT_EQ(out[2].as<float>(), (Floats4{2, 3, 4, 5}));
  EXPECT_EQ(p.state(0).as<float>(), (Floats4{2, 3, 4, 5}));
}

TEST_F(States, CanBeSwapped) {
  const uint32_t u = b.state(CLQ_F32, {2}), v = b.state(CLQ_F32, {2});
  b.assign(u, v);
  b.assign(v, b.op1("reshape/1", {u}, CLQ_F32, {2}, {{"shape", std::vector<int64_t>{2}}}));
  Program p(session, b);
  p.set_state(0, array<float>({2}, {1, 2}));
  p.set_state(1, array<float>({2}, {3, 4}));
  p.run({});
  EXPECT_EQ(p.state(0).as<float>(), (Floats4{3, 4}));
  EXPECT_EQ(p.state(1).as<float>(), (Floats4{1, 2}));
}

TEST_F(States, AreUpdatedInPlaceOnlyWhereNobodyLooks) {
  // transposing [3, 3] over itself would be wrong; adding a broadcast row of the state to the state, too
  const uint32_t m = b.state(CLQ_F32, {2, 2}), n = b.state(CLQ_F32, {2, 2});
  b.assign(m, b.op1("transpose/1", {m}, CLQ_F32, {2, 2}, {{"perm", std::vector<int64_t>{1, 0}}}));
  b.assign(n, b.op1("matmul/1", {n, n}, CLQ_F32, {2, 2}));
  Program p(session, b);
  for (const uint32_t i : {0u, 1u}) p.set_state(i, array<float>({2, 2}, {1, 2, 3, 4}));
  p.run({});
  EXPECT_EQ(p.state(0).as<float>(), (Floats4{1, 3, 2, 4}));
  EXPECT_EQ(p.state(1).as<float>(), (Floats4{7, 10, 15, 22}));
}

TEST_F(States, ThatAreAPredicateDecideByTheirOldValue) {
  const uint32_t flag = b.state(CLQ_U8, {}), w = b.state(CLQ_F32, {1}), x = b.input(CLQ_F32, {1});
  b.assign(flag, b.constant(array<uint8_t>({}, {0})));
  b.assign(w, x, flag);
  Program p(session, b);
  p.set_state(0, array<uint8_t>({}, {1}));
  p.run({array<float>({1}, {5})});
  p.run({array<float>({1}, {6})});
  EXPECT_EQ(p.state(1).as<float>()[0], 5);
}

TEST_F(States, WithoutAnAssignmentAreOnlyRead) {
  const uint32_t w = b.state(CLQ_F64, {2}), lr = b.scalar(CLQ_F64), step = b.scalar(CLQ_I64);
  b.output(b.op1("mul/1", {w, lr}, CLQ_F64, {2}));
  b.output(step);
  Program p(session, b);
  p.set_state(0, array<double>({2}, {1, 2}));
  const auto out = p.run({}, {cell(0.5), cell(int64_t{-9})});
  EXPECT_EQ(out[0].as<double>(), (std::vector<double>{0.5, 1}));
  EXPECT_EQ(out[1].as<int64_t>()[0], -9);
  EXPECT_EQ(p.state(0).as<double>(), (std::vector<double>{1, 2}));
}

TEST_F(States, TemporariesOfALongChainShareMemory) {
  const int64_t n = 1000;
  const uint32_t x = b.input(CLQ_F32, {n});
  uint32_t v = x;
  for (int i = 0; i < 40; ++i) v = b.op1(i % 2 == 0 ? "neg/1" : "square/1", {v}, CLQ_F32, {n});
  b.output(b.op1("add/1", {v, x}, CLQ_F32, {n}));  // x is needed to the end
  Program p(session, b);
  EXPECT_LE(p.workspace_bytes(), 2 * (n * 4 + 64));
  const auto out = p.run({array<float>({n}, std::vector<float>(n, 1))});
  EXPECT_EQ(out[0].as<float>()[n - 1], 2);
}

TEST_F(States, OutputsMayBeInputsConstantsAndEachOther) {
  const uint32_t x = b.input(CLQ_F32, {2}), c = b.constant(array<float>({2}, {8, 9}));
  const uint32_t y = b.op1("neg/1", {x}, CLQ_F32, {2});
  for (const uint32_t v : {x, c, y, y, b.op1("identity/1", {y}, CLQ_F32, {2})}) b.output(v);
  Program p(session, b);
  const auto out = p.run({array<float>({2}, {1, 2})});
  EXPECT_EQ(out[0].as<float>(), (Floats4{1, 2}));
  EXPECT_EQ(out[1].as<float>(), (Floats4{8, 9}));
  for (const int i : {2, 3, 4}) EXPECT_EQ(out[static_cast<size_t>(i)].as<float>(), (Floats4{-1, -2}));
}

}  // namespace
}  // namespace clq::test
