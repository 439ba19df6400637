// plugins/cpu_onednn/kernels/conv_onednn.cpp -- convolutions, their gradients and transposes, in oneDNN's own formats.
// SPDX-License-Identifier: BSD-3-Clause
#include <array>

#include "kernels/blocked.hpp"
#include "kernels/window.hpp"

namespace clq::onednn {
namespace {

Dims list_or(const ref::OpView& op, const char* name, size_t n, int64_t absent) {
  Dims list = op.list(name);
  return list.empty() ? Dims(n, absent) : list;
}

// oneDNN counts dilations from 0, and keeps groups as an axis of their own.
ConvShape shape_of(const Lowering& lowering, const ref::OpView& op, const Dims& src, const Dims& weights,
                   const Dims& dst) {
  const size_t n = src.size() - 2;
  ConvShape s;
  s.src = src, s.weights = weights, s.dst = dst;
  s.strides = list_or(op, "strides", n, 1);
  s.dilations = list_or(op, "dilations", n, 1);
  for (int64_t& d : s.dilations) --d;
  s.pads_begin = list_or(op, "pads_begin", n, 0);
  s.pads_end = list_or(op, "pads_end", n, 0);
  s.winograd = lowering.winograd();
  if (const int64_t groups = op.i64("groups", 1); groups > 1) {
    s.weights[0] /= groups;
    s.weights.insert(s.weights.begin(), groups);
  }
  return s;
}

// Multiplications up to which a convolution is done by the caller before a team would have met.
constexpr int64_t kAloneWork = int64_t{1} << 22;

int64_t work_of(const ConvShape& s) {
  int64_t work = s.dst[0];
  for (size_t d = 2; d < s.dst.size(); ++d) work *= s.dst[d];
  for (const int64_t d : s.weights) work *= d;
  return work;
}

template <class Body>
std::optional<Prepared> prepare(const ConvShape& s, const Body& body) {
  std::optional<Prepared> p = work_of(s) <= kAloneWork ? prepare_alone(body) : body();
  return p && !p->is_reference() ? std::move(p) : std::nullopt;
}

bool lower_conv_forward(Lowering& lowering, const ref::OpView& op) {
  const uint32_t src = op.op().inputs[0], weights = op.op().inputs[1], dst = op.op().outputs[0];
  ConvShape s = shape_of(lowering, op, ref::dims_of(op.src(0)), ref::dims_of(op.src(1)), ref::dims_of(op.dst(0)));
  s.bias = op.n_src() == 3;
  const auto prepare_for = [&](const Desc& wanted) {
    return prepare(s, [&] { return conv_forward(lowering.engine(), s, any_desc(s.src), wanted); });
  };
  auto p = prepare_for(lowering.wish(weights, s.weights));
  if (!p) p = prepare_for(any_desc(s.weights));
  if (!p) return false;
  std::vector<uint32_t> operands = {lowering.use(src, p->desc(DNNL_ARG_SRC)),
                                    lowering.use(weights, p->desc(DNNL_ARG_WEIGHTS))};
  std::vector<Role> roles = {{DNNL_ARG_SRC, false, 0}, {DNNL_ARG_WEIGHTS, false, 1}, {DNNL_ARG_DST, true, 0}};
  if (s.bias) {
    operands.push_back(lowering.use(op.op().inputs[2], kPlainLayout));
    roles.push_back({DNNL_ARG_BIAS, false, 2});
  }
  lowering.remember_weights(src, ref::dims_of(op.src(1)), lowering.layouts().id_of(p->desc(DNNL_ARG_WEIGHTS)));
  const uint32_t result = lowering.make(dst, p->desc(DNNL_ARG_DST));
  lowering.add_primitive(std::move(*p), std::move(roles), std::move(operands), {result});
  return true;
}

bool lower_backward_src(Lowering& lowering, const ref::OpView& op) {
  const uint32_t weights = op.op().inputs[0], diff_dst = op.op().inputs[1], diff_src = op.op().outputs[0];
  const ConvShape s = shape_of(lowering, op, ref::dims_of(op.dst(0)), ref::dims_of(op.src(0)), ref::dims_of(op.src(1)));
  auto p = prepare(s, [&] { return conv_backward_src(lowering.engine(), s, any_desc(s.dst)); });
  if (!p) return false;
  const std::vector<uint32_t> operands = {lowering.use(weights, p->desc(DNNL_ARG_WEIGHTS)),
                                          lowering.use(diff_dst, p->desc(DNNL_ARG_DIFF_DST))};
  const uint32_t result = lowering.make(diff_src, p->desc(DNNL_ARG_DIFF_SRC));
  std::vector<Role> roles = {{DNNL_ARG_WEIGHTS, false, 0}, {DNNL_ARG_DIFF_DST, false, 1}, {DNNL_ARG_DIFF_SRC, true, 0}};
  lowering.add_primitive(std::move(*p), std::move(roles), operands, {result});
  return true;
}

// The sizes of the gradient that was left out follow from the others.
Dims weights_dims(const ref::OpView& op) {
  Dims dims = {op.src(1).dims[1], op.src(0).dims[1] / op.i64("groups", 1)};
  for (const int64_t size : op.list("kernel")) dims.push_back(size);
  return dims;
}

bool lower_backward_weights(Lowering& lowering, const ref::OpView& op) {
  if (!op.has_dst(0)) return false;
  const uint32_t src = op.op().inputs[0], diff_dst = op.op().inputs[1];
  const Dims weights = weights_dims(op);
  ConvShape s = shape_of(lowering, op, ref::dims_of(op.src(0)), weights, ref::dims_of(op.src(1)));
  s.bias = op.has_dst(1);
  const auto prepare_for = [&](const Desc& wanted) {
    return prepare(
        s, [&] { return conv_backward_weights(lowering.engine(), s, any_desc(s.src), wanted, any_desc(s.dst)); });
  };
  std::optional<Prepared> p;
  const LayoutId known = lowering.remembered_weights(src, weights);
  if (known > kPlainLayout) p = prepare_for(lowering.layouts().desc(known));
  if (!p) p = prepare_for(any_desc(s.weights));
  if (!p) return false;
  const std::vector<uint32_t> operands = {lowering.use(src, p->desc(DNNL_ARG_SRC)),
                                          lowering.use(diff_dst, p->desc(DNNL_ARG_DIFF_DST))};
  std::vector<uint32_t> results = {lowering.make(op.op().outputs[0], p->desc(DNNL_ARG_DIFF_WEIGHTS))};
  std::vector<Role> roles = {{DNNL_ARG_SRC, false, 0}, {DNNL_ARG_DIFF_DST, false, 1}, {DNNL_ARG_DIFF_WEIGHTS, true, 0}};
  if (s.bias) {
    results.push_back(lowering.make(op.op().outputs[1], kPlainLayout));
    roles.push_back({DNNL_ARG_DIFF_BIAS, true, 1});
  }
  lowering.add_primitive(std::move(*p), std::move(roles), operands, std::move(results));
  return true;
}

// dst = src + a number a channel.
template <int64_t L>
void add_to_plane(const Blocked& b, const ref::Operands& io, int64_t plane) {
  const int64_t first = plane % b.blocks * L;
  std::array<float, L> lanes{};
  std::copy_n(io.in<float>(1) + first, std::min(L, b.channels - first), lanes.begin());
  const float* x = io.in<float>(0) + plane * b.plane();
  float* y = io.out<float>(0) + plane * b.plane();
  for (int64_t i = 0; i < b.plane(); i += L)
    for (int64_t l = 0; l < L; ++l) y[i + l] = x[i + l] + lanes[l];
}

std::unique_ptr<ref::Kernel> make_add_to_channels(const Blocked& b) {
  return ref::make_kernel(
      [b](const ref::Operands& io, const ref::Context& context) {
        ref::parallel(context, b.n * b.blocks, std::max<int64_t>(1, ref::kCheapGrain / std::max<int64_t>(1, b.plane())),
                      [&](int64_t begin, int64_t end) {
                        for (int64_t p = begin; p < end; ++p) {
                          if (b.lanes == 1)
                            add_to_plane<1>(b, io, p);
                          else
                            with_lanes(b.lanes, [&](auto lanes) { add_to_plane<lanes()>(b, io, p); });
                        }
                      });
      },
      {.in_place = 1});
}

// The sizes of a value in this format; row-major it has a channel a block, in any other format lanes is 0.
Blocked planes_of(const Lowering& lowering, uint32_t value, LayoutId layout) {
  if (layout != kPlainLayout) return blocked_of(lowering, value, layout);
  const clq_tensor_desc& desc = lowering.desc(value);
  const int64_t n = desc.dims[0], channels = desc.dims[1];
  return {n, channels, channels, ref::element_count(desc) / std::max<int64_t>(1, n * channels), 1};
}

// The gradient by src of the convolution that leads from dst to src, which has no bias: that is a pass of its own.
bool lower_transpose(Lowering& lowering, const ref::OpView& op) {
  const uint32_t src = op.op().inputs[0], weights = op.op().inputs[1], dst = op.op().outputs[0];
  const ConvShape s = shape_of(lowering, op, ref::dims_of(op.dst(0)), ref::dims_of(op.src(1)), ref::dims_of(op.src(0)));
  auto p = prepare(s, [&] { return conv_backward_src(lowering.engine(), s, any_desc(s.dst)); });
  if (!p) return false;
  const bool biased = op.n_src() == 3;
  const Desc format = p->desc(DNNL_ARG_DIFF_SRC);
  const LayoutId layout = lowering.layouts().id_of(format);
  const Blocked planes = planes_of(lowering, dst, layout);
  if (biased && planes.lanes == 0) return false;
  const std::vector<uint32_t> operands = {lowering.use(weights, p->desc(DNNL_ARG_WEIGHTS)),
                                          lowering.use(src, p->desc(DNNL_ARG_DIFF_DST))};
  const uint32_t sums = biased ? lowering.new_slot(lowering.bytes_of(dst, layout), {}) : lowering.make(dst, layout);
  std::vector<Role> roles = {{DNNL_ARG_WEIGHTS, false, 0}, {DNNL_ARG_DIFF_DST, false, 1}, {DNNL_ARG_DIFF_SRC, true, 0}};
  lowering.add_primitive(std::move(*p), std::move(roles), operands, {sums});
  if (!biased) return true;
  const uint32_t bias = lowering.use(op.op().inputs[2], kPlainLayout), result = lowering.make(dst, layout);
  lowering.add_step(make_add_to_channels(planes), {sums, bias}, {result});
  return true;
}

}  // namespace

bool lower_conv(Lowering& lowering, const ref::OpView& op) {
  const std::string_view name = op.op().name;
  if (name == "conv/1") return lower_conv_forward(lowering, op);
  if (name == "conv_grad_src/1") return lower_backward_src(lowering, op);
  if (name == "conv_grad_weights/1") return lower_backward_weights(lowering, op);
  if (name == "conv_transpose/1") return lower_transpose(lowering, op);
  return false;
}

}  // namespace clq::onednn
