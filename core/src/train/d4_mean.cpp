// core/src/train/d4_mean.cpp -- a network's prediction averaged over the eight orientations of its images.
// SPDX-License-Identifier: BSD-3-Clause
#include "train/d4_mean.hpp"

#include <algorithm>
#include <cstring>

#include <fmt/ranges.h>

#include "data/d4.hpp"
#include "data/image_chain.hpp"

namespace clq {
namespace {

bool is_turned(const InputField& tensor) { return tensor.name == "images" || tensor.name == "mask"; }

}  // namespace

bool averages_d4(const Model& model, const PredictOptions& options) {
  const std::string average =
      options.average.empty() ? model.predict.get<std::string>("average", "none") : options.average;
  CLQ_REQUIRE(average == "none" || average == "d4", "predict.average must be none or d4, got '{}'", average);
  if (average == "none") return false;
  const ImageShape shape = model.layout.image_shape();
  CLQ_REQUIRE(shape.bands > 0, "predict.average: a model without images has no orientations to average");
  CLQ_REQUIRE(shape.width == shape.height, "predict.average: images of {} x {} pixels are not square", shape.width,
              shape.height);
  CLQ_REQUIRE(model.spec.target.size() < 2,
              "predict.average: the maps that are predicted turn with the images, the mean over their orientations would "
              "mix them");
  const ImageChain* chain = model.transforms.images();
  CLQ_REQUIRE(chain == nullptr || chain->turned().empty(),
              "predict.average: {} turn with the image, the mean over its orientations would mix them",
              fmt::join(chain->turned(), ", "));
  return true;
}

D4Mean::D4Mean(Device& device, Stage& forward, const BatchLayout& layout, int64_t rows)
    : forward_(forward), layout_(layout), inputs_(device, layout, rows, CLQ_MEM_HOST) {
  std::map<std::string, void*> addresses;
  for (size_t t = 0; t < layout.tensors.size(); ++t) addresses[layout.tensors[t].name] = inputs_.tensors()[t];
  binding_ = forward.runner.bind(addresses, inputs_.kind());
  mean_ = Tensor(forward.runner.output("prediction").desc());
  sum_.resize(static_cast<size_t>(mean_.desc().count()));
}

void D4Mean::turn(const Slot& slot, size_t tensor, int orientation) {
  const ImageShape shape = layout_.image_shape();
  const auto* from = reinterpret_cast<const float*>(slot.data[tensor]);
  auto* to = reinterpret_cast<float*>(inputs_.tensors()[tensor]);
  for (int64_t plane = 0; plane < slot.capacity * shape.bands; ++plane)
    turn_plane(orientation, from + plane * shape.pixels(), to + plane * shape.pixels(), shape.width);
}

void D4Mean::run(const Slot& slot) {
  for (size_t t = 0; t < layout_.tensors.size(); ++t)
    if (!is_turned(layout_.tensors[t]))
      std::memcpy(inputs_.tensors()[t], slot.data[t],
                  static_cast<size_t>(slot.capacity * layout_.tensors[t].desc.bytes()));
  std::fill(sum_.begin(), sum_.end(), 0.0);
  const Tensor& prediction = forward_.runner.output("prediction");
  for (int orientation = 0; orientation < kOrientations; ++orientation) {
    for (size_t t = 0; t < layout_.tensors.size(); ++t)
      if (is_turned(layout_.tensors[t])) turn(slot, t, orientation);
    forward_.runner.run(binding_, {});
    add_to(sum_, prediction);
  }
  for (double& value : sum_) value /= kOrientations;
  convert(sum_.data(), CLQ_F64, mean_.bytes(), mean_.desc().dtype, mean_.desc().count());
}

}  // namespace clq
