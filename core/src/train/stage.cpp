// core/src/train/stage.cpp -- one program with its own states and host buffers: a step on the way of a prediction.
// SPDX-License-Identifier: BSD-3-Clause
#include "train/stage.hpp"

#include <algorithm>
#include <cstring>
#include <limits>

#include "train/inference.hpp"

namespace clq {
namespace {

template <class T>
void blank(std::span<T> values, const uint8_t* bad, int64_t n, int64_t width) {
  for (int64_t i = 0; i < n; ++i)
    if (bad[i] != 0) std::fill_n(values.begin() + i * width, width, std::numeric_limits<T>::quiet_NaN());
}

template <class T>
void add_up(std::vector<double>& sum, std::span<const T> values) {
  for (size_t i = 0; i < sum.size(); ++i) sum[i] += static_cast<double>(values[i]);
}

}  // namespace

Stage::Stage(Device& device, Stream& stream, Inference made)
    : Stage(device, stream, std::move(made.program), made.given(), 0) {}

void blank_rows(Tensor& tensor, const uint8_t* bad, int64_t n) {
  const int64_t rows = tensor.desc().dims.empty() ? 1 : tensor.desc().dims[0];
  const int64_t width = rows == 0 ? 0 : tensor.desc().count() / rows;
  if (tensor.desc().dtype == CLQ_F32) blank(tensor.as<float>(), bad, n, width);
  if (tensor.desc().dtype == CLQ_F64) blank(tensor.as<double>(), bad, n, width);
}

void add_to(std::vector<double>& sum, const Tensor& tensor) {
  if (tensor.desc().dtype == CLQ_F64) return add_up(sum, tensor.as<double>());
  add_up(sum, tensor.as<float>());
}

void mean_of(const std::vector<const Tensor*>& predictions, std::vector<double>& sum, Tensor& mean) {
  if (predictions.size() == 1) {
    std::memcpy(mean.bytes(), predictions[0]->bytes(), static_cast<size_t>(mean.desc().bytes()));
    return;
  }
  std::fill(sum.begin(), sum.end(), 0.0);
  for (const Tensor* p : predictions) add_to(sum, *p);
  for (double& value : sum) value /= static_cast<double>(predictions.size());
  convert(sum.data(), CLQ_F64, mean.bytes(), mean.desc().dtype, mean.desc().count());
}

}  // namespace clq
