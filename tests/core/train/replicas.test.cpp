// tests/core/train/replicas.test.cpp -- several replicas learn what one learns.
// SPDX-License-Identifier: BSD-3-Clause
#include <cstdlib>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "toy.hpp"

namespace clq {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

Json devices(const char* name, int n) { return Json(std::vector<std::string>(static_cast<size_t>(n), name)); }

// Dropout, weights of which a tenth is 0, a last batch that is not full; micro-batches of 4 rows.
Json base_run(const char* device = "cpu_ref:0", int replicas = 1) {
  Json run = toy::run(6);
  run["data"]["target"] = "N";
  run["data"]["weight"] = "MASK";
  run["model"]["layer"].insert(run["model"]["layer"].begin() + 1, Json{{"use", "dropout"}, {"rate", 0.2}});
  toy::set(run, "/train/micro_batch", 4);
  toy::set(run, "/compute/devices", devices(device, replicas));
  return run;
}

Json deterministic(Json run) {
  toy::set(run, "/compute/deterministic", true);
  return run;
}

Json with_layer(Json run, const Json& layer) {
  run["model"]["layer"].insert(run["model"]["layer"].begin() + 1, layer);
  return run;
}

double distance(const Json& a, const Json& b) {
  const auto source = toy::source();
  const auto one = toy::trainer(a, source), other = toy::trainer(b, source);
  toy::finish(*one);
  toy::finish(*other);
  double most = 0;
  for (const auto& [name, tensor] : one->model().states) {
    const std::span<const float> x = tensor.as<float>(), y = other->model().states.at(name).as<float>();
    double difference = 0, scale = 0;
    for (size_t i = 0; i < x.size(); ++i) {
      difference = std::max(difference, std::abs(static_cast<double>(x[i]) - static_cast<double>(y[i])));
      scale = std::max(scale, std::abs(static_cast<double>(x[i])));
    }
    most = std::max(most, difference / scale);
  }
  return most;
}

std::string refusal(const Json& run) {
  try {
    toy::train(run);
  } catch (const Error& e) {
    return e.what();
  }
  return "none";
}

TEST(Replicas, HaveTheBitsOfOneInDeterministicMode) {
  const auto wanted = toy::train(deterministic(base_run()));
  for (const int n : {2, 4}) EXPECT_EQ(toy::train(deterministic(base_run("cpu_ref:0", n))), wanted) << n;
}

TEST(Replicas, HaveTheBitsOfOneWithABatchNormOfTheirOwn) {
  const auto run = [](int n) {
    return deterministic(with_layer(base_run("cpu_ref:0", n), Json{{"use", "batch_norm"}}));
  };
  const auto wanted = toy::train(run(1));
  for (const int n : {2, 4}) EXPECT_EQ(toy::train(run(n)), wanted) << n;
}

TEST(Replicas, HaveTheBitsOfOneOnDevicesThatQueueEverything) {
  const auto wanted = toy::train(deterministic(base_run()));
  for (const char* device : {"lazy_ref:0", "lazy_ref:1"})
    for (const char* seed : {"1", "2", "3"}) {
      setenv("CLQ_LAZY_SEED", seed, 1);
      for (const int n : {2, 4})
        EXPECT_EQ(toy::train(deterministic(base_run(device, n))), wanted) << device << " x " << n << ", seed " << seed;
    }
  unsetenv("CLQ_LAZY_SEED");
}

TEST(Replicas, AreRepeatableInAnyMode) {
  EXPECT_EQ(toy::train(base_run("cpu_ref:0", 4)), toy::train(base_run("cpu_ref:0", 4)));
}

// Sums in another order: a few roundings of F32 a step.
TEST(Replicas, ComeCloseToOneInAnyMode) {
  EXPECT_LT(distance(base_run(), base_run("cpu_ref:0", 2)), 1e-5);
  EXPECT_LT(distance(base_run(), base_run("cpu_ref:0", 4)), 1e-5);
}

TEST(Replicas, ThatShareTheStatisticsOfABatchNormComeCloseToOneWithTheWholeBatch) {
  const auto run = [](int n, bool sync) {
    Json run = with_layer(base_run("cpu_ref:0", n), Json{{"use", "batch_norm"}, {"sync", sync}});
    toy::set(run, "/train/micro_batch", 16 / n);
    return run;
  };
  EXPECT_LT(distance(run(1, false), run(2, true)), 1e-4);
  EXPECT_GT(distance(run(1, false), run(2, false)), 1e-3);
}

TEST(Replicas, ResumeExactly) {
  const toy::Folder folder;
  const Json run = base_run("cpu_ref:0", 2);
  const auto wanted = toy::train(run);
  const auto source = toy::source();
  {
    const auto begun = toy::trainer(run, source, folder.path());
    begun->run_steps(17);
    begun->checkpoint();
    begun->run_steps(3);
  }
  const auto resumed = Trainer::resume(folder.path(), source, toy::registry());
  EXPECT_EQ(toy::finish(*resumed).hash, wanted.hash);
}

TEST(Replicas, ShareABatchEquallyOrAreRefused) {
  EXPECT_THAT(refusal(base_run("cpu_ref:0", 3)),
              HasSubstr("train.batch 16 cannot be shared equally by the 3 replicas of compute.devices"));
  Json run = base_run("cpu_ref:0", 4);
  toy::set(run, "/train/micro_batch", 8);
  EXPECT_THAT(refusal(run),
              HasSubstr("train.batch 16 has 2 micro-batches of 8 rows, which 4 replicas cannot share equally"));
  run = base_run();
  toy::set(run, "/train/batch", 12);
  EXPECT_THAT(refusal(deterministic(run)), HasSubstr("as many replicas are wanted, got 3 and 1"));
}

TEST(Replicas, OfTwoBackendsAreRefused) {
  Json run = base_run();
  toy::set(run, "/compute/devices", {"cpu_ref:0", "lazy_ref:1"});
  EXPECT_THAT(refusal(run), HasSubstr("cpu_ref:0 and lazy_ref:1 are of two backends"));
}

// In gradients or in apply, in the first replica or the second, which waits in a sum meanwhile; with rows that are read
// in place and rows that are not (3 of 2 columns are no multiple of 64 bytes).
TEST(Replicas, EndTogetherWhenOneFails) {
  alarm(120);
  for (const char* device : {"lazy_ref:0", "lazy_ref:1"})
    for (const int rows : {3, 4, 16})
      for (const int failing : {0, 1})
        for (const int fail_run : {7, 8, 9}) {
          Json run = base_run(device, 2);
          toy::set(run, "/split/valid", 0.0);
          toy::set(run, "/train/micro_batch", rows);
          toy::set(run, "/train/batch", 4 * rows);
          toy::set(run, "/compute/fail_run", fail_run);
          toy::set(run, "/compute/fail_device", failing);
          const std::string wanted = fmt::format("replica {} of 2: ", failing + 1);
          EXPECT_THAT(refusal(run), AllOf(HasSubstr(wanted), HasSubstr("this run fails because fail_run says so")))
              << device << ", micro-batches of " << rows << ", run " << fail_run;
        }
  alarm(0);
}

// A device may tell of a failure in any call behind it, also in one that the trainer makes for one replica alone.
TEST(Replicas, AreToldWhicheverCallHearsOfTheFailure) {
  alarm(120);
  for (const int failing : {0, 1})
    for (const int fail_run : {7, 8, 9})
      for (const int tell_at : {1, 2, 3}) {
        Json run = base_run("lazy_ref:1", 2);
        toy::set(run, "/train/log_every", 1);
        toy::set(run, "/compute/fail_run", fail_run);
        toy::set(run, "/compute/fail_device", failing);
        toy::set(run, "/compute/tell_at", tell_at);
        const std::string wanted = fmt::format("replica {} of 2: ", failing + 1);
        EXPECT_THAT(refusal(run), AllOf(HasSubstr(wanted), HasSubstr("this run fails because fail_run says so")))
            << failing << ", run " << fail_run << ", event " << tell_at;
      }
  alarm(0);
}

TEST(Replicas, OfTwoKindsAreRefused) {
  Json run = base_run();
  toy::set(run, "/compute/devices", {"lazy_ref:1", "lazy_ref:0"});
  EXPECT_THAT(refusal(run), HasSubstr("lazy_ref:1 and lazy_ref:0 are of two kinds"));
}

TEST(Replicas, MayNotShareStatisticsInDeterministicMode) {
  const Json run = with_layer(base_run("cpu_ref:0", 2), Json{{"use", "batch_norm"}, {"sync", true}});
  EXPECT_THAT(refusal(deterministic(run)), HasSubstr("with sync its statistics depend on the number of replicas, 2"));
}

TEST(Replicas, OnTheCpuAreOfTheFirstOnesBackend) {
  Json run = base_run();
  toy::set(run, "/compute/devices", {"cpu_ref:0", "cpu"});
  EXPECT_EQ(toy::train(run), toy::train(base_run("cpu_ref:0", 2)));
}

}  // namespace
}  // namespace clq
