// capi/src/batch.cpp -- named arrays in and out of one prediction.
// SPDX-License-Identifier: BSD-3-Clause
#include <algorithm>

#include <calanque/calanque.h>

#include "boxes.hpp"
#include "guard.hpp"
#include "handles.hpp"

namespace clq::capi {

namespace {

constexpr int64_t kAddresses = int64_t{1} << 47;  // bytes that a process can have

// An array with its axes in another order has as many elements: [n, height, width, bands] is refused.
void require_same_axes(const std::string& name, const Shape& sample, const Shape& given) {
  if (sample.size() < 2 || given.size() <= 2) return;
  CLQ_REQUIRE(std::equal(sample.begin(), sample.end(), given.begin() + 1, given.end()),
              "input '{}' must be {} a sample, got {}", name, to_string(sample), to_string(given));
}

}  // namespace

BatchBox::BatchBox(std::shared_ptr<ModelBox> model, int64_t n)
    : box_(std::move(model)), model_(box_->snapshot()), n_(n) {
  inputs_.resize(model_->spec.inputs.size());
  for (size_t i = 0; i < inputs_.size(); ++i)
    if (TensorDesc{CLQ_F32, {n, model_->given_width(i)}}.bytes() >= kAddresses)
      fail(CLQ_E_NOMEM, "a batch of {} samples has no room in any memory", n);
  for (size_t i = 0; i < inputs_.size(); ++i) filled_.emplace_back(static_cast<size_t>(model_->given_width(i)), false);
}

// Memory is taken when the host gives an array of that size: n may be anything before.
Tensor& BatchBox::input(size_t i) {
  if (inputs_[i].desc().dims.empty()) inputs_[i] = Tensor({CLQ_F32, {n_, model_->given_width(i)}});
  return inputs_[i];
}

BatchBox::Place BatchBox::place_of(const std::string& name) const {
  std::vector<std::string> known;
  for (size_t i = 0; i < inputs_.size(); ++i) {
    const InputField& input = model_->spec.inputs[i];
    if (model_->given_width(i) == 0) continue;  // a mask is made from the images
    if (input.name == name) return {i, 0, model_->given_width(i)};
    known.push_back(input.name);
    for (const LayoutColumn& column : model_->layout.columns) {
      if (column.tensor != static_cast<uint32_t>(model_->layout.tensor(input.name))) continue;
      if (column.name == name) return {i, column.offset, column.count};
      known.push_back(column.name);
    }
  }
  fail(CLQ_E_INVALID, "the model has no input '{}'{}", name, did_you_mean(name, known));
}

void BatchBox::set(const std::string& name, const void* data, const TensorDesc& desc) {
  const Place place = place_of(name);
  const bool fits =
      !desc.dims.empty() && desc.dims[0] == n_ && desc.count() / n_ == place.count && desc.count() % n_ == 0;
  CLQ_REQUIRE(fits, "input '{}' must have {} samples of {} element{} each, got {}", name, n_, place.count,
              place.count == 1 ? "" : "s", to_string(desc.dims));
  require_same_axes(name, model_->spec.inputs[place.input].desc.dims, desc.dims);
  Tensor plain({CLQ_F32, {n_, place.count}});
  convert_inputs(data, desc.dtype, plain.as<float>().data(), n_ * place.count);
  const auto from = plain.as<float>();
  const auto to = input(place.input).as<float>();
  const int64_t width = model_->given_width(place.input);
  for (int64_t row = 0; row < n_; ++row)
    std::copy_n(&from[static_cast<size_t>(row * place.count)], place.count,
                &to[static_cast<size_t>(row * width + place.offset)]);
  std::fill_n(filled_[place.input].begin() + place.offset, place.count, true);
  note(name, fmt::format("{}: {} {} -> f32 [{}, {}], columns {}..{} of input '{}'", name, dtype_name(desc.dtype),
                         to_string(desc.dims), n_, place.count, place.offset, place.offset + place.count - 1,
                         model_->spec.inputs[place.input].name));
  outputs_.reset();
}

void BatchBox::note(const std::string& name, std::string words) {
  const auto at = std::find_if(notes_.begin(), notes_.end(), [&](const auto& known) { return known.first == name; });
  if (at == notes_.end())
    notes_.emplace_back(name, std::move(words));
  else
    at->second = std::move(words);
}

void BatchBox::predict() {
  std::vector<const float*> inputs;
  for (size_t i = 0; i < inputs_.size(); ++i) {
    const auto hole = std::find(filled_[i].begin(), filled_[i].end(), false);
    CLQ_REQUIRE(hole == filled_[i].end(), "input '{}': element {} was not set", model_->spec.inputs[i].name,
                hole - filled_[i].begin());
    inputs.push_back(input(i).as<float>().data());
  }
  outputs_ = box_->predict(inputs, n_);
}

std::string BatchBox::describe() const {
  std::string text;
  for (const auto& [name, words] : notes_) text += words + "\n";
  if (!outputs_.has_value()) return text;
  const auto tell = [&](const std::string& name, const TensorDesc& desc) {
    text += fmt::format("output '{}': {} {}\n", name, dtype_name(desc.dtype), to_string(desc.dims));
  };
  for (size_t i = 0; i < outputs_->names.size(); ++i) tell(outputs_->names[i], outputs_->values[i].desc());
  for (const char* flag : {"FLAG_BAD", "FLAG_OOD"}) tell(flag, {CLQ_U8, {n_}});
  return text;
}

const BatchPredictor::Outputs& BatchBox::outputs() const {
  CLQ_REQUIRE(outputs_.has_value(), "nothing was predicted since the inputs were set, call clq_predict_batch");
  return *outputs_;
}

void BatchBox::get(const std::string& name, void* data, DType dtype, int64_t bytes) const {
  const BatchPredictor::Outputs& all = outputs();
  const auto write = [&](const void* from, DType from_dtype, int64_t count) {
    const int64_t wanted = count * dtype_bytes(dtype);
    CLQ_REQUIRE(bytes == wanted, "output '{}' takes {} bytes as {}, got {}", name, wanted, dtype_name(dtype), bytes);
    convert_whole(from, from_dtype, data, dtype, count);
  };
  if (name == "FLAG_BAD") return write(all.bad.data(), CLQ_U8, n_);
  if (name == "FLAG_OOD") return write(all.ood.data(), CLQ_U8, n_);
  for (size_t i = 0; i < all.names.size(); ++i)
    if (all.names[i] == name)
      return write(all.values[i].bytes(), all.values[i].desc().dtype, all.values[i].desc().count());
  fail(CLQ_E_NOT_FOUND, "the model has no output '{}'{}", name, did_you_mean(name, all.names));
}

void BatchBox::status(int32_t* per_sample, int64_t n) const {
  CLQ_REQUIRE(n == n_, "the batch has {} samples, got room for {}", n_, n);
  const auto& bad = outputs().bad;
  std::copy(bad.begin(), bad.end(), per_sample);
}

}  // namespace clq::capi

using namespace clq;
using namespace clq::capi;

clq_status clq_batch_create(clq_handle model, int64_t n, clq_handle* batch) {
  return guard([&] {
    required(batch, "batch");
    CLQ_REQUIRE(n >= 1, "n must be at least 1, got {}", n);
    *batch = add_handle(std::make_shared<BatchBox>(get_handle<ModelBox>(model), n));
  });
}

clq_status clq_batch_set(clq_handle batch, const char* name, const void* data, int32_t dtype, int32_t rank,
                         const int64_t* dims) {
  return guard([&] {
    const auto box = get_handle<BatchBox>(batch);
    const std::string field = required_text(name, "name");
    required(static_cast<const char*>(data), "data");
    dtype_bytes(dtype);
    CLQ_REQUIRE(rank >= 1 && rank <= CLQ_MAX_RANK, "input '{}': rank must be from 1 to {}, got {}", field, CLQ_MAX_RANK,
                rank);
    required(dims, "dims");
    const TensorDesc desc{dtype, Shape(dims, dims + rank)};
    for (const int64_t dim : desc.dims)
      CLQ_REQUIRE(dim >= 1, "input '{}': dims must be positive, got {}", field, to_string(desc.dims));
    box->set(field, data, desc);
  });
}

int64_t clq_batch_describe(clq_handle batch, char* text, int64_t capacity) {
  return guard_text(text, capacity, [&] { return get_handle<BatchBox>(batch)->describe(); });
}

clq_status clq_batch_get(clq_handle batch, const char* name, void* data, int32_t dtype, int64_t bytes) {
  return guard([&] {
    const auto box = get_handle<BatchBox>(batch);
    required(static_cast<char*>(data), "data");
    box->get(required_text(name, "name"), data, dtype, bytes);
  });
}

clq_status clq_batch_status(clq_handle batch, int32_t* per_sample, int64_t n) {
  return guard([&] { get_handle<BatchBox>(batch)->status(&required(per_sample, "per_sample"), n); });
}

void clq_batch_close(clq_handle batch) {
  guard([&] { take_handle<BatchBox>(batch); });
}
