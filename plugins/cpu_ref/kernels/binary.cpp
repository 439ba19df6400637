// plugins/cpu_ref/kernels/binary.cpp -- two broadcast operands: arithmetic, comparisons, select.
// SPDX-License-Identifier: BSD-3-Clause
#include <cmath>
#include <type_traits>

#include "kernels/nd_loop.hpp"

namespace clq::ref {
namespace {

// The three ways an inner loop meets in practice have steps the compiler knows. ivdep: dst may lie exactly on a source.
template <class Dst, class Src, class F>
void row(Dst* dst, const Src* a, int64_t step_a, const Src* b, int64_t step_b, int64_t n, F f) {
  if (step_a == 1 && step_b == 1) {
#pragma GCC ivdep
    for (int64_t i = 0; i < n; ++i) dst[i] = f(a[i], b[i]);
  } else if (step_a == 1 && step_b == 0) {
    const Src b0 = b[0];
#pragma GCC ivdep
    for (int64_t i = 0; i < n; ++i) dst[i] = f(a[i], b0);
  } else if (step_a == 0 && step_b == 1) {
    const Src a0 = a[0];
#pragma GCC ivdep
    for (int64_t i = 0; i < n; ++i) dst[i] = f(a0, b[i]);
  } else {
    for (int64_t i = 0; i < n; ++i) dst[i] = f(a[i * step_a], b[i * step_b]);
  }
}

template <class Dst, class Src, class F>
std::unique_ptr<Kernel> zip(const OpView& op, F f, int64_t grain = kCheapGrain) {
  const clq_tensor_desc* srcs[] = {&op.src(0), &op.src(1)};
  return make_kernel(
      [loop = broadcast_loop(op, srcs), f, grain](const Operands& io, const Context& context) {
        const Src *a = io.in<Src>(0), *b = io.in<Src>(1);
        Dst* dst = io.out<Dst>(0);
        loop.run(context, grain, [&](const Offsets& at, int64_t n) {
          row(dst + at[0], a + at[1], loop.inner_stride(1), b + at[2], loop.inner_stride(2), n, f);
        });
      },
      {.in_place = in_place_bits(op)});
}

void check(const OpView& op) {
  op.count(2, 1);
  if (op.src(0).dtype != op.src(1).dtype)
    op.fail(shape_text(op.src(0)) + " and " + shape_text(op.src(1)) + " have different dtypes");
}

enum class Types { floats, floats_i64, floats_i64_u8 };

template <class F>
std::unique_ptr<Kernel> arithmetic(const OpView& op, Types types, F f, int64_t grain = kCheapGrain) {
  check(op);
  const int32_t dtype = op.src(0).dtype;
  if (op.dst(0).dtype != dtype) op.fail(std::string("output dtype should be ") + dtype_name(dtype));
  if (dtype == CLQ_I64 && types != Types::floats) return zip<int64_t, int64_t>(op, f, grain);
  if (dtype == CLQ_U8 && types == Types::floats_i64_u8) return zip<uint8_t, uint8_t>(op, f, grain);
  return with_float(op, dtype, [&]<class T>(T) { return zip<T, T>(op, f, grain); });
}

// Integers wrap around, as unsigned arithmetic does.
template <class T, class F>
T wrap(T a, T b, F f) {
  if constexpr (std::is_integral_v<T>) {
    return static_cast<T>(f(static_cast<uint64_t>(a), static_cast<uint64_t>(b)));
  } else {
    return f(a, b);
  }
}

std::unique_ptr<Kernel> make_add(const OpView& op) {
  return arithmetic(op, Types::floats_i64,
                    [](auto a, auto b) { return wrap(a, b, [](auto x, auto y) { return x + y; }); });
}

std::unique_ptr<Kernel> make_sub(const OpView& op) {
  return arithmetic(op, Types::floats_i64,
                    [](auto a, auto b) { return wrap(a, b, [](auto x, auto y) { return x - y; }); });
}

std::unique_ptr<Kernel> make_mul(const OpView& op) {
  return arithmetic(op, Types::floats_i64_u8,
                    [](auto a, auto b) { return wrap(a, b, [](auto x, auto y) { return x * y; }); });
}

std::unique_ptr<Kernel> make_div(const OpView& op) {
  if (op.src(0).dtype == CLQ_I64) op.unsupported("dtype must be f32 or f64, got i64");
  return arithmetic(op, Types::floats, [](auto a, auto b) { return a / b; });
}

std::unique_ptr<Kernel> make_pow(const OpView& op) {
  return arithmetic(
      op, Types::floats, [](auto a, auto b) { return static_cast<decltype(a)>(std::pow(a, b)); }, kDearGrain);
}

// A NaN on either side is the result.
std::unique_ptr<Kernel> make_maximum(const OpView& op) {
  return arithmetic(op, Types::floats_i64_u8, [](auto a, auto b) { return a >= b || a != a ? a : b; });
}

std::unique_ptr<Kernel> make_minimum(const OpView& op) {
  return arithmetic(op, Types::floats_i64_u8, [](auto a, auto b) { return a <= b || a != a ? a : b; });
}

std::unique_ptr<Kernel> make_compare(const OpView& op) {
  check(op);
  if (op.dst(0).dtype != CLQ_U8) op.fail("output dtype should be u8");
  const std::string_view relation = sdk::attr_text(op.op(), "op", "");
  return with_number(op, op.src(0).dtype, [&]<class T>(T) -> std::unique_ptr<Kernel> {
    if (relation == "lt") return zip<uint8_t, T>(op, [](T a, T b) { return uint8_t{a < b}; });
    if (relation == "le") return zip<uint8_t, T>(op, [](T a, T b) { return uint8_t{a <= b}; });
    if (relation == "gt") return zip<uint8_t, T>(op, [](T a, T b) { return uint8_t{a > b}; });
    if (relation == "ge") return zip<uint8_t, T>(op, [](T a, T b) { return uint8_t{a >= b}; });
    if (relation == "eq") return zip<uint8_t, T>(op, [](T a, T b) { return uint8_t{a == b}; });
    if (relation == "ne") return zip<uint8_t, T>(op, [](T a, T b) { return uint8_t{a != b}; });
    op.fail("op must be lt, le, gt, ge, eq or ne, got \"" + std::string(relation) + "\"");
  });
}

std::unique_ptr<Kernel> make_select(const OpView& op) {
  op.count(3, 1);
  const clq_tensor_desc* srcs[] = {&op.src(0), &op.src(1), &op.src(2)};
  if (srcs[0]->dtype != CLQ_U8) op.fail("the condition must be u8, got " + shape_text(*srcs[0]));
  if (srcs[1]->dtype != srcs[2]->dtype || op.dst(0).dtype != srcs[1]->dtype)
    op.fail(shape_text(*srcs[1]) + ", " + shape_text(*srcs[2]) + " and " + shape_text(op.dst(0)) +
            " have different dtypes");
  return with_width(op, srcs[1]->dtype, [&]<class T>(T) {
    return make_kernel(
        [loop = broadcast_loop(op, srcs)](const Operands& io, const Context& context) {
          loop.run(context, kCheapGrain, [&](const Offsets& at, int64_t n) {
            const uint8_t* condition = io.in<uint8_t>(0) + at[1];
            const T *a = io.in<T>(1) + at[2], *b = io.in<T>(2) + at[3];
            T* dst = io.out<T>(0) + at[0];
            const int64_t sc = loop.inner_stride(1), sa = loop.inner_stride(2), sb = loop.inner_stride(3);
#pragma GCC ivdep
            for (int64_t i = 0; i < n; ++i) dst[i] = condition[i * sc] != 0 ? a[i * sa] : b[i * sb];
          });
        },
        {.in_place = in_place_bits(op)});
  });
}

constexpr OpEntry kBinaryOps[] = {{"add/1", make_add},         {"sub/1", make_sub},         {"mul/1", make_mul},
                                  {"div/1", make_div},         {"pow/1", make_pow},         {"maximum/1", make_maximum},
                                  {"minimum/1", make_minimum}, {"compare/1", make_compare}, {"select/1", make_select}};

}  // namespace

std::span<const OpEntry> binary_ops() { return kBinaryOps; }

}  // namespace clq::ref
