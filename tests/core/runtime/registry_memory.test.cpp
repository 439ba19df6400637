// tests/core/runtime/registry_memory.test.cpp -- memory runs out while plugins are loaded: none is left half in use.
// SPDX-License-Identifier: BSD-3-Clause
#include <gtest/gtest.h>

#include "runtime/registry.hpp"
#include "support/scarce_memory.hpp"

namespace clq {
namespace {

const std::filesystem::path kGood = std::filesystem::path(CLQ_TOY_DIR) / "good";

// False: the memory sufficed.
bool runs_out_after(int64_t allocations) {
  Registry registry;
  bool out = false;
  try {
    test::allocations_left = allocations;
    registry.load(kGood);
  } catch (const std::exception&) {
    out = true;
  }
  out = out || test::allocations_left == 0;
  test::allocations_left = -1;
  for (const PluginReport& report : registry.reports()) {
    EXPECT_EQ(report.problem.empty(), !report.offers.empty()) << allocations << ": " << report.file << report.problem;
    EXPECT_NE(report.problem, "not yet in use") << allocations;
  }
  return out;
}

TEST(RegistryMemory, ThatRunsOutLeavesNoPluginHalfInUse) {
  ASSERT_FALSE(runs_out_after(-1));
  int64_t allocations = 0;
  for (; runs_out_after(allocations); ++allocations) {
    Registry registry;
    registry.load(kGood);
    ASSERT_EQ(registry.reports().size(), 2u);
    for (const PluginReport& report : registry.reports()) ASSERT_EQ(report.problem, "") << allocations;
    if (HasFailure()) return;
  }
  EXPECT_GT(allocations, 20);
}

}  // namespace
}  // namespace clq
