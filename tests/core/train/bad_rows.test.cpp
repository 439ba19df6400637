// tests/core/train/bad_rows.test.cpp -- rows that a source cannot give: left out where that is asked for, never hidden.
// SPDX-License-Identifier: BSD-3-Clause
#include <algorithm>
#include <cmath>
#include <sstream>

#include <gmock/gmock.h>

#include "core/data/support.hpp"
#include "data/selection.hpp"
#include "toy.hpp"
#include "train/bundle.hpp"
#include "train/predictor.hpp"

namespace clq {
namespace {

constexpr int64_t kRows = 240;
enum Column : uint32_t { kA, kB, kY, kW };

double value_of(int64_t row, uint32_t column) {
  const double a = std::sin(0.7 * static_cast<double>(row)), b = std::cos(1.3 * static_cast<double>(row));
  return column == kA ? a : column == kB ? b : column == kY ? 2 * a - b + 0.5 : 2.0;
}

bool asks_for(const clq_read& io, uint32_t column) {
  return std::any_of(io.slots, io.slots + io.n_slots, [&](const clq_slot& slot) { return slot.field == column; });
}

// Every seventh row from 0 cannot be read where `column` is asked for.
test::Scripted broken(uint32_t column) {
  test::Scripted script{.names = {"A", "B", "Y", "W"}, .n = kRows, .value = value_of};
  script.before = [column](int64_t row, const clq_read& io) {
    return row % 7 == 0 && asks_for(io, column) ? CLQ_E_DATA : CLQ_OK;
  };
  return script;
}

Json run_over(const std::string& on_bad) {
  Json run = toy::run();
  run["data"].erase("id");
  toy::set(run, "/data/on_bad", on_bad);
  toy::set(run, "/split", {{"test", 0.0}, {"valid", 0.0}});
  return run;
}

// The samples that a bundle keeps are its first training rows, of which the first is broken.
TEST(BadRows, AmongTheSamplesOfTheBundleEndNothing) {
  test::Scripted script = broken(kA);
  const toy::Folder folder;
  const auto trainer = toy::trainer(run_over("skip"), test::open_scripted(script), folder.path());
  toy::finish(*trainer);
  EXPECT_GT(trainer->get("rows_skipped"), 0);
  const auto model = load_bundle(folder.file("model.safetensors"), toy::registry());
  const Tensor &inputs = model->golden.at("input.scalars"), &answers = model->golden.at("prediction");
  ASSERT_EQ(inputs.desc().dims, (Shape{8, 2}));
  for (size_t i = 0; i < 8; ++i) {
    EXPECT_EQ(std::isnan(inputs.as<float>()[2 * i]), i % 7 == 0) << i;
    EXPECT_EQ(std::isnan(answers.as<float>()[i]), i % 7 == 0) << i;
  }
}

TEST(BadRows, WithoutAWeightAreSkippedToo) {
  test::Scripted script = broken(kW);
  Json run = run_over("skip");
  toy::set(run, "/data/weight", "W");
  const auto trainer = toy::trainer(run, test::open_scripted(script));
  toy::finish(*trainer);
  EXPECT_EQ(trainer->get("rows_skipped"), 4 * 35);  // rows 0, 7 ... 238 in each of 4 epochs
}

// 35 of 240 rows are broken, the same in each of 4 epochs of 15 batches.
void stop_at(int64_t steps, int64_t stop_after, const toy::Folder& folder, test::Scripted& script) {
  Json run = run_over("skip");
  toy::set(run, "/data/on_bad", {{"stop_after", stop_after}});
  const auto trainer = toy::trainer(run, test::open_scripted(script), folder.path());
  EXPECT_FALSE(trainer->run_steps(steps));
  trainer->checkpoint();
}

TEST(BadRows, MayBeAsManyInEachEpochAndInOneThatIsResumed) {
  test::Scripted script = broken(kY);
  const toy::Folder folder;
  stop_at(37, 35, folder, script);
  const auto trainer = Trainer::resume(folder.path(), test::open_scripted(script), toy::registry());
  toy::finish(*trainer);
  EXPECT_EQ(trainer->get("rows_skipped"), 4 * 35);
}

TEST(BadRows, OneTooManyEndsAnEpochThatIsResumed) {
  test::Scripted script = broken(kY);
  const toy::Folder folder;
  stop_at(7, 34, folder, script);
  const auto trainer = Trainer::resume(folder.path(), test::open_scripted(script), toy::registry());
  EXPECT_THAT(test::words_of([&] { trainer->run_for(60); }),
              testing::HasSubstr("one bad row more than the 34 that data.on_bad.stop_after allows"));
  EXPECT_LE(trainer->get("step"), 15);
}

TEST(BadRows, EndATrainingThatWouldSkipThemAll) {
  test::Scripted script = broken(kY);
  script.before = [](int64_t, const clq_read& io) { return asks_for(io, kY) ? CLQ_E_DATA : CLQ_OK; };
  const auto trainer = toy::trainer(run_over("skip"), test::open_scripted(script));
  EXPECT_THAT(test::words_of([&] { trainer->run_for(60); }),
              testing::HasSubstr("all 240 training rows are bad, none is left to learn from"));
  EXPECT_EQ(trainer->get("step"), 15);
}

// A label beyond F32 is no divergence, and costs no other row of its batch.
TEST(BadRows, AreThoseOfALabelThatNoPredictionCanReach) {
  test::Scripted script{.names = {"A", "B", "Y", "W"}, .n = kRows, .value = [](int64_t row, uint32_t column) {
                          return column == kY && row == 100 ? 1e300 : value_of(row, column);
                        }};
  const auto skipping = toy::trainer(run_over("skip"), test::open_scripted(script));
  toy::finish(*skipping);
  EXPECT_EQ(skipping->get("rows_skipped"), 4);
  EXPECT_EQ(skipping->get("skipped_steps"), 0);
  const auto trainer = toy::trainer(run_over("error"), test::open_scripted(script));
  EXPECT_THAT(test::words_of([&] { trainer->run_for(60); }),
              testing::HasSubstr("cat.fits[1], row 100: the target Y is 1e+300, predictions are F32"));
}

// The words of one row tell what is wrong with all.
TEST(BadRows, TheFirstSaysWhy) {
  test::Scripted script{.names = {"A", "B", "Y", "W"}, .n = kRows, .value = [](int64_t row, uint32_t column) {
                          return column == kY ? std::nan("") : value_of(row, column);
                        }};
  const auto trainer = toy::trainer(run_over("skip"), test::open_scripted(script));
  EXPECT_THAT(
      test::words_of([&] { trainer->run_for(60); }),
      testing::ContainsRegex("none is left to learn from; the first: cat.fits.1., row [0-9]+: the target Y is NaN"));
}

TEST(BadRows, EndATrainingThatDoesNotSkipThemForGood) {
  test::Scripted script = broken(kY);
  const toy::Folder folder;
  const auto trainer = toy::trainer(run_over("error"), test::open_scripted(script), folder.path());
  const std::string first = test::words_of([&] { trainer->run_for(60); });
  EXPECT_THAT(first, testing::HasSubstr("cat.fits[1], row "));
  EXPECT_EQ(test::words_of([&] { trainer->run_for(60); }), first);
  EXPECT_EQ(test::words_of([&] { trainer->checkpoint(); }), first);
  EXPECT_EQ(Json::parse(toy::read_text(folder.file("run.json")))["end_reason"], "error: " + first);
}

// A validation row ends the run between two epochs: what is half done must not be saved as if it were whole.
TEST(BadRows, OfTheValidationLeaveNoCheckpointOfHalfAnEpoch) {
  test::Scripted script = broken(kY);
  Json run = run_over("error");
  toy::set(run, "/split/valid", 0.2);
  const auto source = test::open_scripted(script);
  const RowSet valid = split_rows(*source, RowSet::all(kRows), Config(run["split"])).valid;
  script.before = [&valid](int64_t row, const clq_read&) { return valid.contains(row) ? CLQ_E_DATA : CLQ_OK; };
  const toy::Folder folder;
  const auto trainer = toy::trainer(run, source, folder.path());
  EXPECT_FALSE(trainer->run_steps(3));
  trainer->checkpoint();
  const std::string first = test::words_of([&] { trainer->run_for(60); });
  EXPECT_THAT(first, testing::HasSubstr("cat.fits[1], row "));
  trainer->stop();
  EXPECT_EQ(test::words_of([&] { trainer->run_for(60); }), first);
  EXPECT_EQ(load_checkpoint(folder.file("checkpoints/last.safetensors"), toy::registry()).progress.step, 3);
}

TEST(BadRows, OfKeptColumnsAreFlagged) {
  if (!std::filesystem::exists(std::string(CLQ_PLUGIN_DIR) + "/clq_csv.so"))
    GTEST_SKIP() << "the csv plugin is not built";
  test::Scripted script = broken(kW);
  const auto source = test::open_scripted(script);
  const auto model = toy::model(run_over("skip"), source);
  Trainer(model, source, Config(run_over("skip")), toy::registry(), "").run_for(60);
  PredictOptions options;
  options.keep = {"W"};
  const toy::Folder folder;
  const Evaluation result = predict_source({model}, source, folder.file("out.csv"), false, options, toy::registry());
  EXPECT_EQ(result.rows, kRows);
  EXPECT_EQ(result.bad, 35);
  std::istringstream in(toy::read_text(folder.file("out.csv")));
  std::string line;
  do std::getline(in, line);
  while (line.starts_with('#'));
  for (int64_t row = 0; row < kRows; ++row) {
    std::getline(in, line);
    EXPECT_EQ(line.starts_with(fmt::format("{},2", row)), row % 7 != 0) << line;
    EXPECT_EQ(line.find(",4") != std::string::npos, row % 7 == 0) << line;
  }
}

}  // namespace
}  // namespace clq
