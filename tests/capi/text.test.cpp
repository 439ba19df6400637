// tests/capi/text.test.cpp -- text into the caller's buffer: what is needed, what fits, what is never written.
// SPDX-License-Identifier: BSD-3-Clause
#include <cstring>

#include <calanque/version.h>

#include "client.hpp"

namespace clq::test {
namespace {

TEST(Text, TheVersionIsTheHeaders) { EXPECT_STREQ(clq_version(), CLQ_VERSION_TEXT); }

TEST(Text, IsWrittenOnlyWhereItFitsWhole) {
  Host host;
  ok(clq_config_parse("task = 'regression'", &host.config));
  EXPECT_EQ(clq_config_get(host.config, "task", nullptr, 0), 11);
  char buffer[16];
  std::memset(buffer, 'x', sizeof buffer);
  EXPECT_EQ(clq_config_get(host.config, "task", buffer, 10), 11);
  EXPECT_EQ(buffer[0], 'x');
  EXPECT_EQ(clq_config_get(host.config, "task", buffer, 11), 11);
  EXPECT_STREQ(buffer, "regression");
  EXPECT_EQ(buffer[11], 'x');
}

TEST(Text, OfAProbeIsWrittenOnlyWhereItFitsWhole) {
  char small[] = "x";
  EXPECT_GT(clq_plugin_probe("/nowhere/plugin.so", small, 1), 1) << last_error();
  EXPECT_STREQ(small, "x");
}

TEST(Text, RefusesBuffersThatCannotBe) {
  Host host;
  char buffer[4] = "abc";
  ok(clq_config_parse("", &host.config));
  EXPECT_EQ(clq_config_get(host.config, "task", buffer, -1), CLQ_E_INVALID);
  EXPECT_EQ(clq_config_get(host.config, "task", nullptr, 8), CLQ_E_INVALID);
  EXPECT_EQ(clq_error_text(buffer, -1), CLQ_E_INVALID);
  EXPECT_EQ(clq_error_text(nullptr, 3), CLQ_E_INVALID);
  EXPECT_STREQ(buffer, "abc");
}

TEST(Text, OfAnErrorStaysUntilTheNextOneOfThisThread) {
  Host host;
  EXPECT_EQ(clq_config_parse("task = ", &host.config), CLQ_E_INVALID);
  EXPECT_EQ(clq_error_code(), CLQ_E_INVALID);
  const std::string words = last_error();
  EXPECT_EQ(words.rfind("text:1:", 0), 0u) << words;
  ok(clq_config_parse("task = 'x'", &host.config));
  EXPECT_EQ(last_error(), words);
}

TEST(Text, OfTheLogWaitsForABufferLargeEnough) {
  EXPECT_EQ(clq_log_level(5), CLQ_E_INVALID);
  EXPECT_EQ(clq_log_level(-1), CLQ_E_INVALID);
  ok(clq_log_level(4));
  Host host;
  host.open_trainer();  // says its memory bound
  const int64_t needed = clq_log_next(nullptr, 0);
  ASSERT_GT(needed, 1);
  EXPECT_EQ(clq_log_next(nullptr, 0), needed);  // still there
  char small[] = "x";
  EXPECT_EQ(clq_log_next(small, 1), needed);
  EXPECT_STREQ(small, "x");
  std::string line(static_cast<size_t>(needed), '\0');
  EXPECT_EQ(clq_log_next(line.data(), needed), needed);
  while (clq_log_next(nullptr, 0) > 0) text_of([](char* text, int64_t n) { return clq_log_next(text, n); });
  EXPECT_EQ(clq_log_next(nullptr, 0), 0);
}

TEST(Text, OfTheRunFileParsesBack) {
  Host host;
  ok(clq_config_parse(kRunFile, &host.config));
  ok(clq_config_set(host.config, "train.epochs", "9"));
  const std::string toml = text_of([&](char* text, int64_t n) { return clq_config_dump(host.config, 1, text, n); });
  EXPECT_NE(toml.find("# command line"), std::string::npos);
  EXPECT_NE(toml.find("loss.use = \"mse\""), std::string::npos) << toml;  // the task's
  Host again;
  ok(clq_config_parse(toml.c_str(), &again.config));
  const auto plain = [](clq_handle config) {
    return text_of([&](char* t, int64_t n) { return clq_config_dump(config, 0, t, n); });
  };
  EXPECT_EQ(plain(again.config), plain(host.config));
}

}  // namespace
}  // namespace clq::test
