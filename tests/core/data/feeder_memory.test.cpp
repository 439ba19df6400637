// tests/core/data/feeder_memory.test.cpp -- memory runs out in a reader's thread: the consumer is told, nothing ends.
// SPDX-License-Identifier: BSD-3-Clause
#include "core/data/feeder_support.hpp"
#include "support/scarce_memory.hpp"

namespace clq {
namespace {

// A row is wrong, and what the reader has to say about it needs memory.
TEST(FeederMemory, ThatRunsOutWhileAnErrorIsKeptIsTheError) {
  for (int64_t left = 0; left < 40; ++left) {
    test::Scripted script = test::numbers(10);
    script.before = [left](int64_t, const clq_read&) {
      test::allocations_left = left;
      return CLQ_E_IO;
    };
    test::Line line(script, 4, 2, {1, 0, -1, {}});
    const std::string words = test::words_of([&] { line.feeder->next(); });
    EXPECT_THAT(words, testing::AnyOf("out of memory", testing::HasSubstr("cat.fits[1], row "))) << left;
  }
}

}  // namespace
}  // namespace clq
