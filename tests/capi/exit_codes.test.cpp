// tests/capi/exit_codes.test.cpp -- statuses as the program's exit codes: what is read, and what is written.
// SPDX-License-Identifier: BSD-3-Clause
#include <filesystem>

#include <gtest/gtest.h>

#include <client.hpp>

namespace clq::cli {
namespace {

// The library's words are "<path>: no such file", of CLQ_E_NOT_FOUND.
int exit_code(const std::string& path, const std::string& output) {
  clq_handle config = 0;
  const clq_status status = clq_config_load(path.c_str(), &config);
  EXPECT_EQ(status, CLQ_E_NOT_FOUND) << path;
  try {
    check(status, About{.output = output});
  } catch (const Failure& failure) {
    return failure.exit_code();
  }
  return 0;
}

TEST(ExitCodes, OfWritingBeginWithTheOutput) {
  EXPECT_EQ(exit_code("none/out.toml", "none/out.toml"), kWrite);
  EXPECT_EQ(exit_code("none/run/metrics.csv", "none/run"), kWrite);
  EXPECT_EQ(exit_code("none/run/metrics.csv", "none/run//"), kWrite);
  EXPECT_EQ(exit_code("none/out.csv", "csv://none/out.csv"), kWrite);
  EXPECT_EQ(exit_code(std::filesystem::absolute("none/run/metrics.csv").string(), "none/run/"), kWrite);
}

TEST(ExitCodes, OfReadingHoldTheNameOfTheOutputAtMost) {
  EXPECT_EQ(exit_code("none/data/cat.fits", "cat.fits"), kInput);
  EXPECT_EQ(exit_code("none/cat.fits", "a"), kInput);
  EXPECT_EQ(exit_code("nonesuch/cat.fits", "none"), kInput);
  EXPECT_EQ(exit_code("none/cat.fits", ""), kInput);
}

}  // namespace
}  // namespace clq::cli
