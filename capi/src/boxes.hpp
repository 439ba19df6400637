// capi/src/boxes.hpp -- what is behind each kind of handle.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
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
  std::shared_ptr<DataSource> open();  // arrays: closed for adding from now on
  int64_t count() const;

 private:
  mutable std::mutex mutex_;
  std::unique_ptr<ArraySource> arrays_;
  int64_t n_arrays_samples_ = 0;
  std::shared_ptr<DataSource> source_;
};

class TrainerBox {  // [one thread], close and the model's reads from any
 public:
  TrainerBox(std::unique_ptr<Trainer> trainer, std::shared_ptr<ModelBox> model);
  ~TrainerBox();
  std::unique_lock<std::mutex> use();  // CLQ_E_INVALID where another thread is inside
  Trainer& trainer() { return *trainer_; }
  ModelBox& model() { return *model_; }
  std::shared_ptr<ModelBox> model_box() const { return model_; }
  std::mutex& mutex() { return mutex_; }

  std::optional<std::string> row;  // metrics fetched but not yet taken by the host
  bool finished = false;

 private:
  std::mutex mutex_;
  std::unique_ptr<Trainer> trainer_;
  std::shared_ptr<ModelBox> model_;
};

class ModelBox {  // [any-thread]
 public:
  ModelBox(std::shared_ptr<Model> model, PredictOptions options)
      : model_(std::move(model)), options_(std::move(options)) {}
  // An unchanging copy of the newest weights; waits while a trainer is inside a call.
  std::shared_ptr<const Model> snapshot();
  std::shared_ptr<Model> model() const { return model_; }
  void set_state(const std::string& name, const void* data, DType dtype, int64_t bytes);
  void attach(const std::shared_ptr<TrainerBox>& trainer);
  void trained();                 // by the trainer's thread: the weights have moved
  void detach(Trainer& trainer);  // takes the last weights over
  // From a pool of predictors, one in use by one thread at a time; made when none is idle.
  BatchPredictor::Outputs predict(const std::vector<const float*>& inputs, int64_t n);

 private:
  std::shared_ptr<const Model> refresh();  // with mutex_ held
  std::shared_ptr<Model> model_;
  const PredictOptions options_;
  std::recursive_mutex mutex_;  // letting the last reference to a trainer go inside refresh() ends in detach()
  std::weak_ptr<TrainerBox> trainer_;
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
  const BatchPredictor::Outputs& outputs() const;
  std::shared_ptr<ModelBox> box_;
  std::shared_ptr<const Model> model_;
  int64_t n_;
  std::vector<Tensor> inputs_;             // F32 [n, elements of one sample]
  std::vector<std::vector<bool>> filled_;  // elements of one sample that were set
  std::vector<std::string> notes_;
  std::optional<BatchPredictor::Outputs> outputs_;
};

class ResultBox {
 public:
  explicit ResultBox(const Evaluation& evaluation);
  const std::string& text() const { return text_; }

 private:
  std::string text_;
};

PredictOptions predict_options(const Config& options, PredictOptions defaults);  // refuses unknown keys
std::shared_ptr<DataSource> open_source(const std::string& uri, const Json& data);

}  // namespace clq::capi
