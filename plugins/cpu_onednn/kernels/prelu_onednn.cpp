// plugins/cpu_onednn/kernels/prelu_onednn.cpp -- PReLU and its gradients where the convolutions left their results.
// SPDX-License-Identifier: BSD-3-Clause
#include <array>

#include "kernels/blocked.hpp"
#include "kernels/isa.hpp"

namespace clq::onednn {
namespace {

// The slopes of a block's channels, 0 beyond the last.
template <int64_t L>
std::array<float, L> slopes_of(const Blocked& b, const float* slope, int64_t block) {
  std::array<float, L> lanes{};
  std::copy_n(slope + block * L, std::min(L, b.channels - block * L), lanes.begin());
  return lanes;
}

// body(sample, block) for all, cut over the threads.
template <class Body>
void planes(const Blocked& b, const ref::Context& context, const Body& body) {
  ref::parallel(context, b.n * b.blocks, std::max<int64_t>(1, ref::kCheapGrain / std::max<int64_t>(1, b.plane())),
                [&](int64_t begin, int64_t end) {
                  for (int64_t p = begin; p < end; ++p) body(p / b.blocks, p % b.blocks);
                });
}

template <int64_t L>
void forward(const Blocked& b, const float* src, const float* slope, float* dst, int64_t sample, int64_t block) {
  const auto a = slopes_of<L>(b, slope, block);
  const float* x = src + b.at(sample, block);
  float* y = dst + b.at(sample, block);
  vectorised([&]() CLQ_VECTORISED {
    for (int64_t i = 0; i < b.plane(); i += L)
      for (int64_t l = 0; l < L; ++l) y[i + l] = x[i + l] > 0 ? x[i + l] : a[l] * x[i + l];
  });
}

// partial: L sums of x diff_y over the elements that are not positive, in F64.
template <int64_t L>
void backward(const Blocked& b, const ref::Operands& io, double* partial, int64_t sample, int64_t block) {
  const auto a = slopes_of<L>(b, io.in<float>(1), block);
  const float *x = io.in<float>(0) + b.at(sample, block), *diff_y = io.in<float>(2) + b.at(sample, block);
  float* diff_x = io.dst[0] != nullptr ? io.out<float>(0) + b.at(sample, block) : nullptr;
  vectorised([&]() CLQ_VECTORISED {
    double sums[L] = {};
    for (int64_t i = 0; i < b.plane(); i += L) {
      float term[L], diff[L];  // both: 0 times a diff_y that is not finite would be NaN
      for (int64_t l = 0; l < L; ++l) term[l] = x[i + l] > 0 ? 0.0f : x[i + l];
      for (int64_t l = 0; l < L; ++l) diff[l] = x[i + l] > 0 ? 0.0f : diff_y[i + l];
      for (int64_t l = 0; l < L; ++l) sums[l] += static_cast<double>(term[l]) * static_cast<double>(diff[l]);
      if (diff_x != nullptr)
        for (int64_t l = 0; l < L; ++l) diff_x[i + l] = x[i + l] > 0 ? diff_y[i + l] : a[l] * diff_y[i + l];
    }
    for (int64_t l = 0; l < L; ++l) partial[l] = sums[l];
  });
}

bool lower_prelu_forward(Lowering& lowering, const ref::OpView& op) {
  const uint32_t src = op.op().inputs[0];
  const LayoutId layout = lowering.layout_of(src);
  const Blocked b = blocked_of(lowering, src, layout);
  if (b.lanes == 0) return false;
  auto kernel = ref::make_kernel(
      [b](const ref::Operands& io, const ref::Context& context) {
        with_lanes(b.lanes, [&](auto lanes) {
          planes(b, context, [&](int64_t sample, int64_t block) {
            forward<lanes()>(b, io.in<float>(0), io.in<float>(1), io.out<float>(0), sample, block);
          });
        });
      },
      {.in_place = 1});
  const std::vector<uint32_t> operands = {lowering.use(src, layout), lowering.use(op.op().inputs[1], kPlainLayout)};
  const uint32_t dst = lowering.make(op.op().outputs[0], layout);
  lowering.add_step(std::move(kernel), operands, {dst});
  return true;
}

bool lower_backward(Lowering& lowering, const ref::OpView& op) {
  const uint32_t src = op.op().inputs[0], diff_dst = op.op().inputs[2];
  LayoutId layout = lowering.layout_of(src);
  if (blocked_of(lowering, src, layout).lanes == 0) layout = lowering.layout_of(diff_dst);
  const Blocked b = blocked_of(lowering, src, layout);
  if (b.lanes == 0) return false;
  auto kernel = ref::make_kernel(
      [b](const ref::Operands& io, const ref::Context& context) {
        double* partial = reinterpret_cast<double*>(io.workspace);
        with_lanes(b.lanes, [&](auto lanes) {
          planes(b, context, [&](int64_t sample, int64_t block) {
            backward<lanes()>(b, io, partial + (sample * b.blocks + block) * lanes(), sample, block);
          });
        });
        if (io.dst[1] == nullptr) return;
        for (int64_t c = 0; c < b.channels; ++c) {
          double sum = 0;
          for (int64_t s = 0; s < b.n; ++s) sum += partial[(s * b.blocks + c / b.lanes) * b.lanes + c % b.lanes];
          io.out<float>(1)[c] = static_cast<float>(sum);
        }
      },
      {.workspace_bytes = b.n * b.blocks * b.lanes * static_cast<int64_t>(sizeof(double)), .in_place = 0b101});
  const std::vector<uint32_t> operands = {lowering.use(src, layout), lowering.use(op.op().inputs[1], kPlainLayout),
                                          lowering.use(diff_dst, layout)};
  const uint32_t diff_src = op.has_dst(0) ? lowering.make(op.op().outputs[0], layout) : CLQ_NONE,
                 diff_slope = op.has_dst(1) ? lowering.make(op.op().outputs[1], kPlainLayout) : CLQ_NONE;
  lowering.add_step(std::move(kernel), operands, {diff_src, diff_slope});
  return true;
}

}  // namespace

bool lower_prelu(Lowering& lowering, const ref::OpView& op) {
  const std::string_view name = op.op().name;
  if (name == "prelu/1") return lower_prelu_forward(lowering, op);
  return name == "prelu_grad/1" && lower_backward(lowering, op);
}

}  // namespace clq::onednn
