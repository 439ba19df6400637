// tests/plugins/csv/cells.test.cpp -- cells without a value, ids among them, and texts over several lines.
// SPDX-License-Identifier: BSD-3-Clause
#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "table_harness.hpp"

namespace clq::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

const Plugin& csv() {
  static const Plugin plugin("clq_csv");
  return plugin;
}

TEST(CsvCells, KeepsTheLineEndsOfAQuotedText) {
  const Folder folder;
  const Source source(csv(), folder.write("t.csv", "A,B\r\n1,\"two\r\nlines\"\r\n2,\"x\"\r\r\n3,7\r\r\n"));
  ASSERT_EQ(source.status, CLQ_OK) << source.error;
  EXPECT_EQ(source.info.n_samples, 3);
  EXPECT_EQ(source.field("B").sample.dims[0], 10);
  EXPECT_EQ(source.text("B", 0), "two\r\nlines");
  EXPECT_EQ(source.text("B", 1), "x");
  EXPECT_EQ(source.text("B", 2), "7");
  EXPECT_THAT(source.values<int64_t>("A", {2, 1, 0}, CLQ_I64), ElementsAre(3, 2, 1));
}

}  // namespace
}  // namespace clq::test
