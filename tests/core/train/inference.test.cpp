// tests/core/train/inference.test.cpp -- a prediction without batch norms is that of the network that has them.
// SPDX-License-Identifier: BSD-3-Clause
#include "train/inference.hpp"

#include <algorithm>
#include <sstream>

#include "core/data/support.hpp"
#include "support/number.hpp"
#include "toy.hpp"
#include "train/bundle.hpp"

namespace clq {
namespace {

double last_of(const std::string& csv, const std::string& column) {
  std::istringstream lines(csv);
  std::string head, line, last, name, cell;
  std::getline(lines, head);
  while (std::getline(lines, line)) last = line;
  std::istringstream names(head), cells(last);
  while (std::getline(names, name, ',') && std::getline(cells, cell, ','))
    if (name == column) return test::number_in(cell);
  ADD_FAILURE() << "no column " << column;
  return 0;
}

// The trainer evaluates with the norms, on the same rows: sums in F32 of 8 products, and of 40 rows in F64.
TEST(Inference, WithoutBatchNormsIsWhatTheTrainerFound) {
  Json run = toy::run();
  run["model"]["layer"] = {
      {{"use", "dense"}, {"units", 8}}, {{"use", "batch_norm"}}, {{"use", "relu"}}, {{"use", "dense"}}};
  const auto source = toy::source();
  const toy::Folder folder;
  toy::finish(*toy::trainer(run, source, folder.path()));
  const auto model = load_bundle(folder.file("model-last.safetensors"), toy::registry());
  const std::string before = model->hash();
  const Inference made(*model, {}, toy::registry());
  for (const Op& op : made.program.graph.ops) EXPECT_NE(op.name, "batch_norm_inference/1");
  EXPECT_EQ(model->hash(), before);
  PredictOptions options;
  options.part = "valid";
  const Evaluation scores = predict_source({model}, source, "", true, options, toy::registry());
  const std::string csv = toy::read_text(folder.file("metrics.csv"));
  for (const char* metric : {"rmse", "mae", "sigma_mad"})
    EXPECT_NEAR(scores.metrics[metric].get<double>(), last_of(csv, std::string("valid_") + metric), 1e-6) << metric;
}

TEST(Inference, TakesTheModelsOwnStatesWhereNothingIsFolded) {
  const auto source = toy::source();
  const auto model = toy::model(toy::run(), source);
  const Inference made(*model, {}, toy::registry());
  EXPECT_TRUE(made.changed.empty());
  EXPECT_EQ(&made.given(), &model->states);
}

}  // namespace
}  // namespace clq
