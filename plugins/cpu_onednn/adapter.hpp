// plugins/cpu_onednn/adapter.hpp -- all that the plugin knows of oneDNN: descriptions, primitives, how they run.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <dnnl.hpp>

#include "kernels/op_view.hpp"
#include "team.hpp"

namespace clq::onednn {

using Engine = dnnl::engine;
using Desc = dnnl::memory::desc;  // how an F32 tensor lies in memory
using Dims = std::vector<int64_t>;

Engine open_engine();
Desc plain_desc(const Dims& dims);                         // row-major
Desc strided_desc(const Dims& dims, const Dims& strides);  // in elements
Desc any_desc(const Dims& dims);                           // oneDNN chooses
inline Desc plain_like(const Desc& desc) { return plain_desc(desc.dims()); }
int64_t bytes_of(const Desc& desc);  // with its padding
// Channels a block where desc is [N, blocks, ..., channels a block] with nothing between; 0 where it is not.
int64_t channel_block(const Desc& desc);
Desc blocked_desc(const Dims& dims, int64_t lanes);  // the format with this channel_block(), 8 or 16

// A primitive, and how each of its operands must lie.
struct Prepared {
  struct Operand {
    int name;  // DNNL_ARG_*
    Desc desc;
  };
  dnnl::primitive primitive;
  std::string implementation;
  std::vector<Operand> operands;
  int64_t scratch_bytes = 0;
  bool alone = false;  // runs on the calling thread, without OpenMP's team
  const Desc& desc(int name) const;
  bool is_reference() const { return implementation.starts_with("ref"); }
};

struct ConvShape {
  Dims src, weights, dst;  // weights with the groups in front, where there are several
  Dims strides, dilations, pads_begin, pads_end;
  bool bias = false, winograd = false;
};

// nullopt: oneDNN has nothing for it. Descriptions may be any_desc().
std::optional<Prepared> conv_forward(const Engine&, const ConvShape&, const Desc& src, const Desc& weights);
std::optional<Prepared> conv_backward_src(const Engine&, const ConvShape&, const Desc& diff_dst);
std::optional<Prepared> conv_backward_weights(const Engine&, const ConvShape&, const Desc& src, const Desc& weights,
                                              const Desc& diff_dst);

struct PoolShape {
  Dims src, dst, kernel, strides, pads_begin, pads_end;
  bool count_padding = false;
};
std::optional<Prepared> mean_pool_forward(const Engine&, const PoolShape&, const Desc& src);
std::optional<Prepared> mean_pool_backward(const Engine&, const PoolShape&, const Desc& diff_src, const Desc& diff_dst);

// The primitives that body() prepares, for the calling thread alone: no barrier can then wait for a thread that sleeps.
template <class Body>
std::optional<Prepared> prepare_alone(const Body& body) {
  const TeamScope one(1);
  std::optional<Prepared> p = body();
  if (p) p->alone = true;
  return p;
}

std::optional<Prepared> matrix_product(const Engine&, const Desc& a, const Desc& b, const Desc& dst);
std::optional<Prepared> reorder(const Engine&, const Desc& from, const Desc& to);
// Moves between formats at once, with the calling thread's team.
void reorder_now(const Engine&, const Desc& from, const void* src, const Desc& to, void* dst);

// Which operand of a step serves which operand of a primitive: src i, or dst i.
struct Role {
  int name;
  bool is_dst;
  size_t index;
};
std::unique_ptr<ref::Kernel> make_primitive_kernel(const Engine&, Prepared prepared, std::vector<Role> roles);

}  // namespace clq::onednn
