// capi/src/boxes.hpp -- what is behind each kind of handle.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <calanque/core/trainer.hpp>

#include "config/run_file.hpp"
#include "data/array_source.hpp"
#include "train/predictor.hpp"

namespace clq::capi {

class ModelBox;

class ConfigBox {  // [any-thread]
 public:
  explicit ConfigBox(RunFile file) : file_(std::move(file)) {}
  void set(const std::string& key, const std::string& value);
  RunFile file() const;  // with the task's defaults added

 private:
  mutable std::mutex mutex_;
  RunFile file_;
};

class SourceBox {  // [any-thread]
 public:
  explicit SourceBox(std::shared_ptr<DataSource> source) : source_(std::move(source)) {}
  explicit SourceBox(int64_t n_samples);
  void add(const std::string& field, const void* data, const TensorDesc& sample, bool borrow);
  // Arrays are closed for adding from now on; id: the field that tells their rows apart, as data.id names it.
  std::shared_ptr<DataSource> open(const std::string& id = "");
  std::shared_ptr<DataSource> open_for(const Model& model);  // by the model's ids, where the source has them
  int64_t count() const;

  std::atomic<int64_t> scanned{0};

 private:
  mutable std::mutex mutex_;
  std::unique_ptr<ArraySource> arrays_;
  int64_t n_arrays_samples_ = 0;
  std::shared_ptr<DataSource> source_;
  std::map<std::string, std::shared_ptr<DataSource>> opened_;  // the arrays, by their ids
};

class TrainerBox {  // [one thread], close and the model's reads from any
 public:
  struct Use {
    std::unique_lock<std::mutex> caller, trainer;
  };
  TrainerBox(std::unique_ptr<Trainer> trainer, std::shared_ptr<ModelBox> model);
  ~TrainerBox();
  Use use();                              // CLQ_E_INVALID where another thread is inside a call
  std::unique_lock<std::mutex> borrow();  // for the model's reads: waits for the end of a call, and is next after it
  Trainer& trainer() { return *trainer_; }
  ModelBox& model() { return *model_; }
  std::shared_ptr<ModelBox> model_box() const { return model_; }

  std::optional<std::string> row;  // metrics fetched but not yet taken by the host
  bool finished = false;

 private:
  // Taken in this order. Who waits for mutex_ holds turn_, so that a host that steps in a loop is not always first.
  std::mutex caller_, turn_, mutex_;
  std::unique_ptr<Trainer> trainer_;
  std::shared_ptr<ModelBox> model_;
};

class ModelBox {  // [any-thread]
 public:
  ModelBox(std::shared_ptr<Model> model, PredictOptions options)
      : model_(std::move(model)), options_(std::move(options)) {}
  // An unchanging copy of the newest weights; waits while a trainer is inside a call.
  std::shared_ptr<const Model> snapshot();
  const PredictOptions& options() const { return options_; }
  std::shared_ptr<Model> copy();  // for a trainer to change; CLQ_E_INVALID where one holds the model
  void set_state(const std::string& name, const void* data, DType dtype, int64_t bytes);
  void fit(const DataSource& source, const Config& run);  // CLQ_E_INVALID where a trainer holds the model
  // From here to detach() `model` stands for this one, and belongs to the trainer. CLQ_E_INVALID where one holds it.
  void attach(const std::shared_ptr<TrainerBox>& trainer, std::shared_ptr<Model> model);
  void trained();                                         // by the trainer's thread: the weights have moved
  void detach(const TrainerBox* from, Trainer& trainer);  // takes the last weights over
  // From a pool of predictors, one in use by one thread at a time; made when none is idle.
  BatchPredictor::Outputs predict(const std::vector<const float*>& inputs, int64_t n);

 private:
  std::shared_ptr<const Model> refresh();  // with mutex_ held
  std::shared_ptr<Model> model_;
  const PredictOptions options_;
  std::recursive_mutex mutex_;  // letting the last reference to a trainer go inside refresh() ends in detach()
  std::weak_ptr<TrainerBox> trainer_;
  const TrainerBox* holder_ = nullptr;  // until detach(), which comes after trainer_ has expired
  std::atomic<bool> moved_{false};
  int64_t version_ = 0;
  std::shared_ptr<const Model> snapshot_;
  std::vector<std::unique_ptr<BatchPredictor>> idle_;
};

class BatchBox {  // [one thread]
 public:
  BatchBox(std::shared_ptr<ModelBox> model, int64_t n);
  void set(const std::string& name, const void* data, const TensorDesc& desc);
  void predict();
  std::string describe() const;
  void get(const std::string& name, void* data, DType dtype, int64_t bytes) const;
  void status(int32_t* per_sample, int64_t n) const;
  const ModelBox& model() const { return *box_; }

 private:
  struct Place {
    size_t input;
    int64_t offset, count;
  };
  Place place_of(const std::string& name) const;
  Tensor& input(size_t i);
  void note(const std::string& name, std::string words);
  const BatchPredictor::Outputs& outputs() const;
  std::shared_ptr<ModelBox> box_;
  std::shared_ptr<const Model> model_;
  int64_t n_;
  std::vector<Tensor> inputs_;                              // F32 [n, elements of one sample]; empty before one is set
  std::vector<std::vector<bool>> filled_;                   // elements of one sample that were set
  std::vector<std::pair<std::string, std::string>> notes_;  // one an input that was set: a batch is used many times
  std::optional<BatchPredictor::Outputs> outputs_;
};

class ResultBox {
 public:
  explicit ResultBox(const Evaluation& evaluation);
  explicit ResultBox(const Json& json) : text_(json.dump(-1, ' ', false, Json::error_handler_t::replace)) {}
  const std::string& text() const { return text_; }

 private:
  std::string text_;
};

PredictOptions predict_options(const Config& options, PredictOptions defaults);  // refuses unknown keys
PredictOptions compute_options(const Config& run);                               // as its [compute] says
std::shared_ptr<DataSource> open_source(const std::string& uri, const Json& data);
inline std::string id_of(const Config& run) { return run.child("data").get<std::string>("id", ""); }

}  // namespace clq::capi
