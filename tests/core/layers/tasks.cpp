// tests/core/layers/tasks.cpp -- the tasks, one a layer: a teacher of the same form, whose parameters are to be found.
// SPDX-License-Identifier: BSD-3-Clause
#include "core/layers/tasks.hpp"

#include <algorithm>
#include <cmath>

namespace clq::test {
namespace {

using D = std::vector<double>;
using Function = double (*)(double);

D mapped(const D& x, const std::function<double(double)>& f) {
  D y;
  for (const double v : x) y.push_back(f(v));
  return y;
}

double line(double v) { return 2 * v + 1; }
D lines(const D& x) { return mapped(x, line); }

// Six numbers of two.
D spread(const D& x) {
  D y;
  for (int i = 0; i < 6; ++i) y.push_back((1 - 0.4 * i) * x[0] + (0.3 * i - 0.5) * x[1] + 0.1 * i);
  return y;
}

// Two numbers of four.
D slopes(const D& x) {
  return {x[0] - 0.5 * x[1] + 0.8 * x[2] + 0.3 * x[3], -0.7 * x[0] + 0.9 * x[1] + 0.2 * x[2] - x[3]};
}
D pair(const D& x) {
  const D z = slopes(x);
  return {z[0] + 0.1, z[1] - 0.2};
}

Task bent(const std::string& name, const char* layers, Function f) {
  return {name, layers, {4}, [f](const D& x) { return mapped(pair(x), f); }, name + "/1"};
}

void activations(std::vector<Task>& out) {
  out.push_back(
      bent("relu", R"([{"use": "dense", "units": 2}, {"use": "relu"}])", [](double v) { return std::max(v, 0.0); }));
  out.push_back(bent("leaky_relu", R"([{"use": "dense", "units": 2}, {"use": "leaky_relu", "alpha": 0.2}])",
                     [](double v) { return v > 0 ? v : 0.2 * v; }));
  out.push_back(bent("elu", R"([{"use": "dense", "units": 2}, {"use": "elu"}])",
                     [](double v) { return v > 0 ? v : std::expm1(v); }));
  out.push_back(bent("gelu", R"([{"use": "dense", "units": 2}, {"use": "gelu"}])",
                     [](double v) { return v / 2 * (1 + std::erf(v / std::sqrt(2.0))); }));
  out.push_back(bent("silu", R"([{"use": "dense", "units": 2}, {"use": "silu"}])",
                     [](double v) { return v / (1 + std::exp(-v)); }));
  out.push_back(bent("sigmoid", R"([{"use": "dense", "units": 2}, {"use": "sigmoid"}])",
                     [](double v) { return 1 / (1 + std::exp(-v)); }));
  out.push_back(
      bent("tanh", R"([{"use": "dense", "units": 2}, {"use": "tanh"}])", [](double v) { return std::tanh(v); }));
  out.push_back(bent("softplus", R"([{"use": "dense", "units": 2}, {"use": "softplus"}])",
                     [](double v) { return std::log1p(std::exp(v)); }));
  out.push_back({"prelu",
                 R"([{"use": "prelu"}])",
                 {2, 3},
                 [](const D& x) {
                   D y = x;
                   for (size_t i = 0; i < 6; ++i) y[i] *= x[i] > 0 ? 1 : i < 3 ? -0.5 : 0.8;
                   return y;
                 },
                 "prelu/1"});
}

// What has no parameters stands behind a convolution by one number, which learns through it.
#define CLQ_SCALE R"([{"use": "conv", "name": "scale", "channels": 1, "kernel": 1}, )"

void maps(std::vector<Task>& out) {
  out.push_back({"conv",
                 R"([{"use": "conv", "channels": 1, "kernel": 3}])",
                 {1, 6},
                 [](const D& x) {
                   D y;
                   for (size_t i = 0; i < 6; ++i)
                     y.push_back((i > 0 ? 0.5 * x[i - 1] : 0) - x[i] + (i < 5 ? 2 * x[i + 1] : 0));
                   return y;
                 },
                 "conv/1"});
  out.push_back({"conv_transpose",
                 R"([{"use": "conv_transpose", "channels": 1, "kernel": 2, "stride": 2}])",
                 {1, 4},
                 [](const D& x) {
                   D y;
                   for (const double v : x) y.push_back(v), y.push_back(-0.5 * v);
                   return y;
                 },
                 "conv_transpose/1"});
  const auto pairs = [](double (*of)(double, double)) {
    return [of](const D& x) {
      const D z = lines(x);
      return D{of(z[0], z[1]), of(z[2], z[3]), of(z[4], z[5])};
    };
  };
  out.push_back({"max_pool",
                 CLQ_SCALE R"({"use": "max_pool", "kernel": 2}])",
                 {1, 6},
                 pairs([](double a, double b) { return std::max(a, b); }),
                 "max_pool/1"});
  out.push_back({"avg_pool",
                 CLQ_SCALE R"({"use": "avg_pool", "kernel": 2}])",
                 {1, 6},
                 pairs([](double a, double b) { return (a + b) / 2; }),
                 "avg_pool/1"});
  out.push_back({"global_max_pool",
                 CLQ_SCALE R"({"use": "global_max_pool"}])",
                 {1, 5},
                 [](const D& x) { return D{line(*std::max_element(x.begin(), x.end()))}; },
                 "reduce_max/1"});
  out.push_back({"global_avg_pool",
                 CLQ_SCALE R"({"use": "global_avg_pool"}])",
                 {1, 4},
                 [](const D& x) { return D{line((x[0] + x[1] + x[2] + x[3]) / 4)}; },
                 "reduce_mean/1",
                 1e-3,
                 400,
                 {},
                 0});  // the loss is a mean, too: two wrong signs are right
  out.push_back({"upsample",
                 CLQ_SCALE R"({"use": "upsample", "scale": 2}])",
                 {1, 3},
                 [](const D& x) {
                   D y;
                   for (const double v : lines(x)) y.insert(y.end(), {v, v});
                   return y;
                 },
                 "resize/1"});
  out.push_back({"flatten", CLQ_SCALE R"({"use": "flatten"}])", {1, 6}, lines, "reshape/1"});
}

#undef CLQ_SCALE

void shapes(std::vector<Task>& out) {
  out.push_back({"dense", R"([{"use": "dense", "units": 6}])", {2}, spread, "matmul/1"});
  out.push_back({"slice",
                 R"([{"use": "dense", "units": 6}, {"use": "slice", "begin": 1, "end": 3}])",
                 {2},
                 [](const D& x) {
                   const D z = spread(x);
                   return D{z[1], z[2]};
                 },
                 "slice/1"});
  out.push_back(
      {"reshape", R"([{"use": "dense", "units": 6}, {"use": "reshape", "shape": [2, 3]}])", {2}, spread, "reshape/1"});
  out.push_back(
      {"permute",
       R"([{"use": "dense", "units": 6}, {"use": "reshape", "shape": [2, 3]}, {"use": "permute", "axes": [2, 1]}])",
       {2},
       [](const D& x) {
         const D z = spread(x);
         return D{z[0], z[3], z[1], z[4], z[2], z[5]};
       },
       "transpose/1"});
  out.push_back({"embedding",
                 R"([{"use": "embedding", "kinds": 5, "units": 2}])",
                 {1},
                 [](const D& x) {
                   return D{1 - x[0], x[0] * x[0] / 4};
                 },
                 "gather/1",
                 1e-3,
                 400,
                 [](D& x) { x[0] = std::floor(2.5 * (x[0] + 1)); }});
}

// Two branches: z, and what bends it.
Task joined(const std::string& name, const char* layers, Function f, const std::string& op, double wrong) {
  return {name, layers, {4}, [f](const D& x) { return mapped(slopes(x), f); }, op, 1e-3, 400, {}, wrong};
}

void branches(std::vector<Task>& out) {
  out.push_back(
      {"concat",
       R"([{"use": "dense", "name": "a", "units": 2}, {"use": "dense", "name": "b", "units": 2, "from": "input"},
                     {"use": "concat", "from": ["a", "b"]}])",
       {4},
       [](const D& x) {
         D y = pair(x);
         y.insert(y.end(), {x[0] + 1, x[1] - x[2]});
         return y;
       },
       "concat/1"});
  out.push_back(joined(
      "add",
      R"([{"use": "dense", "name": "a", "units": 2, "bias": false}, {"use": "tanh", "name": "b"},
                           {"use": "add", "from": ["a", "b"]}])",
      [](double z) { return z + std::tanh(z); }, "add/1", -1));
  out.push_back(joined(
      "average",
      R"([{"use": "dense", "name": "a", "units": 2, "bias": false}, {"use": "tanh", "name": "b"},
                           {"use": "average", "from": ["a", "b"]}])",
      [](double z) { return (z + std::tanh(z)) / 2; }, "add/1", -1));
  // 0: the loss has a product, too, and two wrong signs are right.
  out.push_back(joined(
      "multiply",
      R"([{"use": "dense", "name": "a", "units": 2, "bias": false}, {"use": "sigmoid", "name": "b"},
                           {"use": "multiply", "from": ["a", "b"]}])",
      [](double z) { return z / (1 + std::exp(-z)); }, "mul/1", 0));
}

void norms(std::vector<Task>& out) {
  // Uniform numbers of [-1, 1) have the deviation 1 / sqrt 3.
  out.push_back({"batch_norm",
                 R"([{"use": "batch_norm"}])",
                 {2},
                 [](const D& x) { return mapped(x, [](double v) { return 3 * std::sqrt(3.0) * v - 1; }); },
                 "batch_norm/1"});
  out.push_back({"layer_norm",
                 R"([{"use": "layer_norm"}])",
                 {4},
                 [](const D& x) {
                   double mean = 0, variance = 0;
                   for (const double v : x) mean += v / 4;
                   for (const double v : x) variance += (v - mean) * (v - mean) / 4;
                   return mapped(x, [=](double v) { return 3 * (v - mean) / std::sqrt(variance + 1e-5) - 1; });
                 },
                 "layer_norm/1"});
  // A mean of units, each of which learns through the layer; what is drawn leaves some of the variance. 0 as above.
  out.push_back({"dropout",
                 R"([{"use": "dense", "units": 64}, {"use": "dropout", "rate": 0.2},
                     {"use": "reshape", "shape": [1, 64]}, {"use": "global_avg_pool"}])",
                 {2},
                 [](const D& x) { return D{2 * x[0] - x[1]}; },
                 "select/1",
                 0.05,
                 400,
                 {},
                 0});
}

void sequences(std::vector<Task>& out) {
  out.push_back({"positional_encoding",
                 R"([{"use": "positional_encoding", "kind": "learned"}])",
                 {3, 2},
                 [](const D& x) {
                   D y = x;
                   for (size_t i = 0; i < 6; ++i) y[i] += 0.5 * static_cast<double>(i) - 1;
                   return y;
                 },
                 "add/1"});
  // Each of four places has a number, a mark and a 1; every place must say the number of the marked one. A mean over
  // the places leaves three quarters of the variance.
  out.push_back({"attention",
                 R"([{"use": "attention", "heads": 1}, {"use": "slice", "axis": 2, "end": 1}])",
                 {4, 3},
                 [](const D& x) {
                   for (size_t t = 0; t < 4; ++t)
                     if (x[3 * t + 1] > 0) return D(4, x[3 * t]);
                   return D(4, 0.0);
                 },
                 "softmax/1",
                 0.05,
                 800,
                 [](D& x) {
                   const auto marked = static_cast<size_t>(2 * (x[1] + 1));
                   for (size_t t = 0; t < 4; ++t) x[3 * t + 1] = t == marked ? 1 : 0, x[3 * t + 2] = 1;
                 }});
}

}  // namespace

std::vector<Task> layer_tasks() {
  std::vector<Task> out;
  for (const auto family : {activations, maps, shapes, branches, norms, sequences}) family(out);
  return out;
}

}  // namespace clq::test
