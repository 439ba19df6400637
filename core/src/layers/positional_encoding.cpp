// core/src/layers/positional_encoding.cpp -- adds to each place of [N, T, C] what tells it from the others.
// SPDX-License-Identifier: BSD-3-Clause
#include <cmath>

#include <calanque/plugin/builder.h>

#include "graph/init.hpp"
#include "layers/layers.hpp"

namespace clq {
namespace {

constexpr double kStartDeviation =
    0.02;  // of places that are learned, as Devlin et al. 2019 (arXiv 1810.04805) have it

class PositionalEncoding final : public Layer {
 public:
  explicit PositionalEncoding(const Config& config) : kind_(config.get("kind", std::string("sinusoidal"))) {
    CLQ_REQUIRE(kind_ == "sinusoidal" || kind_ == "learned",
                "positional_encoding: kind must be \"sinusoidal\" or \"learned\", got '{}'", kind_);
  }

  Value build(GraphBuilder& graph, std::span<const Value> inputs) const override {
    const Value x = only_input(inputs, "positional_encoding");
    const Shape dims = graph.shape(x);
    CLQ_REQUIRE(dims.size() == 3, "positional_encoding: src must be [N, T, C], got {}", to_string(dims));
    const uint32_t flags = CLQ_STATE_TRAINABLE | CLQ_STATE_NO_DECAY;
    const Value places = kind_ == "learned" ? graph.param("places", {dims[1], dims[2]},
                                                          Init{{"use", "normal"}, {"std", kStartDeviation}}, flags)
                                            : graph.constant(waves(dims[1], dims[2], graph.dtype(x)));
    return graph.op("add/1", {x, places});
  }

 private:
  // sin(t / 10000^(c / C)) in even channels c, the cosine of the same angle in the one behind (Vaswani et al. 2017).
  static Tensor waves(int64_t places, int64_t channels, DType dtype) {
    std::vector<double> values;
    for (int64_t t = 0; t < places; ++t)
      for (int64_t c = 0; c < channels; ++c) {
        const double power = static_cast<double>(c - c % 2) / static_cast<double>(channels);
        const double angle = static_cast<double>(t) / std::pow(10000.0, power);
        values.push_back(c % 2 == 0 ? std::sin(angle) : std::cos(angle));
      }
    Tensor out({dtype, {places, channels}});
    convert(values.data(), CLQ_F64, out.bytes(), dtype, out.desc().count());
    return out;
  }

  std::string kind_;
};

}  // namespace

std::unique_ptr<Layer> make_positional_encoding(const Config& config) {
  return std::make_unique<PositionalEncoding>(config);
}

}  // namespace clq
