// tests/capi/manners.test.cpp -- the library leaves its host's process as it found it.
// SPDX-License-Identifier: BSD-3-Clause
#include <cfenv>
#include <clocale>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>

#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include "client.hpp"
#include "support/other_locale.hpp"

namespace clq::test {
namespace {

// Everything a user can do, errors included.
void whole_life(const std::string& folder) {
  Host host;
  host.open_trainer(folder.c_str());
  host.train();
  EXPECT_LT(clq_config_set(host.config, "train.epoch", "1"), 0);
  EXPECT_LT(clq_plugins_load("/nowhere"), 0);
  ok(clq_evaluate(&host.model, 1, host.source, nullptr, nullptr, &host.result));
  const float row[2] = {};
  float out = 0;
  ok(clq_predict(host.model, row, 1, 2, &out, 1));
  text_of([](char* t, int64_t n) { return clq_plugins_report(t, n); });
  text_of([](char* t, int64_t n) { return clq_devices_report(t, n); });
}

class Manners : public testing::Test {
 protected:
  void SetUp() override { std::filesystem::remove_all(folder_); }
  void TearDown() override { std::filesystem::remove_all(folder_); }
  const std::string folder_ = testing::TempDir() + "capi_manners_run";
};

TEST_F(Manners, PrintsNothing) {
  const std::string path = testing::TempDir() + "capi_manners_output";
  std::fflush(nullptr);
  const int out = ::dup(1), err = ::dup(2), file = ::open(path.c_str(), O_CREAT | O_TRUNC | O_RDWR, 0600);
  ASSERT_GE(file, 0);
  ::dup2(file, 1);
  ::dup2(file, 2);
  whole_life(folder_);
  std::fflush(nullptr);
  ::dup2(out, 1);
  ::dup2(err, 2);
  for (const int fd : {out, err, file}) ::close(fd);
  std::ifstream in(path);
  EXPECT_EQ(std::string(std::istreambuf_iterator<char>(in), {}), "");
  std::filesystem::remove(path);
}

TEST_F(Manners, KeepsSignalHandlers) {
  const auto handlers = [] {
    std::vector<std::pair<void*, int>> all;
    for (int number = 1; number < NSIG; ++number) {
      struct sigaction action {};
      if (::sigaction(number, nullptr, &action) == 0)
        all.emplace_back(reinterpret_cast<void*>(action.sa_handler), action.sa_flags);
    }
    return all;
  };
  const auto before = handlers();
  whole_life(folder_);
  EXPECT_EQ(handlers(), before);
  sigset_t mask;
  ::sigprocmask(SIG_BLOCK, nullptr, &mask);
  for (int number = 1; number < NSIG; ++number) EXPECT_LE(::sigismember(&mask, number), 0) << number;
}

TEST_F(Manners, KeepsLocaleAndFolder) {
  const std::string locale = std::setlocale(LC_ALL, nullptr), folder = std::filesystem::current_path();
  const mode_t mask = ::umask(027);
  whole_life(folder_);
  EXPECT_EQ(::umask(mask), 027u);
  EXPECT_EQ(std::setlocale(LC_ALL, nullptr), locale);
  EXPECT_EQ(std::filesystem::current_path(), folder);
}

// What a short training predicts, from a host that rounds so, traps what it names and wants to see its own flags alone.
std::vector<float> learn_and_predict(int rounding, int traps) {
  Host host;
  host.open_source();
  const float rows[] = {0.5f, -0.25f, 3e38f, 3e38f, std::nanf(""), 1.0f};
  std::vector<float> out(3);
  std::feclearexcept(FE_ALL_EXCEPT);
  std::fesetround(rounding);
  ::feenableexcept(traps);
  ok(clq_config_parse(kRunFile, &host.config));
  ok(clq_model_create(host.config, host.source, &host.model));
  ok(clq_trainer_create(host.model, host.source, host.config, nullptr, &host.trainer));
  host.train();
  ok(clq_predict(host.model, rows, 3, 2, out.data(), 1));
  EXPECT_EQ(std::fetestexcept(FE_ALL_EXCEPT), 0);
  EXPECT_EQ(std::fegetround(), rounding);
  EXPECT_EQ(::fegetexcept(), traps);
  std::fesetenv(FE_DFL_ENV);
  return out;
}

TEST_F(Manners, ComputesTheSameWhateverTheHostsArithmetic) {
  const auto plain = learn_and_predict(FE_TONEAREST, 0);
  for (const int rounding : {FE_UPWARD, FE_TOWARDZERO}) {
    const auto out = learn_and_predict(rounding, FE_INVALID | FE_DIVBYZERO | FE_OVERFLOW);
    EXPECT_EQ(std::memcmp(out.data(), plain.data(), out.size() * sizeof(float)), 0) << out[0] << " " << plain[0];
  }
}

TEST_F(Manners, WorksUnderACommaLocale) {
  const OtherLocale german("de_DE");
  if (!german.is_set()) GTEST_SKIP() << "localedef makes no locale de_DE.UTF-8 here";
  Host host;
  ok(clq_config_parse("train.clip_norm = 1.5", &host.config));
  EXPECT_EQ(text_of([&](char* t, int64_t n) { return clq_config_get(host.config, "train.clip_norm", t, n); }), "1.5");
}

}  // namespace
}  // namespace clq::test
