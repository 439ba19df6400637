// plugins/cpu_ref/kernels/collective.cpp -- the sum over the replicas, started here and awaited later.
// SPDX-License-Identifier: BSD-3-Clause
#include "kernels/collective.hpp"

#include <cstring>

namespace clq::ref {
namespace {

// The table's functions leave no words.
clq_status told(clq_status status, const Context& context) noexcept {
  return status < 0 ? context.fail(status, "all_reduce/1: another replica has ended, the sum over all is not made")
                    : status;
}

bool alone(const Context& context) { return context.comm == nullptr || context.comm->n_ranks < 2; }

std::unique_ptr<Kernel> make_all_reduce(const OpView& op) {
  op.count(1, 1);
  op.same(op.src(0), op.dst(0));
  with_float(op, op.src(0).dtype, []<class T>(T) { return 0; });
  const int64_t count = element_count(op.src(0)), bytes = byte_count(op.src(0));
  return make_kernel(
      [=, dtype = op.src(0).dtype, bucket = bucket_of(op)](const Operands& io, const Context& context) -> clq_status {
        if (io.dst[0] != io.src[0]) std::memcpy(io.dst[0], io.src[0], static_cast<size_t>(bytes));
        if (alone(context)) return CLQ_OK;
        return told(context.comm->start(context.comm, bucket, io.dst[0], count, dtype, CLQ_REDUCE_SUM), context);
      },
      {.in_place = 1, .can_fail = true});
}

constexpr OpEntry kCollectiveOps[] = {{"all_reduce/1", make_all_reduce}};

}  // namespace

uint32_t bucket_of(const OpView& op) { return static_cast<uint32_t>(op.i64("bucket", 0)); }

std::unique_ptr<Kernel> make_all_reduce_finish(uint32_t bucket) {
  return make_kernel(
      [bucket](const Operands&, const Context& context) -> clq_status {
        return alone(context) ? CLQ_OK : told(context.comm->finish(context.comm, bucket), context);
      },
      {.can_fail = true});
}

std::span<const OpEntry> collective_ops() { return kCollectiveOps; }

}  // namespace clq::ref
