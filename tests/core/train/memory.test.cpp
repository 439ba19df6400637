// tests/core/train/memory.test.cpp -- what the printed bound counts for a reader.
// SPDX-License-Identifier: BSD-3-Clause
#include "train/memory.hpp"

#include <gtest/gtest.h>

namespace clq {
namespace {

TEST(MemoryBound, CountsTheObjectsThatReadersHold) {
  constexpr int64_t kMegabyte = 1 << 20, kObject = int64_t{5} * 2048 * 2048 * 4;
  EXPECT_EQ(reader_bytes({{"images", {{"object_bytes", kObject}}}}), 2 * kObject);
  EXPECT_EQ(reader_bytes({{"images", {{"object_bytes", 5 * 64 * 64 * 4}}}}), kMegabyte);
  for (const Json& none : {Json(), Json::array(), Json{{"images", 3}}, Json{{"images", {{"object_bytes", "many"}}}},
                           Json{{"images", {{"object_bytes", -1}}}}})
    EXPECT_EQ(reader_bytes(none), kMegabyte) << none.dump();
  EXPECT_GT(reader_bytes({{"images", {{"object_bytes", INT64_MAX}}}}), kObject);
}

}  // namespace
}  // namespace clq
