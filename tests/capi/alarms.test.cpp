// tests/capi/alarms.test.cpp -- a host whose handler runs a thousand times a second on the thread that computes.
// SPDX-License-Identifier: BSD-3-Clause
#include <atomic>
#include <csignal>

#include <sys/time.h>

#include "client.hpp"

namespace clq::test {
namespace {

constexpr const char* kDense = R"(
[data]
target = "y"
scalars = ["x"]
[split]
valid = 0.2
[[model.layer]]
use = "dense"
units = 128
activation = "relu"
[[model.layer]]
use = "dense"
units = 128
activation = "relu"
[[model.layer]]
use = "dense"
[train]
epochs = 100000
batch = 256
[compute]
threads = 1
)";

std::atomic<int> alarms{0};

class Alarms : public testing::Test {
 protected:
  void SetUp() override {
    struct sigaction action {};
    action.sa_handler = [](int) { ++alarms; };
    action.sa_flags = SA_RESTART;  // and no stack of its own, as most hosts have it
    ASSERT_EQ(::sigaction(SIGALRM, &action, &before_), 0);
    const itimerval each{{0, 1000}, {0, 1000}};
    ASSERT_EQ(::setitimer(ITIMER_REAL, &each, nullptr), 0);
  }
  void TearDown() override {
    const itimerval none{};
    ::setitimer(ITIMER_REAL, &none, nullptr);
    ::sigaction(SIGALRM, &before_, nullptr);
  }
  struct sigaction before_ {};
};

// oneDNN's code uses the stack pointer for other things: a handler's frame there would break the heap.
TEST_F(Alarms, LeaveATrainingOnOneThreadAsItIs) {
  constexpr int64_t kObjects = 2048, kColumns = 24;
  std::vector<float> x(kObjects * kColumns), answers(kObjects);
  std::vector<double> y(kObjects);
  for (size_t i = 0; i < x.size(); ++i) x[i] = static_cast<float>(i * 37 % 101) / 50.0f - 1.0f;
  for (size_t i = 0; i < y.size(); ++i) y[i] = std::sin(static_cast<double>(i));
  const int64_t dims[] = {kColumns};
  Host host;
  ok(clq_config_parse(kDense, &host.config));
  ok(clq_source_create(kObjects, &host.source));
  ok(clq_source_add(host.source, "x", x.data(), CLQ_F32, 1, dims, 1));
  ok(clq_source_add(host.source, "y", y.data(), CLQ_F64, 0, nullptr, 1));
  ok(clq_model_create(host.config, host.source, &host.model));
  ok(clq_trainer_create(host.model, host.source, host.config, nullptr, &host.trainer));
  alarms = 0;
  ok(clq_trainer_run(host.trainer, 3.0));
  ok(clq_predict(host.model, x.data(), kObjects, kColumns, answers.data(), 1));
  for (const float answer : answers) EXPECT_TRUE(std::isfinite(answer));
  EXPECT_GT(alarms, 100);  // they are heard between two runs of the network
}

}  // namespace
}  // namespace clq::test
