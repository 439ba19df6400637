// plugins/cpu_onednn/kernels/pool_onednn.cpp -- means by oneDNN; maxima in a kernel of its own, for theirs loses NaN.
// SPDX-License-Identifier: BSD-3-Clause
#include <cmath>

#include "kernels/blocked.hpp"
#include "kernels/window.hpp"

namespace clq::onednn {
namespace {

PoolShape shape_of(const ref::OpView& op, const clq_tensor_desc& src, const clq_tensor_desc& dst) {
  PoolShape s;
  s.src = ref::dims_of(src), s.dst = ref::dims_of(dst), s.kernel = op.list("kernel");
  const auto list_or = [&](const char* name, int64_t absent) {
    Dims list = op.list(name);
    return list.empty() ? Dims(s.kernel.size(), absent) : list;
  };
  s.strides = list_or("strides", 1);
  s.pads_begin = list_or("pads_begin", 0);
  s.pads_end = list_or("pads_end", 0);
  s.count_padding = op.i64("count_padding", 0) != 0;
  return s;
}

// Up to so many the caller is done before a team would have met.
constexpr int64_t kAloneElements = int64_t{1} << 17;

// One primitive from operand 0 to result 0; nothing for tensors that lie plainly, which plain loops serve as well.
bool add_mean(Lowering& lowering, const ref::OpView& op, std::optional<Prepared> p, int src, int dst) {
  if (!p || p->is_reference()) return false;
  const uint32_t operand = lowering.use(op.op().inputs[0], p->desc(src)),
                 result = lowering.make(op.op().outputs[0], p->desc(dst));
  lowering.add_primitive(std::move(*p), {{src, false, 0}, {dst, true, 0}}, {operand}, {result});
  return true;
}

bool lower_mean(Lowering& lowering, const ref::OpView& op) {
  const LayoutId layout = lowering.layout_of(op.op().inputs[0]);
  const int64_t lanes = blocked_of(lowering, op.op().inputs[0], layout).lanes;
  if (lanes == 0) return false;
  const Desc given = lowering.layouts().desc(layout);
  const bool alone = ref::element_count(op.src(0)) + ref::element_count(op.dst(0)) <= kAloneElements;
  const auto prepare = [&](const auto& body) { return alone ? prepare_alone(body) : body(); };
  if (std::string_view(op.op().name) == "avg_pool/1") {
    const PoolShape shape = shape_of(op, op.src(0), op.dst(0));
    return add_mean(lowering, op, prepare([&] { return mean_pool_forward(lowering.engine(), shape, given); }),
                    DNNL_ARG_SRC, DNNL_ARG_DST);
  }
  const PoolShape shape = shape_of(op, op.dst(0), op.src(0));
  const Desc diff_src = blocked_desc(shape.src, lanes);
  return add_mean(lowering, op, prepare([&] { return mean_pool_backward(lowering.engine(), shape, diff_src, given); }),
                  DNNL_ARG_DIFF_DST, DNNL_ARG_DIFF_SRC);
}

// The first of the largest among a window's values of one lane; a NaN is larger than any number.
int64_t largest(const float* x, const ref::Window& w, int64_t oh, int64_t ow, int64_t lanes) {
  const int64_t h = w.h.at(oh, 0), c = w.w.at(ow, 0);
  const int64_t h0 = std::max<int64_t>(h, 0), h1 = std::min(h + w.h.kernel, w.h.in), w0 = std::max<int64_t>(c, 0),
                w1 = std::min(c + w.w.kernel, w.w.in);
  int64_t best = (h0 * w.w.in + w0) * lanes;
  for (int64_t y = h0; y < h1; ++y)
    for (int64_t i = (y * w.w.in + w0) * lanes; i < (y * w.w.in + w1) * lanes; i += lanes)
      if (x[i] > x[best] || (std::isnan(x[i]) && !std::isnan(x[best]))) best = i;
  return best;
}

// body(plane of src, plane of dst, index in it of the largest, index of the window) for each lane of each window.
template <class Body>
void maxima(const ref::Window& w, const Blocked& b, const float* src, const ref::Context& context, const Body& body) {
  ref::parallel(context, b.n * b.blocks, std::max<int64_t>(1, ref::kCheapGrain / (w.out() * w.kernel() * b.lanes)),
                [&](int64_t begin, int64_t end) {
                  for (int64_t p = begin; p < end; ++p) {
                    const int64_t from = p * w.in() * b.lanes, to = p * w.out() * b.lanes;
                    for (int64_t oh = 0; oh < w.h.out; ++oh)
                      for (int64_t ow = 0; ow < w.w.out; ++ow)
                        for (int64_t l = 0; l < b.lanes; ++l)
                          body(from + largest(src + from + l, w, oh, ow, b.lanes) + l,
                               to + (oh * w.w.out + ow) * b.lanes + l);
                  }
                });
}

std::unique_ptr<ref::Kernel> make_max(const ref::Window& w, const Blocked& b) {
  return ref::make_kernel([w, b](const ref::Operands& io, const ref::Context& context) {
    const float* src = io.in<float>(0);
    float* dst = io.out<float>(0);
    maxima(w, b, src, context, [=](int64_t from, int64_t to) { dst[to] = src[from]; });
  });
}

std::unique_ptr<ref::Kernel> make_max_grad(const ref::Window& w, const Blocked& b) {
  return ref::make_kernel([w, b](const ref::Operands& io, const ref::Context& context) {
    const float *src = io.in<float>(0), *diff_dst = io.in<float>(1);
    float* diff_src = io.out<float>(0);
    ref::parallel(context, b.n * b.blocks * b.plane(), ref::kCheapGrain,
                  [=](int64_t begin, int64_t end) { std::fill(diff_src + begin, diff_src + end, 0.0f); });
    maxima(w, b, src, context, [=](int64_t from, int64_t to) { diff_src[from] += diff_dst[to]; });
  });
}

// src and dst in the blocks of the operand that has any; the gradient's operands are src and diff_dst.
bool lower_max(Lowering& lowering, const ref::OpView& op, bool gradient) {
  const clq_op& raw = op.op();
  const uint32_t src = raw.inputs[0], pooled = gradient ? raw.inputs[1] : raw.outputs[0];
  int64_t lanes = blocked_of(lowering, src, lowering.layout_of(src)).lanes;
  if (lanes == 0 && gradient) lanes = blocked_of(lowering, pooled, lowering.layout_of(pooled)).lanes;
  if (lanes == 0) return false;
  const auto format = [&](uint32_t v) { return blocked_desc(ref::dims_of(lowering.desc(v)), lanes); };
  const Blocked b = blocked_of(lowering, src, lowering.layouts().id_of(format(src)));
  if (b.lanes == 0 || blocked_of(lowering, pooled, lowering.layouts().id_of(format(pooled))).lanes == 0) return false;
  const ref::Window w = ref::read_window(op, lowering.desc(src), lowering.desc(pooled), op.list("kernel"));
  std::vector<uint32_t> operands = {lowering.use(src, format(src))};
  if (gradient) operands.push_back(lowering.use(pooled, format(pooled)));
  const uint32_t dst = lowering.make(raw.outputs[0], format(raw.outputs[0]));
  lowering.add_step(gradient ? make_max_grad(w, b) : make_max(w, b), std::move(operands), {dst});
  return true;
}

}  // namespace

bool lower_pool(Lowering& lowering, const ref::OpView& op) {
  const std::string_view name = op.op().name;
  if (name == "max_pool/1") return lower_max(lowering, op, false);
  if (name == "max_pool_grad/1") return lower_max(lowering, op, true);
  return (name == "avg_pool/1" || name == "avg_pool_grad/1") && lower_mean(lowering, op);
}

}  // namespace clq::onednn
