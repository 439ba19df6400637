// tests/docs/plugins/layer.test.cpp -- the layer of docs/writing-a-plugin.md: its closed form.
// SPDX-License-Identifier: BSD-3-Clause
#include <cmath>

#include "docs/plugins/examples.hpp"
#include "graph/host_graph.hpp"

namespace clq::test {
namespace {

Value excite(GraphBuilder& b, const Json& options, Value x) {
  const GraphBuilder::Scope scope(b, "block");
  return run_builder(*examples().find("layer", "example.excite"), b, options, std::span(&x, 1)).at(0);
}

// y = W x + b
std::vector<double> dense(const Tensor& weights, const Tensor& bias, const std::vector<double>& x) {
  std::vector<double> y = numbers(bias);
  const std::vector<double> w = numbers(weights);
  for (size_t i = 0; i < y.size(); ++i)
    for (size_t j = 0; j < x.size(); ++j) y[i] += w[i * x.size() + j] * x[j];
  return y;
}

// The layer written out, for one image of `pixels` in each channel.
std::vector<double> excited(const std::map<std::string, Tensor>& w, std::vector<double> image, size_t pixels) {
  std::vector<double> means(image.size() / pixels, 0.0);
  for (size_t i = 0; i < image.size(); ++i) means[i / pixels] += image[i] / static_cast<double>(pixels);
  std::vector<double> hidden = dense(w.at("block.squeeze.weights"), w.at("block.squeeze.bias"), means);
  for (double& h : hidden) h = std::max(h, 0.0);
  const std::vector<double> out = dense(w.at("block.excite.weights"), w.at("block.excite.bias"), hidden);
  for (size_t i = 0; i < image.size(); ++i) image[i] /= 1 + std::exp(-out[i / pixels]);
  return image;
}

TEST(ExampleLayer, HasItsClosedForm) {
  const OpTable ops = examples().ops();
  const Tensor x = uniform({2, 8, 3, 5}, -1, 2, 3);
  GraphBuilder b(ops, Mode::infer, {{"x", x.desc()}}, CLQ_F64);
  b.output("y", excite(b, {{"reduction", 4}}, b.input("x")));
  Runner runner = on("cpu_ref", b.graph());
  std::map<std::string, Tensor> weights;
  for (const State& state : b.graph().states) {
    const Tensor drawn = uniform(b.shape(state.before), -1, 1, 10 + weights.size());
    runner.set_state(state.name, weights.insert_or_assign(state.name, drawn).first->second);
  }
  EXPECT_EQ(weights.at("block.squeeze.weights").desc().dims, (Shape{2, 8}));
  const std::vector<double> all = numbers(x);
  std::vector<double> expected;
  for (const size_t image : {0, 1}) {
    const auto begin = all.begin() + static_cast<ptrdiff_t>(120 * image);
    for (const double v : excited(weights, {begin, begin + 120}, 15)) expected.push_back(v);
  }
  EXPECT_LT(distance(runner.run({{"x", x}}).at("y"), tensor(x.desc().dims, expected)), 1e-14);
}

TEST(ExampleLayer, RefusesATable) {
  const OpTable ops = examples().ops();
  GraphBuilder b(ops, Mode::infer, {{"row", {CLQ_F32, {2, 8}}}});
  EXPECT_EQ(error_of([&] { excite(b, Json::object(), b.input("row")); }),
            "example.excite: src must be [N, C, L] or [N, C, H, W]");
}

}  // namespace
}  // namespace clq::test
