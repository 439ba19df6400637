// tests/conformance/op_cases.test.cpp -- every op is tried, and with every kind of shape that hurts it.
// SPDX-License-Identifier: BSD-3-Clause
#include <gtest/gtest.h>

#include "conformance/hurting.hpp"
#include "ops/op_table.hpp"

namespace clq::test {
namespace {

std::map<std::string, Kinds> kinds_by_op(uint64_t seed) {
  std::map<std::string, Kinds> kinds;
  for (const OpCase& c : op_cases(seed, 4)) count_kinds(c, kinds[c.op]);
  return kinds;
}

TEST(OpCases, AreThereForEveryOp) {
  const auto kinds = kinds_by_op(1);
  for (const std::string& op : OpTable().names()) EXPECT_TRUE(kinds.contains(op)) << op;
}

TEST(OpCases, HaveEveryKindOfShapeThatHurtsWhateverTheSeed) {
  for (const uint64_t seed : {1, 2, 3})
    for (const auto& [op, kinds] : kinds_by_op(seed))
      for (const std::string& kind : kinds_wanted(op)) EXPECT_TRUE(kinds.contains(kind)) << op << " lacks " << kind;
}

TEST(OpCases, AreCountedByTheirShapes) {
  Kinds kinds;
  const Attrs steps = {{"strides", Dims{1, 3}}};
  count_kinds(
      {"conv/1", {empty(CLQ_F32, {2, 64, 5, 13}), empty(CLQ_F32, {8, 64, 2, 2})}, {{CLQ_F32, {2, 8, 4, 4}}}, steps},
      kinds);
  EXPECT_EQ(text_of(kinds), "channels 64: 1, odd: 1, prime: 1, stride > kernel: 1");
  kinds.clear();
  count_kinds({"add/1", {empty(CLQ_F32, {2, 4, 2, 2}), empty(CLQ_F32, {2, 1, 2, 2})}, {{CLQ_F32, {2, 4, 2, 2}}}, {}},
              kinds);
  EXPECT_EQ(text_of(kinds), "broadcast axis 1: 1, size 1: 1");
}

}  // namespace
}  // namespace clq::test
