// tests/core/data/target_transforms.test.cpp -- what [[target_transform]] may say, learns, and refuses.
// SPDX-License-Identifier: BSD-3-Clause
#include "data/target_transforms.hpp"

#include <cmath>

#include "core/data/support.hpp"
#include "data/transforms.hpp"

namespace clq {
namespace {

// Targets P and Q; V has two numbers.
BatchLayout layout(const std::string& data = R"({"scalars": ["A"], "target": ["P", "Q"]})") {
  return make_layout(test::config(data, "data"), test::make_source({{"A", {0}}, {"P", {0}}, {"Q", {0}}})->schema(),
                     true);
}

TargetTransforms from(const std::string& tables, const BatchLayout& of = layout()) {
  return TargetTransforms::from_config(
      test::config("{\"target_transform\": " + tables + "}").children("target_transform"), of);
}

std::string words(const std::string& tables) {
  return test::words_of([&] { from(tables); });
}

TEST(TargetTransforms, WorkOnAllTargetsUnlessTheyAreNamed) {
  const auto all = from(R"([{"use": "asinh", "scale": 2}, {"use": "log10", "fields": "Q"}])");
  ASSERT_EQ(all.steps().size(), 2u);
  EXPECT_EQ(all.steps()[0].places, (std::vector<int64_t>{0, 1}));
  EXPECT_EQ(all.steps()[0].b, (std::vector<double>{2, 2}));
  EXPECT_EQ(all.steps()[1].places, std::vector<int64_t>{1});
  EXPECT_FALSE(all.needs_fit());
}

TEST(TargetTransforms, SayWhatIsWrong) {
  EXPECT_EQ(words(R"([{"use": "log"}])"),
            "target_transform[0].use: 'log' is no transform of targets, there are standardise, log10, asinh, logit");
  EXPECT_EQ(words(R"([{"use": "log10", "fields": ["A"]}])"),
            "target_transform[0].fields: there is no column 'A', did you mean 'P'?");
  EXPECT_EQ(words(R"([{"use": "standardise", "mean": 3}])"),
            "target_transform[0]: mean and std are given together or not at all");
  EXPECT_EQ(words(R"([{"use": "asinh", "scale": [1, 0]}])"), "target_transform[0].scale of Q must be positive, got 0");
  EXPECT_EQ(words(R"([{"use": "logit", "min": 1}])"), "target_transform[0].max of P must be above min 1, got 1");
  EXPECT_EQ(words(R"([{"use": "log10", "base": 2}])"), "target_transform[0].base is unknown");
  EXPECT_EQ(words(R"([{"use": "logit", "max": [1, 2, 3]}])"), "target_transform[0].max has 3 numbers for 2 targets");
}

// The standardised numbers are logarithms: of 1, 100 and 10000, mean 2 and deviation sqrt(8 / 3). What has none is left
// out, as are nulls.
TEST(TargetTransforms, LearnBehindTheStepsBefore) {
  TargetTransforms targets = from(R"([{"use": "log10", "fields": "P"}, {"use": "standardise"}])");
  EXPECT_TRUE(targets.needs_fit());
  const double rows[][2] = {{1, 5}, {100, 7}, {-1, -99}, {NAN, 6}, {10000, -99}};
  targets.fit(
      [&](const auto& take) {
        for (const auto& row : rows) take(row);
      },
      {-99});
  const TargetStep& learned = targets.steps()[1];
  EXPECT_EQ(learned.a, (std::vector<double>{2, 6}));
  EXPECT_DOUBLE_EQ(learned.b[0], std::sqrt(8.0 / 3));
  EXPECT_DOUBLE_EQ(learned.b[1], std::sqrt(2.0 / 3));
  EXPECT_EQ(steps_to_json(steps_from_json(steps_to_json(targets.steps()), 2)), steps_to_json(targets.steps()));
}

TEST(TargetTransforms, NeedTwoValuesToLearnFrom) {
  TargetTransforms targets = from(R"([{"use": "standardise"}])");
  const double rows[][2] = {{1, 5}, {2, 5}};
  EXPECT_EQ(test::words_of([&] {
              targets.fit(
                  [&](const auto& take) {
                    for (const auto& row : rows) take(row);
                  },
                  {});
            }),
            "target_transform: the target Q is 5 in all 2 training rows, standardise needs two values");
}

TEST(TargetTransforms, MakeARowBadThatHasNoValue) {
  const BatchLayout of = layout();
  Transforms transforms = Transforms::from_config({}, of);
  transforms.learn_targets(from(R"([{"use": "log10", "fields": "P"}, {"use": "logit", "fields": "Q"}])"));
  std::vector<float> scalars(4, 0.0f);
  std::vector<double> target = {10, 0.5, 0, 0.5, 10, 1, 10, 0.25}, weight(4, 1.0);
  Slot slot;
  slot.capacity = 4;
  slot.rows.samples = {0, 1, 2, 3};
  slot.bad.assign(4, 0);
  slot.data = {reinterpret_cast<std::byte*>(scalars.data()), reinterpret_cast<std::byte*>(target.data()),
               reinterpret_cast<std::byte*>(weight.data())};
  EXPECT_EQ(transforms.explain(slot, of, 0), "");
  EXPECT_EQ(transforms.explain(slot, of, 1), "the target P is 0, for which log10 has no value");
  EXPECT_EQ(transforms.explain(slot, of, 2), "the target Q is 1, for which logit has no value");
  transforms.apply(slot, of);
  EXPECT_THAT(slot.bad, testing::ElementsAre(0, kBadTarget, kBadTarget, 0));
  EXPECT_EQ(target, (std::vector<double>{10, 0.5, 0, 0, 0, 0, 10, 0.25}));  // in its own unit
}

TEST(TargetTransforms, HoldWhatPredictionsCan) {
  const TargetTransforms targets = from(R"([{"use": "log10", "fields": "P"}])");
  for (const double x : {0.0, 1.0, -3e38, 1.2e-38}) EXPECT_TRUE(targets.holds(x)) << x;
  for (const double x : {1e44, -4e38, 1e-47}) EXPECT_FALSE(targets.holds(x)) << x;
  EXPECT_TRUE(TargetTransforms().holds(1e-47));  // as the network gives it
  EXPECT_FALSE(TargetTransforms().holds(1e44));
}

TEST(TargetTransforms, OfADamagedBundleAreRefused) {
  const auto error = [](const char* json) { return test::words_of([&] { steps_from_json(Json::parse(json), 2); }); };
  EXPECT_EQ(error(R"([{"use": "log10", "fields": ["P"], "places": [2]}])"),
            "target_transform[0]: there is no target 2 of 2");
  EXPECT_EQ(error(R"([{"use": "log10", "fields": [], "places": [1]}])"),
            "target_transform[0] has 0 fields and 1 places");
  EXPECT_EQ(error(R"([{"use": "standardise", "fields": ["P"], "places": [0], "mean": [1], "std": [0]}])"),
            "target_transform[0].std of P must be positive, got 0");
}

}  // namespace
}  // namespace clq
