// plugins/cpu_onednn/kernels/row_sums_onednn.cpp -- the sum of all rows, as a bias's gradient is one: in F64, in order.
// SPDX-License-Identifier: BSD-3-Clause
#include <algorithm>

#include "kernels/isa.hpp"
#include "plan/lowering.hpp"

namespace clq::onednn {
namespace {

constexpr int64_t kColumns = 32;  // a piece is as wide as this, at most

struct SummedRows {
  int64_t rows, n;
  int64_t pieces() const { return (n + kColumns - 1) / kColumns; }
};

// The same bits as cpu_ref's, which adds up the numbers of a column in this order, too.
void add_up(const SummedRows& s, const float* src, float* dst, int64_t first) {
  const int64_t n = std::min(kColumns, s.n - first);
  vectorised([&]() CLQ_VECTORISED {
    double sums[kColumns] = {};
    for (int64_t r = 0; r < s.rows; ++r) {
      const float* row = src + r * s.n + first;
      for (int64_t j = 0; j < n; ++j) sums[j] += static_cast<double>(row[j]);
    }
    for (int64_t j = 0; j < n; ++j) dst[first + j] = static_cast<float>(sums[j]);
  });
}

// How many leading axes are summed over, where no other one is; 0: others are.
int32_t leading_axes(const ref::OpView& op) {
  if (!op.has("axes")) return 0;
  const int32_t rank = op.src(0).rank;
  uint64_t mask = 0;
  for (const int64_t axis : op.list("axes")) mask |= uint64_t{1} << (axis < 0 ? axis + rank : axis);
  int32_t leading = 0;
  while (leading < rank && (mask >> leading & 1) != 0) ++leading;
  return mask >> leading == 0 ? leading : 0;
}

}  // namespace

bool lower_row_sums(Lowering& lowering, const ref::OpView& op) {
  if (std::string_view(op.op().name) != "reduce_sum/1") return false;
  const int32_t leading = leading_axes(op);
  SummedRows s{1, 1};
  for (int32_t d = 0; d < op.src(0).rank; ++d) (d < leading ? s.rows : s.n) *= op.src(0).dims[d];
  if (s.rows < 2 || s.n < 2) return false;
  auto kernel = ref::make_kernel([s](const ref::Operands& io, const ref::Context& context) {
    ref::parallel(context, s.pieces(), ref::kCheapGrain / (s.rows * kColumns), [&](int64_t begin, int64_t end) {
      for (int64_t p = begin; p < end; ++p) add_up(s, io.in<float>(0), io.out<float>(0), p * kColumns);
    });
  });
  const uint32_t operand = lowering.use(op.op().inputs[0], kPlainLayout);
  const uint32_t result = lowering.make(op.op().outputs[0], kPlainLayout);
  lowering.add_step(std::move(kernel), {operand}, {result});
  return true;
}

}  // namespace clq::onednn
