// capi/src/own_loop.cpp -- training whose loop is the host's: its batches, its gradients, its weights.
// SPDX-License-Identifier: BSD-3-Clause
#include <span>

#include <calanque/calanque.h>

#include "advance.hpp"

namespace clq::capi {
namespace {

struct Rows {
  std::shared_ptr<DataSource> source;
  std::span<const int64_t> samples;
};

Rows rows_of(clq_handle source, const int64_t* samples, int64_t n) {
  required(samples, "samples");
  CLQ_REQUIRE(n >= 1, "n must be at least 1, got {}", n);
  return {get_handle<SourceBox>(source)->open(), {samples, static_cast<size_t>(n)}};
}

void require_bytes(const std::string& name, const TensorDesc& desc, DType dtype, int64_t bytes) {
  const int64_t wanted = desc.count() * dtype_bytes(dtype);
  CLQ_REQUIRE(bytes == wanted, "'{}' takes {} bytes as {}, got {}", name, wanted, dtype_name(dtype), bytes);
}

Tensor given(const std::string& name, const TensorDesc& desc, const void* data, DType dtype, int64_t bytes) {
  required(static_cast<const char*>(data), "data");
  require_bytes(name, desc, dtype, bytes);
  Tensor tensor(desc);
  convert(data, dtype, tensor.bytes(), desc.dtype, desc.count());
  return tensor;
}

}  // namespace
}  // namespace clq::capi

using namespace clq;
using namespace clq::capi;

clq_status clq_trainer_batch(clq_handle trainer, clq_handle source, const int64_t* samples, int64_t n) {
  return advance(trainer, [&](Trainer& t) {
    const Rows rows = rows_of(source, samples, n);
    return t.step_on(rows.source, rows.samples);
  });
}

clq_status clq_trainer_gradients(clq_handle trainer, clq_handle source, const int64_t* samples, int64_t n) {
  return with_trainer(trainer, [&](Trainer& t) {
    const Rows rows = rows_of(source, samples, n);
    t.gradients_on(rows.source, rows.samples);
  });
}

clq_status clq_gradient_get(clq_handle trainer, const char* parameter, void* data, int32_t dtype, int64_t bytes) {
  return with_trainer(trainer, [&](Trainer& t) {
    const std::string name = required_text(parameter, "parameter");
    required(static_cast<char*>(data), "data");
    const Tensor gradient = t.gradient(name);
    require_bytes(name, gradient.desc(), dtype, bytes);
    convert_whole(gradient.bytes(), gradient.desc().dtype, data, dtype, gradient.desc().count());
  });
}

clq_status clq_gradient_set(clq_handle trainer, const char* parameter, const void* data, int32_t dtype, int64_t bytes) {
  return with_trainer(trainer, [&](Trainer& t) {
    const std::string name = required_text(parameter, "parameter");
    t.set_gradient(name, given(name, t.gradient(name).desc(), data, dtype, bytes));
  });
}

clq_status clq_trainer_apply(clq_handle trainer) {
  return advance(trainer, [](Trainer& t) { return t.apply_gradients(); });
}

clq_status clq_trainer_set(clq_handle trainer, const char* state, const void* data, int32_t dtype, int64_t bytes) {
  return guard([&] {
    const auto box = get_handle<TrainerBox>(trainer);
    const auto lock = box->use();
    const std::string name = required_text(state, "state");
    const TensorDesc desc = box->trainer().state_desc(name);
    box->model().trained();
    box->trainer().set_state(name, given(name, desc, data, dtype, bytes));
  });
}
