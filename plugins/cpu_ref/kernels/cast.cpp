// plugins/cpu_ref/kernels/cast.cpp -- numbers from one dtype to another.
// SPDX-License-Identifier: BSD-3-Clause
#include <limits>
#include <type_traits>

#include "kernels/op_view.hpp"

namespace clq::ref {
namespace {

// C leaves a float that does not fit an integer undefined: here it saturates, and NaN gives 0.
template <class Dst, class Src>
Dst convert(Src x) {
  if constexpr (std::is_integral_v<Dst> && std::is_floating_point_v<Src>) {
    if (x != x) return 0;
    if (x >= static_cast<Src>(std::numeric_limits<Dst>::max())) return std::numeric_limits<Dst>::max();
    if (x <= static_cast<Src>(std::numeric_limits<Dst>::min())) return std::numeric_limits<Dst>::min();
  }
  return static_cast<Dst>(x);
}

template <class Dst, class Src>
std::unique_ptr<Kernel> make(int64_t n) {
  return make_kernel([n](const Operands& io, const Context& context) {
    const Src* src = io.in<Src>(0);
    Dst* dst = io.out<Dst>(0);
    parallel(context, n, kCheapGrain, [=](int64_t begin, int64_t end) {
      for (int64_t i = begin; i < end; ++i) dst[i] = convert<Dst>(src[i]);
    });
  });
}

std::unique_ptr<Kernel> make_cast(const OpView& op) {
  op.count(1, 1);
  const clq_tensor_desc &src = op.src(0), &dst = op.dst(0);
  if (!same_shape(src, dst)) op.fail(shape_text(src) + " and " + shape_text(dst) + " should have one shape");
  if (op.i64("dtype", dst.dtype) != dst.dtype)
    op.fail(std::string("attribute dtype differs from the output's ") + dtype_name(dst.dtype));
  const int64_t n = element_count(dst);
  return with_number(op, src.dtype, [&]<class Src>(Src) {
    return with_number(op, dst.dtype, [&]<class Dst>(Dst) { return make<Dst, Src>(n); });
  });
}

constexpr OpEntry kCastOps[] = {{"cast/1", make_cast}};

}  // namespace

std::span<const OpEntry> cast_ops() { return kCastOps; }

}  // namespace clq::ref
