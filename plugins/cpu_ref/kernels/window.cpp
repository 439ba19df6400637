// plugins/cpu_ref/kernels/window.cpp
// SPDX-License-Identifier: BSD-3-Clause
#include "kernels/window.hpp"

namespace clq::ref {
namespace {

int64_t entry(const OpView& op, const char* name, size_t axis, size_t n_axes, int64_t absent) {
  const std::vector<int64_t> list = op.list(name);
  if (list.empty()) return absent;
  if (list.size() != n_axes || list[axis] < absent)
    op.fail(std::string(name) + " must have " + std::to_string(n_axes) + " entries of at least " +
            std::to_string(absent));
  return list[axis];
}

Axis read_axis(const OpView& op, size_t axis, size_t n_axes, int64_t in, int64_t out, int64_t kernel) {
  Axis a{in,
         out,
         kernel,
         entry(op, "strides", axis, n_axes, 1),
         entry(op, "dilations", axis, n_axes, 1),
         entry(op, "pads_begin", axis, n_axes, 0)};
  const int64_t room = in + a.pad + entry(op, "pads_end", axis, n_axes, 0), reach = a.dilation * (kernel - 1) + 1;
  if (in < 1 || kernel < 1 || room < reach || (room - reach) / a.stride + 1 != out)
    op.fail("a kernel of " + std::to_string(kernel) + " over " + std::to_string(in) + " does not give " +
            std::to_string(out));
  return a;
}

}  // namespace

Window read_window(const OpView& op, const clq_tensor_desc& src, const clq_tensor_desc& dst,
                   const std::vector<int64_t>& kernel) {
  const size_t n = kernel.size();
  const auto rank = static_cast<int32_t>(n + 2);
  if (n < 1 || n > 2 || src.rank != rank || dst.rank != rank || src.dims[0] != dst.dims[0])
    op.fail("windows of " + std::to_string(n) + " axes do not lead from " + shape_text(src) + " to " + shape_text(dst));
  Window w;
  if (n == 2) w.h = read_axis(op, 0, n, src.dims[2], dst.dims[2], kernel[0]);
  w.w = read_axis(op, n - 1, n, src.dims[n + 1], dst.dims[n + 1], kernel[n - 1]);
  return w;
}

clq_tensor_desc desc_like(const clq_tensor_desc& of, std::span<const int64_t> dims) {
  clq_tensor_desc desc{};
  desc.dtype = of.dtype;
  desc.rank = static_cast<int32_t>(dims.size());
  std::copy(dims.begin(), dims.end(), desc.dims);
  return desc;
}

std::vector<int64_t> dims_of(const clq_tensor_desc& desc) { return {desc.dims, desc.dims + desc.rank}; }

}  // namespace clq::ref
