// tests/core/ops/window_oracle.test.cpp -- ops over maps, batches and rows against PyTorch, over shapes that hurt.
// SPDX-License-Identifier: BSD-3-Clause
#include <cstdlib>
#include <fstream>
#include <sstream>

#include <gtest/gtest.h>

#include <unistd.h>

#include "compile/autodiff.hpp"
#include "core/ops/cases.hpp"
#include "support/run_graph.hpp"

namespace clq::test {
namespace {

using I = std::vector<int64_t>;

// An op, its operands' shapes and its attributes.
struct WindowCase {
  std::string op;
  std::vector<Shape> shapes;
  std::vector<std::pair<std::string, I>> lists;
  const char* mode = nullptr;  // an attribute that is a text
};

WindowCase conv(Shape src, I kernel, int64_t channels, I strides, I dilations, I begin, I end, int64_t groups = 1) {
  Shape weights = {channels, src[1] / groups};
  weights.insert(weights.end(), kernel.begin(), kernel.end());
  return {
      "conv/1",
      {src, weights, {channels}},
      {{"strides", strides}, {"dilations", dilations}, {"pads_begin", begin}, {"pads_end", end}, {"groups", {groups}}}};
}

// channels: of dst, of all groups.
WindowCase transpose(Shape src, I kernel, int64_t channels, I strides, I dilations, I begin, I end, I more,
                     int64_t groups = 1) {
  WindowCase c = conv(src, kernel, channels, strides, dilations, begin, end, groups);
  c.op = "conv_transpose/1";
  c.shapes[1] = {src[1], channels / groups};
  c.shapes[1].insert(c.shapes[1].end(), kernel.begin(), kernel.end());
  c.lists.push_back({"output_padding", more});
  return c;
}

void transposes(std::vector<WindowCase>& out) {
  out.push_back(transpose({1, 1, 1}, {1}, 1, {1}, {1}, {0}, {0}, {0}));
  out.push_back(transpose({2, 3, 7}, {2}, 5, {2}, {1}, {0}, {0}, {0}));
  out.push_back(transpose({2, 5, 7, 5}, {2, 2}, 3, {2, 2}, {1, 1}, {0, 0}, {0, 0}, {0, 0}));
  out.push_back(transpose({2, 64, 3, 5}, {4, 4}, 5, {2, 2}, {1, 1}, {1, 1}, {1, 1}, {0, 0}));
  out.push_back(transpose({1, 3, 5, 7}, {3, 3}, 64, {2, 2}, {1, 1}, {1, 1}, {1, 1}, {1, 1}));
  out.push_back(transpose({3, 6, 7}, {2}, 9, {5}, {1}, {0}, {0}, {4}, 3));  // gaps between the windows
  out.push_back(transpose({2, 3, 11}, {5}, 4, {3}, {2}, {1}, {4}, {2}));
  out.push_back(transpose({33, 1, 3, 5}, {3, 1}, 2, {1, 1}, {1, 1}, {1, 0}, {1, 0}, {0, 0}));
  out.push_back(transpose({2, 4, 5, 3}, {3, 2}, 6, {4, 3}, {2, 3}, {4, 0}, {1, 2}, {3, 0}, 2));
  out.push_back(transpose({1, 2, 1, 1}, {5, 3}, 2, {7, 1}, {1, 1}, {2, 1}, {1, 0}, {6, 0}));
}

void sizes(std::vector<WindowCase>& out) {
  for (const char* mode : {"nearest", "bilinear"}) {
    out.push_back({"resize/1", {{1, 1, 1}}, {{"scales", {3}}}, mode});
    out.push_back({"resize/1", {{2, 3, 13}}, {{"scales", {2}}}, mode});
    out.push_back({"resize/1", {{1, 5, 7}}, {{"scales", {5}}}, mode});
    out.push_back({"resize/1", {{2, 64, 5, 3}}, {{"scales", {2, 2}}}, mode});
    out.push_back({"resize/1", {{3, 1, 1, 11}}, {{"scales", {7, 1}}}, mode});
    out.push_back({"resize/1", {{2, 3, 6, 1}}, {{"scales", {3, 4}}}, mode});
  }
}

void pools(std::vector<WindowCase>& out, const Shape& src, const I& kernel, const I& strides, const I& begin,
           const I& end) {
  const std::vector<std::pair<std::string, I>> lists = {
      {"kernel", kernel}, {"strides", strides}, {"pads_begin", begin}, {"pads_end", end}};
  out.push_back({"max_pool/1", {src}, lists});
  for (const int64_t counted : {0, 1}) {
    out.push_back({"avg_pool/1", {src}, lists});
    out.back().lists.push_back({"count_padding", {counted}});
  }
}

std::vector<WindowCase> window_cases() {
  std::vector<WindowCase> out = {
      conv({1, 1, 1}, {1}, 1, {1}, {1}, {0}, {0}),
      conv({2, 3, 13}, {5}, 4, {3}, {2}, {1}, {4}),
      conv({3, 6, 7}, {2}, 9, {4}, {1}, {0}, {1}, 3),   // stride > kernel
      conv({2, 1, 3}, {5}, 2, {1}, {1}, {3}, {0}),      // a kernel longer than its input
      conv({1, 4, 11}, {3}, 4, {2}, {5}, {0}, {0}, 4),  // a channel a group
      conv({1, 1, 1, 1}, {3, 3}, 1, {1, 1}, {1, 1}, {1, 1}, {1, 1}),
      conv({33, 1, 3, 5}, {3, 1}, 2, {1, 1}, {1, 1}, {1, 0}, {1, 0}),
      conv({1, 5, 7, 11}, {5, 5}, 3, {1, 1}, {1, 1}, {2, 2}, {2, 2}),
      conv({2, 3, 5, 7}, {2, 4}, 5, {1, 1}, {1, 1}, {0, 1}, {1, 2}),  // SAME of even kernels
      conv({2, 4, 13, 9}, {3, 2}, 6, {5, 3}, {2, 3}, {4, 0}, {1, 5}, 2),
      conv({2, 3, 9, 8}, {1, 1}, 7, {3, 2}, {1, 1}, {0, 0}, {0, 0}),
      conv({1, 92, 3, 3}, {3, 3}, 5, {2, 2}, {1, 1}, {1, 1}, {1, 1}),
      conv({1, 2, 3, 3}, {2, 2}, 2, {1, 1}, {1, 1}, {5, 0}, {0, 7}),  // windows that lie in the padding
      {"batch_matmul/1", {{1, 1, 1}, {1, 1, 1}}, {{"transpose_a", {0}}, {"transpose_b", {0}}}},
      {"batch_matmul/1", {{2, 3, 5, 7}, {2, 3, 7, 1}}, {{"transpose_a", {0}}, {"transpose_b", {0}}}},
      {"batch_matmul/1", {{64, 3, 5}, {64, 11, 5}}, {{"transpose_a", {0}}, {"transpose_b", {1}}}},
      {"batch_matmul/1", {{5, 13, 2}, {5, 13, 3}}, {{"transpose_a", {1}}, {"transpose_b", {0}}}},
      {"batch_matmul/1", {{3, 7, 17}, {3, 5, 7}}, {{"transpose_a", {1}}, {"transpose_b", {1}}}},
      {"layer_norm/1", {{7, 5}, {5}, {5}}, {}},
      {"layer_norm/1", {{33, 3}, {3}, {3}}, {}},
      {"layer_norm/1", {{2, 5, 64}, {64}, {64}}, {}},
      {"layer_norm/1", {{1, 3, 2, 67}, {67}, {67}}, {}},
      {"prelu/1", {{3, 5}, {5}}, {}},
      {"prelu/1", {{1, 1, 1}, {1}}, {}},
      {"prelu/1", {{2, 3, 7}, {3}}, {}},
      {"prelu/1", {{2, 5, 3, 11}, {5}}, {}},
  };
  transposes(out);
  sizes(out);
  pools(out, {1, 1, 1}, {1}, {1}, {0}, {0});
  pools(out, {2, 3, 13}, {3}, {5}, {0}, {0});
  pools(out, {1, 2, 5}, {4}, {1}, {3}, {1});
  pools(out, {2, 5, 7, 11}, {2, 2}, {1, 1}, {0, 0}, {1, 1});
  pools(out, {33, 1, 5, 3}, {2, 3}, {2, 1}, {1, 2}, {0, 1});
  pools(out, {1, 3, 9, 13}, {3, 2}, {4, 5}, {2, 0}, {0, 1});
  pools(out, {2, 2, 1, 6}, {3, 3}, {3, 3}, {2, 2}, {2, 2});
  return out;
}

Json flat(const Tensor& t) { return {{"dims", t.desc().dims}, {"values", numbers(t)}}; }

// The case with everything that it gave: y, and the gradients of sum(c y).
Json computed(const WindowCase& c, uint64_t seed) {
  std::vector<Tensor> inputs;
  for (const Shape& shape : c.shapes) inputs.push_back(uniform(shape, -1, 1, ++seed));
  Attrs attrs;
  Json json = {{"op", c.op}, {"attrs", Json::object()}};
  for (const auto& [name, list] : c.lists) {
    attrs.emplace_back(name, attr(list));
    json["attrs"][name] = list;
  }
  if (c.mode != nullptr) {
    attrs.emplace_back("mode", attr(c.mode));
    json["attrs"]["mode"] = c.mode;
  }
  const OpTable ops;
  GraphBuilder b(ops, Mode::train, fields_of(inputs), CLQ_F64);
  std::vector<Value> values;
  Tensors given;
  for (size_t i = 0; i < inputs.size(); ++i) {
    values.push_back(b.input(numbered("x", i)));
    given[numbered("x", i)] = inputs[i];
    json["inputs"].push_back(flat(inputs[i]));
  }
  const Value y = b.op(c.op, values, attrs);
  const Tensor weights = uniform(b.shape(y), 0.5, 1.5, ++seed);
  const Value loss = b.op("reduce_sum/1", {b.op("mul/1", {y, b.constant(weights)})});
  const std::vector<Value> diffs = differentiate(b, loss, values);
  b.output("y", b.op("identity/1", {y}));
  for (size_t i = 0; i < diffs.size(); ++i) b.output(numbered("d", i), b.op("identity/1", {diffs[i]}));
  const Tensors out = run_graph(b.graph(), given);
  json["weights"] = flat(weights);
  json["y"] = flat(out.at("y"));
  for (size_t i = 0; i < diffs.size(); ++i) json["diffs"].push_back(flat(out.at(numbered("d", i))));
  return json;
}

// Both sides add at most some hundred products in F64.
TEST(WindowOps, EqualPyTorchOverShapesThatHurt) {
  if (std::system("LD_PRELOAD= /usr/bin/python3 -c 'import torch' >/dev/null 2>&1") != 0)
    GTEST_SKIP() << "torch is absent: /usr/bin/python3 cannot import it";
  Json all = Json::array();
  for (const WindowCase& c : window_cases()) all.push_back(computed(c, 100 * all.size()));
  const std::string stem = testing::TempDir() + "window_oracle." + std::to_string(::getpid());
  std::ofstream(stem + ".json") << all.dump();
  const std::string command =
      fmt::format("LD_PRELOAD= /usr/bin/python3 -B '{}' '{}.json' > '{}.txt' 2>&1", CLQ_WINDOW_ORACLE, stem, stem);
  const int status = std::system(command.c_str());
  std::stringstream printed;
  printed << std::ifstream(stem + ".txt").rdbuf();
  EXPECT_EQ(status, 0) << printed.str();
  for (const char* suffix : {".json", ".txt"}) std::remove((stem + suffix).c_str());
}

}  // namespace
}  // namespace clq::test
