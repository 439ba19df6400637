// plugins/cpu_onednn/kernels/channels_onednn.cpp -- concat and slice along the channels, within blocked formats.
// SPDX-License-Identifier: BSD-3-Clause
#include <cstring>

#include "kernels/blocked.hpp"

namespace clq::onednn {
namespace {

// Lanes of one block of dst that come from one block of a source, or 0 from none.
struct Part {
  int64_t source, block, lane, to, count;
};
constexpr int64_t kZero = -1;

struct Gather {
  Blocked dst;
  std::vector<Blocked> sources;
  std::vector<std::vector<Part>> parts;  // of each block of dst
};

template <int64_t Count>
void copy_lanes(const float* from, float* to, int64_t inner, int64_t step) {
  for (int64_t i = 0; i < inner; ++i) std::memcpy(to + i * step, from + i * step, Count * sizeof(float));
}

void copy_part(const Part& part, const float* from, float* to, int64_t inner, int64_t step) {
  switch (part.count) {
    case 4:
      return copy_lanes<4>(from, to, inner, step);
    case 8:
      return copy_lanes<8>(from, to, inner, step);
    case 12:
      return copy_lanes<12>(from, to, inner, step);
    case 16:
      return copy_lanes<16>(from, to, inner, step);
    default:
      for (int64_t i = 0; i < inner; ++i)
        for (int64_t l = 0; l < part.count; ++l) to[i * step + l] = from[i * step + l];
  }
}

std::unique_ptr<ref::Kernel> make_gather(Gather gather) {
  return ref::make_kernel([g = std::move(gather)](const ref::Operands& io, const ref::Context& context) {
    const Blocked& d = g.dst;
    ref::parallel(context, d.n * d.blocks, std::max<int64_t>(1, ref::kCheapGrain / std::max<int64_t>(1, d.plane())),
                  [&](int64_t begin, int64_t end) {
                    for (int64_t p = begin; p < end; ++p)
                      for (const Part& part : g.parts[static_cast<size_t>(p % d.blocks)]) {
                        float* to = io.out<float>(0) + p * d.plane() + part.to;
                        if (part.source == kZero) {
                          for (int64_t i = 0; i < d.inner; ++i) std::fill_n(to + i * d.lanes, part.count, 0.0f);
                          continue;
                        }
                        const auto source = static_cast<size_t>(part.source);
                        const float* from =
                            io.in<float>(source) + g.sources[source].at(p / d.blocks, part.block) + part.lane;
                        copy_part(part, from, to, d.inner, d.lanes);
                      }
                  });
  });
}

// Appends channels [first, first + count) of a source from channel `at` of dst on.
void append(Gather& g, int64_t source, int64_t first, int64_t count, int64_t at) {
  const int64_t lanes = g.dst.lanes;
  while (count > 0) {
    const int64_t n = std::min({count, lanes - first % lanes, lanes - at % lanes});
    g.parts[static_cast<size_t>(at / lanes)].push_back({source, first / lanes, first % lanes, at % lanes, n});
    first += n, at += n, count -= n;
  }
}

// The rest of the last block.
void append_zeros(Gather& g) {
  const int64_t used = g.dst.channels % g.dst.lanes;
  if (used != 0) g.parts.back().push_back({kZero, 0, 0, used, g.dst.lanes - used});
}

Gather gather_into(Lowering& lowering, uint32_t dst, int64_t lanes, LayoutId* layout) {
  const clq_tensor_desc& desc = lowering.desc(dst);
  *layout = lowering.layouts().id_of(blocked_desc({desc.dims, desc.dims + desc.rank}, lanes));
  Gather g{blocked_of(lowering, dst, *layout), {}, {}};
  g.parts.resize(static_cast<size_t>(g.dst.blocks));
  return g;
}

bool has_blocks(const clq_tensor_desc& desc) { return (desc.rank == 3 || desc.rank == 4) && desc.dims[1] > 1; }

// Every part in the block size of the first that has one.
bool lower_concat(Lowering& lowering, const ref::OpView& op) {
  if (op.i64("axis", 0) != 1 || !has_blocks(op.dst(0))) return false;
  int64_t lanes = 0;
  for (uint32_t i = 0; i < op.n_src() && lanes == 0; ++i)
    lanes = blocked_of(lowering, op.op().inputs[i], lowering.layout_of(op.op().inputs[i])).lanes;
  LayoutId layout = kPlainLayout;
  if (lanes == 0) return false;
  Gather g = gather_into(lowering, op.op().outputs[0], lanes, &layout);
  if (g.dst.lanes != lanes) return false;
  std::vector<uint32_t> operands;
  int64_t at = 0;
  for (uint32_t i = 0; i < op.n_src(); ++i) {
    const clq_tensor_desc& src = op.src(i);
    const LayoutId own = lowering.layouts().id_of(blocked_desc({src.dims, src.dims + src.rank}, lanes));
    g.sources.push_back(blocked_of(lowering, op.op().inputs[i], own));
    if (g.sources.back().lanes != lanes) return false;
    append(g, i, 0, src.dims[1], at);
    at += src.dims[1];
  }
  for (uint32_t i = 0; i < op.n_src(); ++i) {
    const clq_tensor_desc& src = op.src(i);
    operands.push_back(lowering.use(op.op().inputs[i], blocked_desc({src.dims, src.dims + src.rank}, lanes)));
  }
  append_zeros(g);
  const uint32_t dst = lowering.make(op.op().outputs[0], layout);
  lowering.add_step(make_gather(std::move(g)), std::move(operands), {dst});
  return true;
}

bool lower_slice(Lowering& lowering, const ref::OpView& op) {
  const clq_tensor_desc &src = op.src(0), &dst = op.dst(0);
  if (!has_blocks(src)) return false;
  for (int32_t d = 0; d < src.rank; ++d)
    if (d != 1 && src.dims[d] != dst.dims[d]) return false;
  const LayoutId from = lowering.layout_of(op.op().inputs[0]);
  const Blocked source = blocked_of(lowering, op.op().inputs[0], from);
  if (source.lanes == 0) return false;
  LayoutId layout = kPlainLayout;
  Gather g = gather_into(lowering, op.op().outputs[0], source.lanes, &layout);
  if (g.dst.lanes != source.lanes) return false;
  g.sources = {source};
  append(g, 0, op.list("begin")[1], dst.dims[1], 0);
  append_zeros(g);
  const uint32_t operand = lowering.use(op.op().inputs[0], from), result = lowering.make(op.op().outputs[0], layout);
  lowering.add_step(make_gather(std::move(g)), {operand}, {result});
  return true;
}

}  // namespace

bool lower_channels(Lowering& lowering, const ref::OpView& op) {
  const std::string_view name = op.op().name;
  if (name == "concat/1") return lower_concat(lowering, op);
  return name == "slice/1" && lower_slice(lowering, op);
}

}  // namespace clq::onednn
