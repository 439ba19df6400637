// tests/core/train/streams.test.cpp -- a source that gives its rows in order alone: no training, but predictions.
// SPDX-License-Identifier: BSD-3-Clause
#include <cmath>

#include <gtest/gtest.h>

#include "core/data/support.hpp"
#include "toy.hpp"
#include "train/fit_model.hpp"
#include "train/predictor.hpp"

namespace clq {
namespace {

test::Scripted rows_in_order(int64_t& last) {
  test::Scripted script{.names = {"A", "B", "Y"}, .n = 240, .value = [](int64_t row, uint32_t column) {
                          const double a = std::sin(0.7 * static_cast<double>(row)), b = 0.5 - a * a;
                          return column == 0 ? a : column == 1 ? b : 2 * a - b + 0.5;
                        }};
  script.before = [&last](int64_t row, const clq_read&) {
    const bool next = row == last + 1;
    last = row;
    return next ? CLQ_OK : CLQ_E_INTERNAL;
  };
  return script;
}

Json run_of_rows() {
  Json run = toy::run();
  run["data"].erase("id");
  return run;
}

TEST(Streams, AreNotTrainedOn) {
  int64_t last = -1;
  test::Scripted script = rows_in_order(last);
  script.flags = CLQ_SRC_STREAM;
  const auto stream = test::open_scripted(script);
  const std::string words = "scripted:: is read in order alone, training needs a source of random access";
  EXPECT_EQ(test::words_of([&] { toy::trainer(run_of_rows(), stream); }), words);
  const auto model = toy::model(run_of_rows(), stream);
  EXPECT_EQ(test::words_of([&] { fit_model(*model, *stream, Config(run_of_rows())); }), words);
  EXPECT_EQ(last, -1) << "a row was read";
}

// Whatever the number of readers that is asked for: each would need rows that another has passed over.
TEST(Streams, ArePredictedInOrder) {
  int64_t last = -1;
  test::Scripted script = rows_in_order(last);
  const auto before = std::exchange(script.before, [](int64_t, const clq_read&) { return CLQ_OK; });
  const auto source = test::open_scripted(script);
  const auto model = toy::model(run_of_rows(), source);
  Trainer trainer(model, source, Config(run_of_rows()), toy::registry(), "");
  toy::finish(trainer);
  PredictOptions options;
  options.batch = 16;
  options.readers = 4;
  const Evaluation scores = predict_source({model}, source, "", true, options, toy::registry());
  script.flags = CLQ_SRC_STREAM;
  script.before = before;
  const Evaluation of_stream = predict_source({model}, test::open_scripted(script), "", true, options, toy::registry());
  EXPECT_EQ(of_stream.rows, 240);
  EXPECT_EQ(of_stream.bad, 0);
  EXPECT_EQ(of_stream.metrics, scores.metrics);
  EXPECT_EQ(last, 239);
}

}  // namespace
}  // namespace clq
