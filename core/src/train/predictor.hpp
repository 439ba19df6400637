// core/src/train/predictor.hpp -- prediction and evaluation: of models, on arrays or sources, to columns or scores.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include <calanque/core/data_source.hpp>
#include <calanque/core/model.hpp>

namespace clq {

struct PredictOptions {
  std::string device = "cpu";
  uint32_t threads = 1, readers = 1;
  int64_t batch = 256;
  std::vector<std::string> keep;  // columns of the source copied to the table, globs allowed
  std::string id;                 // column that names the rows in the table; "": the first model's
  // What is scored, and written beside it; a prediction without scores has every row.
  std::string part;     // "": every row; "train", "valid", "test": that part of the first model's own split
  std::string where;    // expression over the source's columns; "": every row of the part
  std::string average;  // "d4": the mean of the predictions for eight orientations; "none"; "": as each model says
  std::string combine;  // of several models: "arithmetic", their mean, so is ""; "harmonic" of probabilities
  std::vector<std::string> layers;  // whose values stand beside the prediction; none: those that the model says
};

// Rows already in memory -> the model's prediction and its task's columns. One at a time; a model has a pool of these.
class BatchPredictor {
 public:
  BatchPredictor(std::shared_ptr<const Model> model, const Registry& registry, const PredictOptions& options);
  ~BatchPredictor();
  // inputs: of each of the model's, [n, elements given] raw values in the layout's order (transforms are applied
  // here). Outputs by name; bad[i]: BadBits.
  struct Outputs {
    std::vector<std::string> names;
    std::vector<Tensor> values;
    std::vector<uint8_t> bad, ood;
  };
  Outputs run(const std::vector<const float*>& inputs, int64_t n);
  std::vector<InputField> output_fields() const;  // "prediction" first, then the task's; one-sample descs

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// A whole source, streaming, into a table (uri "": none) in catalogue order with every row present, and the scores when
// the source has the target (evaluate: it must). Several models: the mean of their predictions; they must agree on
// inputs and task.
struct Evaluation {
  Json metrics;
  int64_t rows = 0, bad = 0, ood = 0;
  int64_t unscored = 0;    // good rows whose target cannot be scored
  bool simulated = false;  // the data, or what a model was trained on
};
Evaluation predict_source(const std::vector<std::shared_ptr<const Model>>& models, std::shared_ptr<DataSource> source,
                          const std::string& uri, bool evaluate, const PredictOptions& options,
                          const Registry& registry);

}  // namespace clq
