// tests/core/train/learning_rows.test.cpp -- rows that teach nothing are in no statistics.
// SPDX-License-Identifier: BSD-3-Clause
#include <cmath>

#include <gmock/gmock.h>

#include "core/data/support.hpp"
#include "runtime/log.hpp"
#include "toy.hpp"
#include "train/source_rows.hpp"

namespace clq {
namespace {

constexpr int64_t kRows = 240;
enum Column : uint32_t { kA, kB, kY, kW };

double plain(int64_t row, uint32_t column) {
  const auto x = static_cast<double>(row);
  if (column == kW) return 1;
  return column == kA ? std::sin(0.7 * x) : column == kB ? std::cos(1.3 * x) : std::sin(0.7 * x) + 0.5;
}

// What is learned of the columns, where `value` takes the place of plain().
Json learned(const std::function<double(int64_t, uint32_t)>& value, uint32_t readers = 2) {
  test::Scripted script{.names = {"A", "B", "Y", "W"}, .n = kRows, .value = value};
  Json run = toy::run();
  run["data"].erase("id");
  run["data"]["weight"] = "W";
  run["data"]["on_bad"] = "skip";
  run["split"] = {{"test", 0.0}, {"valid", 0.0}};
  run["transform"] = {{{"use", "standardise"}, {"fields", {"A", "B"}}}};
  run["target_transform"] = {{{"use", "standardise"}}};
  toy::set(run, "/compute/readers", readers);
  const auto source = test::open_scripted(script);
  const auto model = toy::model(run, source);
  Trainer trainer(model, source, Config(run), toy::registry(), "");
  Json all = model->transforms.state();
  for (const TargetStep& step : model->spec.target_steps) all["target"] = {step.a, step.b};
  return all;
}

// In each case the last row is the one that no training learns from; the others are what they were.
TEST(LearningRows, AreNeitherBadNorOfWeightZero) {
  struct Case {
    const char* what;
    uint32_t bad;
    double value;
    uint32_t huge;
    double size;
  };
  const std::vector<Case> cases = {
      {"a label beyond F32", kY, 1e39, kA, 1e20}, {"no label", kY, NAN, kA, 1e20},   {"no input", kA, NAN, kY, 1e20},
      {"a negative weight", kW, -1, kY, 1e20},    {"no weight", kW, NAN, kA, -1e20}, {"weight 0", kW, 0, kY, 1e20}};
  for (const Case& c : cases) {
    const auto value = [&](int64_t row, uint32_t column) {
      if (row != kRows - 1) return plain(row, column);
      return column == c.bad ? c.value : column == c.huge ? c.size : plain(row, column);
    };
    const auto without_last = [&](int64_t row, uint32_t column) { return row == kRows - 1 ? NAN : plain(row, column); };
    EXPECT_EQ(learned(value), learned(without_last)) << c.what;
    EXPECT_EQ(learned(value, 1), learned(value, 4)) << c.what;
  }
}

// A logarithm of the inputs has no value of one row: nor have the statistics of the targets.
TEST(LearningRows, OfTheTargetsHaveAllTransformsOfTheInputs) {
  test::Scripted script{.names = {"A", "B", "Y", "W"}, .n = kRows, .value = [](int64_t row, uint32_t column) {
                          if (column == kA) return row == 100 ? -1.0 : 2.0 + plain(row, kA);
                          return column == kY && row == 100 ? 1e20 : plain(row, column);
                        }};
  Json run = toy::run();
  run["data"].erase("id");
  run["data"]["on_bad"] = "skip";
  run["split"] = {{"test", 0.0}, {"valid", 0.0}};
  run["transform"] = {{{"use", "log10"}, {"fields", {"A"}}}, {{"use", "standardise"}, {"fields", {"A", "B"}}}};
  run["target_transform"] = {{{"use", "standardise"}}};
  const auto source = test::open_scripted(script);
  const auto model = toy::model(run, source);
  Trainer trainer(model, source, Config(run), toy::registry(), "");
  EXPECT_LT(model->spec.target_steps.at(0).b.at(0), 2);
}

// The same where the logarithm stands behind what learns, of other columns.
TEST(LearningRows, AreToldByStepsInAnyOrder) {
  test::Scripted script{.names = {"A", "B", "Y", "W"}, .n = kRows};
  script.value = [](int64_t row, uint32_t column) {
    const bool odd = row == 100;
    if (column == kA || column == kY) return odd ? 1e10 : plain(row, column);
    return odd ? -1.0 : 2.0 + plain(row, column);
  };
  Json run = toy::run();
  run["data"].erase("id");
  run["data"]["on_bad"] = "skip";
  run["data"]["target"] = {"Y", "W"};
  run["split"] = {{"test", 0.0}, {"valid", 0.0}};
  run["transform"] = {{{"use", "standardise"}, {"fields", {"A"}}}, {{"use", "log10"}, {"fields", {"B"}}}};
  run["target_transform"] = {{{"use", "standardise"}, {"fields", {"Y"}}}, {{"use", "log10"}, {"fields", {"W"}}}};
  const auto source = test::open_scripted(script);
  const auto model = toy::model(run, source);
  Trainer trainer(model, source, Config(run), toy::registry(), "");
  EXPECT_LT(model->spec.target_steps.at(0).b.at(0), 2);
  EXPECT_LT(model->transforms.state().at("chain").at(0).at("std").at(0), 2);
}

// One that makes its row bad would take the others' part of the mean.
TEST(LearningRows, WeighWithoutWeightsThatAreNone) {
  test::Scripted script{.names = {"A", "B", "Y", "W"}, .n = kRows, .value = [](int64_t row, uint32_t column) {
                          return column == kW ? (row == 7 ? 1e300 : row == 8 ? -1.0 : 2.0) : plain(row, column);
                        }};
  Json run = toy::run();
  run["data"].erase("id");
  run["data"]["weight"] = "W";
  const auto source = test::open_scripted(script);
  const auto model = toy::model(run, source);
  EXPECT_EQ(mean_weight(*source, bind_to_source(model->layout, *source, true), RowSet::all(kRows)), 2);
}

// What is said of an input A that goes on from `first` in equal steps.
std::vector<std::string> said_of(double first, double step, DType dtype, const Json& transform) {
  test::Scripted script{.names = {"A", "B", "Y", "W"}, .n = kRows};
  script.dtype = dtype;
  script.value = [&](int64_t row, uint32_t column) {
    return column == kA ? first + step * static_cast<double>(row) : static_cast<double>(1 + row % 7);
  };
  Json run = toy::run();
  run["data"].erase("id");
  run["transform"] = transform;
  const auto source = test::open_scripted(script);
  while (next_log_line()) {
  }
  const auto trainer = toy::trainer(run, source);
  std::vector<std::string> lines;
  while (const auto line = next_log_line())
    if (line->find("inputs are F32") != std::string::npos) lines.push_back(*line);
  return lines;
}

// Julian dates of one day: F32 tells four of them apart. It has every whole number up to 2^24.
TEST(LearningRows, WhoseInputsAreTooMuchAlikeAreWarnedOf) {
  const Json all = {{{"use", "standardise"}}};
  const Json behind = {{{"use", "log10"}, {"fields", {"B"}}}, {{"use", "standardise"}}};
  const Json of_it = {{{"use", "log10"}, {"fields", {"A"}}}};
  for (const Json& transform : {all, behind, Json::array()})
    EXPECT_THAT(said_of(2460000.5, 1.0 / 240, CLQ_F64, transform),
                testing::ElementsAre(testing::ContainsRegex("A goes from 2460000.5 to 2460001.5, .* 4 steps")))
        << transform;
  EXPECT_THAT(said_of(2460000.5, 1.0 / 240, CLQ_F64, of_it), testing::IsEmpty());
  EXPECT_THAT(said_of(2460000, 1, CLQ_I64, all), testing::IsEmpty());
  EXPECT_THAT(said_of(20260101000000, 1e6, CLQ_I64, all), testing::SizeIs(1));
}

}  // namespace
}  // namespace clq
