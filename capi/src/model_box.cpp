// capi/src/model_box.cpp -- a model between hosts that read it and the trainer that moves it.
// SPDX-License-Identifier: BSD-3-Clause
#include "boxes.hpp"
#include "context.hpp"
#include "train/fit_model.hpp"

namespace clq::capi {
namespace {

constexpr const char* kHeld = "a trainer holds this model, close it first";

}  // namespace

// Lock order: the model's, then its trainer's. Trainer calls hold their own lock alone and only set moved_.
std::shared_ptr<const Model> ModelBox::refresh() {
  const auto trainer = trainer_.lock();
  if (snapshot_ != nullptr && !moved_.load()) return snapshot_;
  std::unique_lock<std::mutex> busy;
  if (trainer != nullptr) busy = trainer->borrow();
  snapshot_ = std::make_shared<const Model>(trainer == nullptr ? *model_ : trainer->trainer().model());
  moved_.store(false);  // last: who fails here leaves it to the next call
  idle_.clear();
  ++version_;
  return snapshot_;
}

std::shared_ptr<const Model> ModelBox::snapshot() {
  const std::lock_guard lock(mutex_);
  return refresh();
}

std::shared_ptr<Model> ModelBox::copy() {
  const std::lock_guard lock(mutex_);
  CLQ_REQUIRE(holder_ == nullptr, "{}", kHeld);
  return std::make_shared<Model>(*model_);
}

void ModelBox::set_state(const std::string& name, const void* data, DType dtype, int64_t bytes) {
  const std::lock_guard lock(mutex_);
  CLQ_REQUIRE(holder_ == nullptr, "state '{}': {}", name, kHeld);
  const auto at = model_->states.find(name);
  if (at == model_->states.end()) fail(CLQ_E_NOT_FOUND, "the model has no state '{}'", name);
  const TensorDesc& desc = at->second.desc();
  const int64_t wanted = desc.count() * dtype_bytes(dtype);
  CLQ_REQUIRE(bytes == wanted, "state '{}' takes {} bytes as {}, got {}", name, wanted, dtype_name(dtype), bytes);
  Tensor next(desc);  // a value out of range must leave the old ones
  convert(data, dtype, next.bytes(), desc.dtype, desc.count());
  at->second = std::move(next);
  moved_.store(true);
}

void ModelBox::fit(const DataSource& source, const Config& run) {
  const std::lock_guard lock(mutex_);
  CLQ_REQUIRE(holder_ == nullptr, "{}", kHeld);
  fit_model(*model_, source, run);
  moved_.store(true);
}

void ModelBox::attach(const std::shared_ptr<TrainerBox>& trainer, std::shared_ptr<Model> model) {
  const std::lock_guard lock(mutex_);
  CLQ_REQUIRE(holder_ == nullptr, "{}", kHeld);
  trainer_ = trainer;
  holder_ = trainer.get();
  model_ = std::move(model);
  moved_.store(true);
}

void ModelBox::trained() { moved_.store(true); }

void ModelBox::detach(const TrainerBox* from, Trainer& trainer) {
  const std::lock_guard lock(mutex_);
  if (holder_ != from) return;
  holder_ = nullptr;
  const Model& last = trainer.model();
  if (&last != model_.get()) *model_ = last;  // a resumed trainer has its own
  moved_.store(true);
}

BatchPredictor::Outputs ModelBox::predict(const std::vector<const float*>& inputs, int64_t n) {
  std::unique_ptr<BatchPredictor> predictor;
  std::unique_lock lock(mutex_);
  const auto model = refresh();
  const int64_t version = version_;
  if (!idle_.empty()) {
    predictor = std::move(idle_.back());
    idle_.pop_back();
  }
  lock.unlock();
  if (predictor == nullptr) predictor = std::make_unique<BatchPredictor>(model, registry(), options_);
  BatchPredictor::Outputs outputs = predictor->run(inputs, n);
  lock.lock();  // one that threw is not used again
  if (version == version_) idle_.push_back(std::move(predictor));
  return outputs;
}

}  // namespace clq::capi
