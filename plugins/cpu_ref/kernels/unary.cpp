// plugins/cpu_ref/kernels/unary.cpp -- one element in, one element out: activations, their gradients, functions.
// SPDX-License-Identifier: BSD-3-Clause
#include <cmath>
#include <numbers>

#include "kernels/nd_loop.hpp"

namespace clq::ref {
namespace {

template <class T>
T sigmoid(T x) {
  if (x >= 0) return 1 / (1 + std::exp(-x));
  const T e = std::exp(x);  // not 1 / (1 + exp(-x)), which is 0 where e^x is still a number
  return e / (1 + e);
}

template <class T>
T softplus(T x) {
  return (x > 0 ? x : T{0}) + std::log1p(std::exp(-std::abs(x)));
}

template <class T>
T normal_cdf(T x) {
  return T(0.5) * std::erfc(-x * T(std::numbers::sqrt2 / 2));
}

template <class T>
T gelu_slope(T x) {
  const T density = std::exp(-x * x / 2) * T(std::numbers::inv_sqrtpi / std::numbers::sqrt2);
  return normal_cdf(x) + x * density;
}

template <class T>
T silu_slope(T x) {
  const T s = sigmoid(x);
  return s * (1 + x * (1 - s));
}

template <class T>
T tanh_slope(T x) {
  const T t = std::tanh(x);
  return 1 - t * t;
}

// Most of what a label with a sigma asks for lies so far out that erf rounds to 1.
template <class T>
T erf_of(T x) {
  return std::abs(x) >= 6 ? std::copysign(T{1}, x) : std::erf(x);
}

template <class T>
T sign(T x) {
  return x > 0 ? T{1} : x < 0 ? T{-1} : x;
}

// dst = f(x), element by element. ivdep: dst may lie exactly on src, never half over it.
template <class F>
std::unique_ptr<Kernel> map(const OpView& op, int64_t grain, F f) {
  op.count(1, 1);
  op.same(op.src(0), op.dst(0));
  const int64_t n = element_count(op.dst(0));
  return with_float(op, op.src(0).dtype, [&]<class T>(T) {
    return make_kernel(
        [n, grain, f](const Operands& io, const Context& context) {
          const T* src = io.in<T>(0);
          T* dst = io.out<T>(0);
          parallel(context, n, grain, [=](int64_t begin, int64_t end) {
#pragma GCC ivdep
            for (int64_t i = begin; i < end; ++i) dst[i] = f(src[i]);
          });
        },
        {.in_place = 1});
  });
}

// diff_src = diff_dst f'(src).
template <class F>
std::unique_ptr<Kernel> map_grad(const OpView& op, int64_t grain, F slope) {
  op.count(2, 1);
  op.same(op.src(0), op.src(1));
  op.same(op.src(0), op.dst(0));
  const int64_t n = element_count(op.dst(0));
  return with_float(op, op.src(0).dtype, [&]<class T>(T) {
    return make_kernel(
        [n, grain, slope](const Operands& io, const Context& context) {
          const T* diff_dst = io.in<T>(0);
          const T* src = io.in<T>(1);
          T* diff_src = io.out<T>(0);
          parallel(context, n, grain, [=](int64_t begin, int64_t end) {
#pragma GCC ivdep
            for (int64_t i = begin; i < end; ++i) diff_src[i] = diff_dst[i] * slope(src[i]);
          });
        },
        {.in_place = 3});
  });
}

std::unique_ptr<Kernel> make_leaky_relu(const OpView& op) {
  return map(op, kCheapGrain, [alpha = op.f64("alpha", 0.01)](auto x) { return x > 0 ? x : decltype(x)(alpha) * x; });
}

std::unique_ptr<Kernel> make_leaky_relu_grad(const OpView& op) {
  return map_grad(op, kCheapGrain,
                  [alpha = op.f64("alpha", 0.01)](auto x) { return x > 0 ? decltype(x)(1) : decltype(x)(alpha); });
}

std::unique_ptr<Kernel> make_elu(const OpView& op) {
  return map(op, kDearGrain,
             [alpha = op.f64("alpha", 1)](auto x) { return x > 0 ? x : decltype(x)(alpha) * std::expm1(x); });
}

std::unique_ptr<Kernel> make_elu_grad(const OpView& op) {
  return map_grad(op, kDearGrain, [alpha = op.f64("alpha", 1)](auto x) {
    return x > 0 ? decltype(x)(1) : decltype(x)(alpha) * std::exp(x);
  });
}

std::unique_ptr<Kernel> make_clip(const OpView& op) {
  op.require(op.has("min") && op.has("max"), "attributes min and max are missing");
  return map(op, kCheapGrain, [min = op.f64("min", 0), max = op.f64("max", 0)](auto x) {
    using T = decltype(x);
    return x < T(min) ? T(min) : x > T(max) ? T(max) : x;
  });
}

// clang-format off
// The names stand in ops.md; NaN passes through every one of them.
#define CLQ_CHEAP(name, expr) {name, [](const OpView& op) { return map(op, kCheapGrain, [](auto x) { return expr; }); }}
#define CLQ_DEAR(name, expr) {name, [](const OpView& op) { return map(op, kDearGrain, [](auto x) { return expr; }); }}
#define CLQ_GRAD(name, expr) \
  {name, [](const OpView& op) { return map_grad(op, kDearGrain, [](auto x) { return expr; }); }}

constexpr OpEntry kUnary[] = {
    CLQ_CHEAP("neg/1", -x),
    CLQ_CHEAP("relu/1", x < 0 ? decltype(x)(0) : x),
    CLQ_CHEAP("sqrt/1", std::sqrt(x)),
    CLQ_CHEAP("square/1", x * x),
    CLQ_CHEAP("abs/1", std::abs(x)),
    CLQ_CHEAP("floor/1", std::floor(x)),
    CLQ_CHEAP("sign/1", sign(x)),
    CLQ_DEAR("gelu/1", x * normal_cdf(x)),
    CLQ_DEAR("silu/1", x * sigmoid(x)),
    CLQ_DEAR("sigmoid/1", sigmoid(x)),
    CLQ_DEAR("tanh/1", std::tanh(x)),
    CLQ_DEAR("softplus/1", softplus(x)),
    CLQ_DEAR("exp/1", std::exp(x)),
    CLQ_DEAR("log/1", std::log(x)),
    CLQ_DEAR("sin/1", std::sin(x)),
    CLQ_DEAR("cos/1", std::cos(x)),
    CLQ_DEAR("erf/1", erf_of(x)),
    {"leaky_relu/1", make_leaky_relu},
    {"elu/1", make_elu},
    {"clip/1", make_clip}};

constexpr OpEntry kUnaryGrad[] = {
    CLQ_GRAD("relu_grad/1", x > 0 ? decltype(x)(1) : decltype(x)(0)),
    CLQ_GRAD("gelu_grad/1", gelu_slope(x)),
    CLQ_GRAD("silu_grad/1", silu_slope(x)),
    CLQ_GRAD("sigmoid_grad/1", sigmoid(x) * sigmoid(-x)),
    CLQ_GRAD("tanh_grad/1", tanh_slope(x)),
    CLQ_GRAD("softplus_grad/1", sigmoid(x)),
    {"leaky_relu_grad/1", make_leaky_relu_grad},
    {"elu_grad/1", make_elu_grad}};
// clang-format on

#undef CLQ_CHEAP
#undef CLQ_DEAR
#undef CLQ_GRAD

}  // namespace

std::span<const OpEntry> unary_ops() { return kUnary; }
std::span<const OpEntry> unary_grad_ops() { return kUnaryGrad; }

}  // namespace clq::ref
