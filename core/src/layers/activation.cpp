// core/src/layers/activation.cpp -- functions of one element, as layers and as the `activation` key of others.
// SPDX-License-Identifier: BSD-3-Clause
#include <algorithm>

#include <fmt/ranges.h>

#include <calanque/plugin/builder.h>

#include "graph/init.hpp"
#include "layers/layers.hpp"

namespace clq {
namespace {

constexpr const char* kNames[] = {"relu", "leaky_relu", "prelu", "elu", "gelu", "silu", "sigmoid", "tanh", "softplus"};

constexpr double kPreluStart = 0.25;

class Activation final : public Layer {
 public:
  Activation(std::string name, Attrs attrs) : name_(std::move(name)), attrs_(std::move(attrs)) {}

  Value build(GraphBuilder& graph, std::span<const Value> inputs) const override {
    return graph.op(name_ + "/1", {only_input(inputs, name_.c_str())}, attrs_);
  }

 private:
  std::string name_;
  Attrs attrs_;
};

// A slope a channel (axis 1) below 0, as He et al. 2015 have it: they start at 0.25.
Value prelu(GraphBuilder& graph, Value x, double start) {
  const Shape dims = graph.shape(x);
  CLQ_REQUIRE(dims.size() >= 2, "prelu: src must be [N, C, ...], got {}", to_string(dims));
  const uint32_t flags = CLQ_STATE_TRAINABLE | CLQ_STATE_NO_DECAY;
  return graph.op("prelu/1", {x, graph.param("slope", {dims[1]}, init::constant(start), flags)});
}

class Prelu final : public Layer {
 public:
  explicit Prelu(double start) : start_(start) {}

  Value build(GraphBuilder& graph, std::span<const Value> inputs) const override {
    return prelu(graph, only_input(inputs, "prelu"), start_);
  }

 private:
  double start_;
};

std::unique_ptr<Layer> plain(const char* name) { return std::make_unique<Activation>(name, Attrs{}); }

std::unique_ptr<Layer> with_alpha(const char* name, double alpha) {
  return std::make_unique<Activation>(name, Attrs{{"alpha", attr(alpha)}});
}

}  // namespace

std::unique_ptr<Layer> make_relu(const Config&) { return plain("relu"); }
std::unique_ptr<Layer> make_leaky_relu(const Config& config) {
  return with_alpha("leaky_relu", config.get("alpha", 0.01));
}
std::unique_ptr<Layer> make_prelu(const Config& config) {
  return std::make_unique<Prelu>(config.get("slope", kPreluStart));
}
std::unique_ptr<Layer> make_elu(const Config& config) { return with_alpha("elu", config.get("alpha", 1.0)); }
std::unique_ptr<Layer> make_gelu(const Config&) { return plain("gelu"); }
std::unique_ptr<Layer> make_silu(const Config&) { return plain("silu"); }
std::unique_ptr<Layer> make_sigmoid(const Config&) { return plain("sigmoid"); }
std::unique_ptr<Layer> make_tanh(const Config&) { return plain("tanh"); }
std::unique_ptr<Layer> make_softplus(const Config&) { return plain("softplus"); }

void require_activation(const std::string& name) {
  if (name.empty() || name == "none") return;
  const std::vector<std::string> names(std::begin(kNames), std::end(kNames));
  if (std::find(names.begin(), names.end(), name) != names.end()) return;
  const std::string nearest = did_you_mean(name, names);
  fail(CLQ_E_INVALID, "activation '{}' is unknown{}", name,
       nearest.empty() ? fmt::format(", there are {}", fmt::join(names, ", ")) : nearest);
}

Value activate(GraphBuilder& graph, const std::string& name, Value x) {
  if (name.empty() || name == "none") return x;
  return name == "prelu" ? prelu(graph, x, kPreluStart) : graph.op(name + "/1", {x});
}

}  // namespace clq
