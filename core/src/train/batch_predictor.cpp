// core/src/train/batch_predictor.cpp -- rows already in memory to predictions.
// SPDX-License-Identifier: BSD-3-Clause
#include <algorithm>
#include <cstring>
#include <numeric>

#include "train/d4_mean.hpp"
#include "train/inference.hpp"
#include "train/predicted_rows.hpp"
#include "train/predictor.hpp"
#include "train/shown_layers.hpp"
#include "train/slot_memory.hpp"
#include "train/stage.hpp"

namespace clq {
namespace {

// The network's inputs and the weight, without columns: there is no source.
BatchLayout plain_layout(const BatchLayout& layout) {
  BatchLayout plain;
  plain.derived = layout.derived;
  plain.nulls = layout.nulls;
  plain.images = layout.images;
  for (const InputField& tensor : layout.tensors)
    if (tensor.name != "target") plain.tensors.push_back(tensor);
  return plain;
}

void copy_rows(const Tensor& from, Tensor& to, int64_t first, int64_t n) {
  const int64_t row = from.desc().dims[0] == 0 ? 0 : from.desc().bytes() / from.desc().dims[0];
  std::memcpy(to.bytes() + first * row, from.bytes(), static_cast<size_t>(n * row));
}

TensorDesc with_rows(TensorDesc desc, int64_t n) {
  desc.dims.at(0) = n;
  return desc;
}

}  // namespace

struct BatchPredictor::State {
  State(std::shared_ptr<const Model> m, const Registry& registry, const PredictOptions& options);
  void run_chunk(const std::vector<const float*>& inputs, int64_t first, int64_t n, Outputs& out);

  std::shared_ptr<const Model> model;
  BatchLayout layout;
  std::unique_ptr<Device> device;
  std::unique_ptr<Stream> stream;
  std::unique_ptr<Stage> forward, post;
  std::unique_ptr<D4Mean> mean;  // nullptr: one orientation
  const Tensor& prediction() const { return mean ? mean->prediction() : forward->runner.output("prediction"); }
  std::unique_ptr<BatchMemory> memory;
  Slot slot;
  std::vector<std::pair<std::string, const Tensor*>> outputs;  // "prediction" first, then the task's
};

BatchPredictor::State::State(std::shared_ptr<const Model> m, const Registry& registry, const PredictOptions& options)
    : model(std::move(m)), layout(plain_layout(model->layout)) {
  CLQ_REQUIRE(options.batch >= 1, "a batch needs rows, got {}", options.batch);
  const Compute compute{options.device, "{}", options.threads, options.readers, 0};
  const auto build = [&](ProgramKind kind) {
    return build_program(kind, model->spec, {}, options.batch, registry.ops(), registry);
  };
  Inference first(*model, options, registry);
  device = open_device(registry, compute, first.program.graph, 0);
  stream = std::make_unique<Stream>(*device);
  forward = std::make_unique<Stage>(*device, *stream, std::move(first));
  post = std::make_unique<Stage>(*device, *stream, build(ProgramKind::post), model->states, 0);
  memory = std::make_unique<BatchMemory>(*device, layout, options.batch, CLQ_MEM_HOST);
  slot.data = memory->tensors();
  slot.capacity = options.batch;
  std::map<std::string, void*> inputs;
  for (size_t t = 0; t < layout.tensors.size(); ++t) inputs[layout.tensors[t].name] = slot.data[t];
  forward->runner.bind(inputs);
  if (averages_d4(*model, options)) mean = std::make_unique<D4Mean>(*device, *forward, layout, options.batch);
  post->runner.bind({{"prediction", const_cast<std::byte*>(prediction().bytes())}});
  outputs.emplace_back("prediction", &prediction());
  for (const NamedValue& out : post->runner.graph().outputs)
    if (out.name != "prediction") outputs.emplace_back(out.name, &post->runner.output(out.name));
  for (const std::string& name : shown_layers(*model, options))
    outputs.emplace_back(name, &forward->runner.output(std::string(kLayer) + name));
}

void BatchPredictor::State::run_chunk(const std::vector<const float*>& inputs, int64_t first, int64_t n, Outputs& out) {
  slot.rows.samples.resize(static_cast<size_t>(n));
  std::iota(slot.rows.samples.begin(), slot.rows.samples.end(), first);
  slot.bad.assign(static_cast<size_t>(slot.capacity), 0);
  slot.ood.assign(static_cast<size_t>(slot.capacity), 0);
  for (size_t t = 0; t < inputs.size(); ++t) {
    const int64_t width = layout.tensors[t].desc.count(), given = layout.given_width(t);
    for (int64_t i = 0; i < n; ++i) std::copy_n(inputs[t] + (first + i) * given, given, slot.row<float>(t, i, width));
  }
  model->transforms.apply(slot, layout);
  if (mean)
    mean->run(slot);
  else
    forward->runner.run(0, {});
  post->runner.run(0, {});
  for (size_t k = 0; k < outputs.size(); ++k) copy_rows(*outputs[k].second, out.values[k], first, n);
  for (int64_t i = 0; i < n; ++i) {
    uint8_t& bad = out.bad[static_cast<size_t>(first + i)];
    bad = slot.bad[static_cast<size_t>(i)] & kFlagBadMask;
    if (!has_answer(prediction(), i)) bad |= kBadNan;  // what it computes is beyond its numbers
    out.ood[static_cast<size_t>(first + i)] = slot.ood[static_cast<size_t>(i)];
  }
}

BatchPredictor::BatchPredictor(std::shared_ptr<const Model> model, const Registry& registry,
                               const PredictOptions& options)
    : state_(std::make_unique<State>(std::move(model), registry, options)) {}

BatchPredictor::~BatchPredictor() = default;

BatchPredictor::Outputs BatchPredictor::run(const std::vector<const float*>& inputs, int64_t n) {
  State& s = *state_;
  CLQ_REQUIRE(inputs.size() == s.model->spec.inputs.size(), "the model has {} inputs, got {}",
              s.model->spec.inputs.size(), inputs.size());
  CLQ_REQUIRE(n >= 0, "{} rows", n);
  Outputs out;
  for (const auto& [name, values] : s.outputs) {
    out.names.push_back(name);
    out.values.emplace_back(with_rows(values->desc(), n));
  }
  out.bad.resize(static_cast<size_t>(n));
  out.ood.resize(static_cast<size_t>(n));
  for (int64_t first = 0; first < n; first += s.slot.capacity)
    s.run_chunk(inputs, first, std::min(s.slot.capacity, n - first), out);
  for (Tensor& values : out.values) blank_rows(values, out.bad.data(), n);
  return out;
}

std::vector<InputField> BatchPredictor::output_fields() const {
  std::vector<InputField> fields;
  for (const auto& [name, values] : state_->outputs) {
    TensorDesc desc = values->desc();
    desc.dims.erase(desc.dims.begin());
    fields.push_back({name, std::move(desc)});
  }
  return fields;
}

}  // namespace clq
