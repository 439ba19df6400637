// plugins/cpu_ref/kernels/shape.cpp -- ops that move elements and change none.
// SPDX-License-Identifier: BSD-3-Clause
#include <array>
#include <cstring>

#include "kernels/nd_loop.hpp"

namespace clq::ref {
namespace {

// dst[at 0] = src[at 1], from `src_start` and to `dst_start` elements on.
template <class T>
struct Move {
  NdLoop loop;
  int64_t dst_start, src_start;

  void operator()(T* dst, const T* src, const Context& context) const {
    const int64_t step_dst = loop.inner_stride(0), step_src = loop.inner_stride(1);
    loop.run(context, kCheapGrain, [&](const Offsets& at, int64_t n) {
      T* to = dst + dst_start + at[0];
      const T* from = src + src_start + at[1];
      if (step_dst == 1 && step_src == 1) {
        std::memcpy(to, from, static_cast<size_t>(n) * sizeof(T));
      } else {
        for (int64_t i = 0; i < n; ++i) to[i * step_dst] = from[i * step_src];
      }
    });
  }
};

std::unique_ptr<Kernel> move_kernel(const OpView& op, const NdLoop& loop, int64_t src_start) {
  return with_width(op, op.dst(0).dtype, [&]<class T>(T) {
    return make_kernel([move = Move<T>{loop, 0, src_start}](const Operands& io, const Context& context) {
      move(io.out<T>(0), io.in<T>(0), context);
    });
  });
}

void same_dtype(const OpView& op) {
  if (op.src(0).dtype != op.dst(0).dtype) op.fail(std::string("output dtype should be ") + dtype_name(op.src(0).dtype));
}

// Aliases: the planner gives dst the memory of src; this copy serves where it cannot.
std::unique_ptr<Kernel> make_copy(const OpView& op) {
  op.count(1, 1);
  same_dtype(op);
  if (element_count(op.src(0)) != element_count(op.dst(0)))
    op.fail(shape_text(op.src(0)) + " cannot become " + shape_text(op.dst(0)));
  const Strides flat[] = {{1}, {1}};
  return move_kernel(op, NdLoop(std::array{element_count(op.dst(0))}, flat), 0);
}

std::unique_ptr<Kernel> make_identity(const OpView& op) {
  op.same(op.src(0), op.dst(0));
  return make_copy(op);
}

std::unique_ptr<Kernel> make_reshape(const OpView& op) {
  const clq_tensor_desc& dst = op.dst(0);
  const std::vector<int64_t> shape = op.list("shape");
  bool fits = static_cast<int32_t>(shape.size()) == dst.rank;
  for (int32_t d = 0; fits && d < dst.rank; ++d) fits = shape[d] == -1 || shape[d] == dst.dims[d];
  op.require(fits, "attribute shape differs from the output's");
  return make_copy(op);
}

std::unique_ptr<Kernel> make_transpose(const OpView& op) {
  op.count(1, 1);
  same_dtype(op);
  const clq_tensor_desc &src = op.src(0), &dst = op.dst(0);
  const std::vector<int64_t> perm = op.list("perm");
  if (static_cast<int32_t>(perm.size()) != src.rank || dst.rank != src.rank)
    op.fail("perm needs one entry an axis of " + shape_text(src));
  const Strides dense = dense_strides(src);
  Strides strides[] = {dense_strides(dst), {}};
  uint32_t seen = 0;
  for (int32_t d = 0; d < dst.rank; ++d) {
    const int64_t from = perm[d];
    if (from < 0 || from >= src.rank || ((seen >> from) & 1) != 0)
      op.fail("perm is not a permutation of the axes of " + shape_text(src));
    seen |= 1u << from;
    if (dst.dims[d] != src.dims[from]) op.fail(shape_text(dst) + " is not " + shape_text(src) + " permuted");
    strides[1][d] = dense[from];
  }
  return move_kernel(op, NdLoop(dims_view(dst), strides), 0);
}

std::unique_ptr<Kernel> make_broadcast(const OpView& op) {
  op.count(1, 1);
  same_dtype(op);
  const Strides strides[] = {dense_strides(op.dst(0)), broadcast_strides(op, op.src(0), op.dst(0))};
  return move_kernel(op, NdLoop(dims_view(op.dst(0)), strides), 0);
}

std::unique_ptr<Kernel> make_slice(const OpView& op) {
  op.count(1, 1);
  same_dtype(op);
  const clq_tensor_desc &src = op.src(0), &dst = op.dst(0);
  const std::vector<int64_t> begin = op.list("begin"), end = op.list("end");
  const size_t rank = static_cast<size_t>(src.rank);
  if (begin.size() != rank || end.size() != rank || dst.rank != src.rank)
    op.fail("begin and end need one entry an axis of " + shape_text(src));
  const Strides dense = dense_strides(src);
  int64_t start = 0;
  for (size_t d = 0; d < rank; ++d) {
    if (begin[d] < 0 || end[d] < begin[d] || end[d] > src.dims[d] || dst.dims[d] != end[d] - begin[d])
      op.fail(shape_text(src) + " from " + std::to_string(begin[d]) + " to " + std::to_string(end[d]) + " on axis " +
              std::to_string(d) + " does not give " + shape_text(dst));
    start += begin[d] * dense[d];
  }
  const Strides strides[] = {dense_strides(dst), dense};
  return move_kernel(op, NdLoop(dims_view(dst), strides), start);
}

std::unique_ptr<Kernel> make_pad(const OpView& op) {
  op.count(1, 1);
  same_dtype(op);
  const clq_tensor_desc &src = op.src(0), &dst = op.dst(0);
  const std::vector<int64_t> before = op.list("before"), after = op.list("after");
  const size_t rank = static_cast<size_t>(src.rank);
  if (before.size() != rank || after.size() != rank || dst.rank != src.rank)
    op.fail("before and after need one entry an axis of " + shape_text(src));
  const Strides strides[] = {dense_strides(dst), dense_strides(src)};
  int64_t start = 0;
  for (size_t d = 0; d < rank; ++d) {
    if (before[d] < 0 || after[d] < 0 || dst.dims[d] != src.dims[d] + before[d] + after[d])
      op.fail(shape_text(src) + " padded does not give " + shape_text(dst) + " on axis " + std::to_string(d));
    start += before[d] * strides[0][d];
  }
  const int64_t n = element_count(dst);
  const double value = op.f64("value", 0);
  return with_float(op, src.dtype, [&]<class T>(T) {
    return make_kernel([n, value, move = Move<T>{NdLoop(dims_view(src), strides), start, 0}](const Operands& io,
                                                                                             const Context& context) {
      T* dst_data = io.out<T>(0);
      parallel(context, n, kCheapGrain,
               [=](int64_t begin, int64_t end) { std::fill(dst_data + begin, dst_data + end, static_cast<T>(value)); });
      move(dst_data, io.in<T>(0), context);
    });
  });
}

std::unique_ptr<Kernel> make_concat(const OpView& op) {
  op.count(op.n_src(), 1);
  same_dtype(op);
  const clq_tensor_desc& dst = op.dst(0);
  const int64_t axis = op.i64("axis", 0);
  if (op.n_src() == 0 || axis < 0 || axis >= dst.rank)
    op.fail("axis " + std::to_string(axis) + " is not one of " + shape_text(dst));
  const Strides to = dense_strides(dst);
  return with_width(op, dst.dtype, [&]<class T>(T) {
    std::vector<Move<T>> moves;
    int64_t at = 0;
    for (uint32_t i = 0; i < op.n_src(); ++i) {
      const clq_tensor_desc& src = op.src(i);
      clq_tensor_desc want = dst;
      if (src.rank == dst.rank) want.dims[axis] = src.dims[axis];
      if (src.dtype != dst.dtype || !same_shape(src, want))
        op.fail(shape_text(src) + " is no part of " + shape_text(dst));
      const Strides strides[] = {to, dense_strides(src)};
      moves.push_back({NdLoop(dims_view(src), strides), at * to[axis], 0});
      at += src.dims[axis];
    }
    if (at != dst.dims[axis])
      op.fail("the parts have " + std::to_string(at) + " on the axis, " + shape_text(dst) + " has more or less");
    return make_kernel([moves = std::move(moves)](const Operands& io, const Context& context) {
      for (size_t i = 0; i < moves.size(); ++i) moves[i](io.out<T>(0), io.in<T>(i), context);
    });
  });
}

constexpr OpEntry kShapeOps[] = {{"identity/1", make_identity, true},
                                 {"stop_gradient/1", make_identity, true},
                                 {"reshape/1", make_reshape, true},
                                 {"transpose/1", make_transpose},
                                 {"broadcast/1", make_broadcast},
                                 {"slice/1", make_slice},
                                 {"pad/1", make_pad},
                                 {"concat/1", make_concat}};

}  // namespace

std::span<const OpEntry> shape_ops() { return kShapeOps; }

}  // namespace clq::ref
