// tests/core/layers/sequences.test.cpp -- layers over [N, T, C], and an encoder block of them as PyTorch has it.
// SPDX-License-Identifier: BSD-3-Clause
#include <cmath>

#include <gtest/gtest.h>

#include "compile/autodiff.hpp"
#include "compile/chain.hpp"
#include "core/layers/one_layer.hpp"

namespace clq::test {
namespace {

struct Reference {
  bool causal;
  std::vector<std::vector<double>> numbers;  // y, then the gradients of sum(cos(1.3 i) y) by x and by each weight
};
const std::vector<Reference> kReferences = {
#include "core/layers/torch_block.inc"
};

using Function = double (*)(double);

Tensor wave(Function f, const Shape& dims, double scale, int64_t first = 0) {
  std::vector<double> values;
  for (int64_t i = 0; i < element_count(dims); ++i) values.push_back(f(scale * static_cast<double>(i + 1 + first)));
  return tensor(dims, values);
}

ModelSpec encoder_block(bool causal) {
  ModelSpec model;
  model.inputs = {{"x", {CLQ_F64, {3, 4}}}};
  model.layers = Json::parse(R"([
    {"name": "norm1", "use": "layer_norm"},
    {"name": "look", "use": "attention", "heads": 2},
    {"name": "seen", "use": "add", "from": ["input", "look"]},
    {"name": "norm2", "use": "layer_norm"},
    {"name": "hidden", "use": "dense", "units": 5, "activation": "gelu"},
    {"name": "back", "use": "dense", "units": 4},
    {"name": "block", "use": "add", "from": ["seen", "back"]}])");
  model.layers[1]["causal"] = causal;
  model.dtype = CLQ_F64;
  return model;
}

// y and the gradients, in the order of the reference.
std::vector<Tensor> computed(bool causal, const std::string& plugin) {
  const OpTable ops;
  const Tensor x = wave(std::cos, {2, 3, 4}, 0.7);
  GraphBuilder b(ops, Mode::train, {{"x", x.desc()}}, CLQ_F64);
  const Value in = b.input("x"), y = build_network(b, encoder_block(causal), NoBuilders())[0];
  const Value factors = b.constant(wave(std::cos, b.shape(y), 1.3));
  const Value loss = b.op("reduce_sum/1", {b.op("mul/1", {y, factors})});
  std::vector<Value> wrt = {in};
  for (const Value state : b.trainable()) wrt.push_back(state);
  const std::vector<Value> diffs = differentiate(b, loss, wrt);
  b.output("y", b.op("identity/1", {y}));
  for (size_t i = 0; i < diffs.size(); ++i) b.output(fmt::format("d{}", i), b.op("identity/1", {diffs[i]}));
  Runner runner(b.graph(), plugin);
  int64_t first = 0;
  for (size_t i = 1; i < wrt.size(); ++i) {
    runner.set_state(b.state_name(wrt[i]), wave(std::sin, b.shape(wrt[i]), 0.9, first));
    first += element_count(b.shape(wrt[i]));
  }
  const Tensors out = runner.run({{"x", x}});
  std::vector<Tensor> all = {out.at("y")};
  for (size_t i = 0; i < diffs.size(); ++i) all.push_back(out.at(fmt::format("d{}", i)));
  return all;
}

// Sums of some ten terms in F64, one after the other through the block.
TEST(EncoderBlock, IsPyTorchsWithItsGradients) {
  for (const Reference& reference : kReferences) {
    const std::vector<Tensor> got = computed(reference.causal, "cpu_ref");
    ASSERT_EQ(got.size(), reference.numbers.size());
    for (size_t i = 0; i < got.size(); ++i)
      EXPECT_LE(distance(got[i], tensor(got[i].desc().dims, reference.numbers[i])), 1e-12) << reference.causal << i;
  }
}

TEST(Dense, ServesEveryPlaceOfASequence) {
  const Json config = {{"units", 3}, {"activation", "prelu"}};
  const Tensor x = uniform({2, 5, 4}, -1, 1, 3);
  Runner sequence(build_layer("dense", config, x, Mode::infer).graph),
      rows(build_layer("dense", config, tensor({10, 4}, numbers(x)), Mode::infer).graph);
  EXPECT_EQ(sequence.state("dense.slope").desc().dims, (Shape{3}));  // a slope a unit, not a place
  const Tensor y = sequence.run({{"x", x}}).at("y");
  EXPECT_EQ(y.desc().dims, (Shape{2, 5, 3}));
  EXPECT_EQ(numbers(y), numbers(rows.run({{"x", tensor({10, 4}, numbers(x))}}).at("y")));
}

TEST(LayerNorm, NormalisesAlongTheLastAxisOrAnother) {
  const Json eps = {{"eps", 1e-30}};
  EXPECT_LE(distance(run_layer("layer_norm", eps, tensor({2, 2}, {1, 3, 10, 14})), tensor({2, 2}, {-1, 1, -1, 1})),
            1e-12);
  // Two channels of 1 x 3 pixels: each pixel's two numbers.
  const Tensor map = tensor({1, 2, 1, 3}, {1, 7, 2, 5, 3, 8});
  EXPECT_LE(distance(run_layer("layer_norm", Json{{"axis", 1}, {"eps", 1e-30}}, map),
                     tensor({1, 2, 1, 3}, {-1, 1, -1, 1, -1, 1})),
            1e-12);
}

TEST(LayerNorm, SaysWhatIsWrong) {
  EXPECT_EQ(refusal("layer_norm", Json{{"axis", 0}}, filled({2, 3}, 0)),
            "layer_norm: axis must be -1 (the last) or 1 or more, got 0");
  EXPECT_EQ(refusal("layer_norm", Json{{"axis", 2}}, filled({2, 3}, 0)),
            "layer_norm: axis 2 is not one of [2, 3] after N");
  EXPECT_EQ(refusal("layer_norm", Json{{"eps", 0}}, filled({2, 3}, 0)), "layer_norm: eps must be positive, got 0");
}

TEST(Attention, OfACausalOneLooksAtNothingBehind) {
  const Json config = {{"heads", 2}, {"causal", true}};
  Tensor x = uniform({1, 5, 4}, -1, 1, 3);
  Runner runner(build_layer("attention", config, x, Mode::infer).graph);
  const std::vector<double> before = numbers(runner.run({{"x", x}}).at("y"));
  for (size_t i = 12; i < 20; ++i) x.as<double>()[i] += 1;  // places 3 and 4
  const std::vector<double> after = numbers(runner.run({{"x", x}}).at("y"));
  for (size_t i = 0; i < 20; ++i) EXPECT_EQ(before[i] == after[i], i < 12) << i;
}

// Queries, keys and values are all 1: a place gives the sum of its weights, which is 1 but for what is dropped.
TEST(Attention, DropsWeightsInTrainingAlone) {
  const Json config = {{"heads", 1}, {"dropout", 0.25}, {"bias", false}};
  const Tensor x = filled({40, 50, 1}, 1);
  const auto sums = [&](Mode mode) {
    Runner runner(build_layer("attention", config, x, mode).graph);
    for (const char* name : {"attention.in_weights", "attention.out_weights"})
      runner.set_state(name, filled(runner.state(name).desc().dims, 1));
    return numbers(runner.run({{"x", x}}, {{"seed", 5}}).at("y"));
  };
  for (const double sum : sums(Mode::infer)) EXPECT_NEAR(sum, 1, 1e-12);
  double mean = 0, squares = 0;
  for (const double sum : sums(Mode::train)) mean += sum / 2000, squares += (sum - 1) * (sum - 1) / 2000;
  EXPECT_NEAR(mean, 1, 0.008);                 // 10^5 weights, four sigma
  EXPECT_NEAR(squares, 1.0 / 3 / 50, 0.0011);  // p / (1 - p) over 50 places; 2000 sums: 3 % at one sigma
}

TEST(Attention, SaysWhatIsWrong) {
  const Tensor x = filled({2, 3, 4}, 0);
  EXPECT_EQ(refusal("attention", {}, x), "heads is missing");
  EXPECT_EQ(refusal("attention", Json{{"heads", 3}}, x), "attention: 3 heads do not divide the 4 channels of src");
  EXPECT_EQ(refusal("attention", Json{{"heads", 1}}, filled({2, 3}, 0)),
            "attention: src must be [N, T, C], got [2, 3]");
  EXPECT_EQ(refusal("attention", Json{{"heads", 1}, {"dropout", 1.0}}, x),
            "attention: dropout must be in [0, 1), got 1");
}

TEST(PositionalEncoding, AddsSinesAndCosinesOfThePlace) {
  const Tensor y = run_layer("positional_encoding", {}, filled({2, 3, 5}, 1));
  std::vector<double> want;
  for (int sample = 0; sample < 2; ++sample)
    for (const double t : {0.0, 1.0, 2.0}) {
      const double second = t / std::pow(10000.0, 0.4), third = t / std::pow(10000.0, 0.8);
      for (const double v : {std::sin(t), std::cos(t), std::sin(second), std::cos(second), std::sin(third)})
        want.push_back(1 + v);
    }
  EXPECT_LE(distance(y, tensor({2, 3, 5}, want)), 1e-15);
}

TEST(PositionalEncoding, LearnsItsPlaces) {
  const Tensor x = filled({2, 40, 50}, 0);
  const Json config = {{"kind", "learned"}};
  Runner runner(build_layer("positional_encoding", config, x, Mode::train).graph);
  const std::vector<double> places = numbers(runner.state("positional_encoding.places"));
  double squares = 0;
  for (const double v : places) squares += v * v;
  EXPECT_NEAR(squares / 2000 / 4e-4, 1, 0.13);  // 2000 normal draws of deviation 0.02, four sigma
  const std::vector<double> y = numbers(runner.run({{"x", x}}).at("y"));
  EXPECT_EQ(std::vector<double>(y.begin() + 2000, y.end()), places);
}

TEST(PositionalEncoding, SaysWhatIsWrong) {
  EXPECT_EQ(refusal("positional_encoding", Json{{"kind", "rotary"}}, filled({2, 3, 4}, 0)),
            "positional_encoding: kind must be \"sinusoidal\" or \"learned\", got 'rotary'");
  EXPECT_EQ(refusal("positional_encoding", {}, filled({2, 3}, 0)),
            "positional_encoding: src must be [N, T, C], got [2, 3]");
}

}  // namespace
}  // namespace clq::test
