// plugins/cpu_onednn/adapter.cpp -- oneDNN 2.x behind adapter.hpp; nothing else of the plugin calls it.
// SPDX-License-Identifier: BSD-3-Clause
#include "adapter.hpp"

namespace clq::onednn {
namespace {

constexpr auto kF32 = dnnl::memory::data_type::f32;

dnnl::primitive_attr user_scratchpad() {
  dnnl::primitive_attr attr;
  attr.set_scratchpad_mode(dnnl::scratchpad_mode::user);
  return attr;
}

template <class Primitive, class PrimitiveDesc>
Prepared prepare(const PrimitiveDesc& desc, std::vector<Prepared::Operand> operands) {
  Prepared p{Primitive(desc), desc.impl_info_str(), std::move(operands),
             static_cast<int64_t>(desc.scratchpad_desc().get_size())};
  p.operands.push_back({DNNL_ARG_SCRATCHPAD, desc.scratchpad_desc()});
  return p;
}

// What oneDNN refuses is no error here: the caller has another way.
template <class Body>
std::optional<Prepared> attempt(const Body& body) {
  try {
    return body();
  } catch (const dnnl::error& e) {
    if (e.status == dnnl_out_of_memory) throw std::bad_alloc();
    return std::nullopt;
  }
}

dnnl::algorithm algorithm_of(const ConvShape& s) {
  return s.winograd ? dnnl::algorithm::convolution_auto : dnnl::algorithm::convolution_direct;
}

Desc bias_desc(const ConvShape& s) { return s.bias ? plain_desc({s.dst[1]}) : Desc(); }

// Always the primitive of training: that of inference would want weights of its own format.
dnnl::convolution_forward::primitive_desc forward_desc(const Engine& engine, const ConvShape& s, const Desc& src,
                                                       const Desc& weights, const Desc& dst) {
  return {{dnnl::prop_kind::forward_training, algorithm_of(s), src, weights, bias_desc(s), dst, s.strides, s.dilations,
           s.pads_begin, s.pads_end},
          user_scratchpad(),
          engine};
}

dnnl::algorithm algorithm_of(const PoolShape& s) {
  return s.count_padding ? dnnl::algorithm::pooling_avg_include_padding : dnnl::algorithm::pooling_avg_exclude_padding;
}

dnnl::pooling_forward::primitive_desc pool_desc(const Engine& engine, const PoolShape& s, const Desc& src) {
  return {{dnnl::prop_kind::forward_training, algorithm_of(s), src, any_desc(s.dst), s.strides, s.kernel, s.pads_begin,
           s.pads_end},
          user_scratchpad(),
          engine};
}

clq_status status_of(dnnl_status_t status, const ref::Context& context) {
  if (status == dnnl_success) return CLQ_OK;
  if (status == dnnl_out_of_memory) return context.fail(CLQ_E_NOMEM, "run: oneDNN is out of memory");
  return context.fail(CLQ_E_INTERNAL, "run: oneDNN ends a primitive with an error");
}

// A primitive with its operands' addresses: ready to be executed.
class BoundPrimitive final : public ref::Kernel {
 public:
  BoundPrimitive(const Engine& engine, const Prepared& p, const std::vector<Role>& roles, const ref::Operands& io)
      : Kernel({}), primitive_(p.primitive), stream_(engine), alone_(p.alone) {
    for (const Role& role : roles)
      add(engine, role.name, p.desc(role.name), (role.is_dst ? io.dst : io.src)[role.index]);
    if (p.scratch_bytes > 0) add(engine, DNNL_ARG_SCRATCHPAD, p.desc(DNNL_ARG_SCRATCHPAD), io.workspace);
    for (size_t i = 0; i < names_.size(); ++i) args_.push_back({names_[i], memories_[i].get()});
  }

  clq_status run(const ref::Operands&, const ref::Context& context) const noexcept override {  // hot
    if (!alone_) return execute(context);
    const TeamScope one(1);
    return execute(context);
  }

 private:
  clq_status execute(const ref::Context& context) const noexcept {
    const auto n = static_cast<int>(args_.size());
    return status_of(dnnl_primitive_execute(primitive_.get(), stream_.get(), n, args_.data()), context);
  }
  void add(const Engine& engine, int name, const Desc& desc, void* data) {
    names_.push_back(name);
    memories_.emplace_back(desc, engine, data);
  }

  dnnl::primitive primitive_;
  dnnl::stream stream_;
  bool alone_;
  std::vector<int> names_;
  std::vector<dnnl::memory> memories_;
  std::vector<dnnl_exec_arg_t> args_;
};

class PrimitiveKernel final : public ref::Kernel {
 public:
  PrimitiveKernel(const Engine& engine, Prepared prepared, std::vector<Role> roles)
      : Kernel({.workspace_bytes = prepared.scratch_bytes}),
        engine_(engine),
        prepared_(std::move(prepared)),
        roles_(std::move(roles)) {}

  clq_status run(const ref::Operands&, const ref::Context& context) const noexcept override {
    return context.fail(CLQ_E_INTERNAL, "run: a primitive without addresses");
  }
  std::unique_ptr<Kernel> bound(const ref::Operands& io) const override {
    return std::make_unique<BoundPrimitive>(engine_, prepared_, roles_, io);
  }

 private:
  Engine engine_;
  Prepared prepared_;
  std::vector<Role> roles_;
};

}  // namespace

Engine open_engine() { return Engine(Engine::kind::cpu, 0); }

Desc strided_desc(const Dims& dims, const Dims& strides) { return Desc(dims, kF32, strides); }

Desc plain_desc(const Dims& dims) {
  Dims strides(dims.size(), 1);
  for (size_t d = dims.size(); d-- > 1;) strides[d - 1] = strides[d] * std::max<int64_t>(1, dims[d]);
  return strided_desc(dims, strides);
}

Desc any_desc(const Dims& dims) { return Desc(dims, kF32, dnnl::memory::format_tag::any); }

int64_t bytes_of(const Desc& desc) { return static_cast<int64_t>(desc.get_size()); }

int64_t channel_block(const Desc& desc) {
  const dnnl_memory_desc_t& d = desc.data;
  if (d.format_kind != dnnl_blocked || d.ndims < 3) return 0;
  const dnnl_blocking_desc_t& b = d.format_desc.blocking;
  if (b.inner_nblks != 1 || b.inner_idxs[0] != 1) return 0;
  int64_t step = b.inner_blks[0];
  for (int i = d.ndims - 1; i >= 0; --i) {
    if (b.strides[i] != step) return 0;
    step *= i == 1 ? d.padded_dims[1] / b.inner_blks[0] : d.dims[i];
  }
  return b.inner_blks[0];
}

Desc blocked_desc(const Dims& dims, int64_t lanes) {
  using Tag = dnnl::memory::format_tag;
  if (dims.size() == 3) return Desc(dims, kF32, lanes == 16 ? Tag::aBc16b : Tag::aBc8b);
  return Desc(dims, kF32, lanes == 16 ? Tag::aBcd16b : Tag::aBcd8b);
}

const Desc& Prepared::desc(int name) const {
  for (const Operand& o : operands)
    if (o.name == name) return o.desc;
  sdk::fail(CLQ_E_INTERNAL, "oneDNN: a primitive without operand " + std::to_string(name));
}

std::optional<Prepared> conv_forward(const Engine& engine, const ConvShape& s, const Desc& src, const Desc& weights) {
  return attempt([&] {
    const auto desc = forward_desc(engine, s, src, weights, any_desc(s.dst));
    return prepare<dnnl::convolution_forward>(desc, {{DNNL_ARG_SRC, desc.src_desc()},
                                                     {DNNL_ARG_WEIGHTS, desc.weights_desc()},
                                                     {DNNL_ARG_BIAS, bias_desc(s)},
                                                     {DNNL_ARG_DST, desc.dst_desc()}});
  });
}

std::optional<Prepared> conv_backward_src(const Engine& engine, const ConvShape& s, const Desc& diff_dst) {
  return attempt([&] {
    const auto forward = forward_desc(engine, s, any_desc(s.src), any_desc(s.weights), any_desc(s.dst));
    const dnnl::convolution_backward_data::primitive_desc desc(
        {algorithm_of(s), any_desc(s.src), any_desc(s.weights), diff_dst, s.strides, s.dilations, s.pads_begin,
         s.pads_end},
        user_scratchpad(), engine, forward);
    return prepare<dnnl::convolution_backward_data>(desc, {{DNNL_ARG_DIFF_SRC, desc.diff_src_desc()},
                                                           {DNNL_ARG_WEIGHTS, desc.weights_desc()},
                                                           {DNNL_ARG_DIFF_DST, desc.diff_dst_desc()}});
  });
}

std::optional<Prepared> conv_backward_weights(const Engine& engine, const ConvShape& s, const Desc& src,
                                              const Desc& weights, const Desc& diff_dst) {
  return attempt([&] {
    const auto forward = forward_desc(engine, s, any_desc(s.src), any_desc(s.weights), any_desc(s.dst));
    const dnnl::convolution_backward_weights::primitive_desc desc(
        {algorithm_of(s), src, weights, bias_desc(s), diff_dst, s.strides, s.dilations, s.pads_begin, s.pads_end},
        user_scratchpad(), engine, forward);
    return prepare<dnnl::convolution_backward_weights>(desc, {{DNNL_ARG_SRC, desc.src_desc()},
                                                              {DNNL_ARG_DIFF_WEIGHTS, desc.diff_weights_desc()},
                                                              {DNNL_ARG_DIFF_BIAS, bias_desc(s)},
                                                              {DNNL_ARG_DIFF_DST, desc.diff_dst_desc()}});
  });
}

std::optional<Prepared> mean_pool_forward(const Engine& engine, const PoolShape& s, const Desc& src) {
  return attempt([&] {
    const auto desc = pool_desc(engine, s, src);
    return prepare<dnnl::pooling_forward>(desc, {{DNNL_ARG_SRC, desc.src_desc()}, {DNNL_ARG_DST, desc.dst_desc()}});
  });
}

std::optional<Prepared> mean_pool_backward(const Engine& engine, const PoolShape& s, const Desc& diff_src,
                                           const Desc& diff_dst) {
  return attempt([&] {
    const auto forward = pool_desc(engine, s, diff_src);
    const dnnl::pooling_backward::primitive_desc desc(
        {algorithm_of(s), diff_src, diff_dst, s.strides, s.kernel, s.pads_begin, s.pads_end}, user_scratchpad(), engine,
        forward);
    return prepare<dnnl::pooling_backward>(
        desc, {{DNNL_ARG_DIFF_SRC, desc.diff_src_desc()}, {DNNL_ARG_DIFF_DST, desc.diff_dst_desc()}});
  });
}

std::optional<Prepared> matrix_product(const Engine& engine, const Desc& a, const Desc& b, const Desc& dst) {
  return attempt([&] {
    const dnnl::matmul::primitive_desc desc({a, b, dst}, user_scratchpad(), engine);
    return prepare<dnnl::matmul>(
        desc,
        {{DNNL_ARG_SRC, desc.src_desc()}, {DNNL_ARG_WEIGHTS, desc.weights_desc()}, {DNNL_ARG_DST, desc.dst_desc()}});
  });
}

std::optional<Prepared> reorder(const Engine& engine, const Desc& from, const Desc& to) {
  return attempt([&] {
    const dnnl::reorder::primitive_desc desc(engine, from, engine, to, user_scratchpad());
    return prepare<dnnl::reorder>(desc, {{DNNL_ARG_FROM, from}, {DNNL_ARG_TO, to}});
  });
}

void reorder_now(const Engine& engine, const Desc& from, const void* src, const Desc& to, void* dst) {
  dnnl::memory in(from, engine, const_cast<void*>(src)), out(to, engine, dst);
  dnnl::stream stream(engine);
  dnnl::reorder(in, out).execute(stream, in, out);
  stream.wait();
}

std::unique_ptr<ref::Kernel> make_primitive_kernel(const Engine& engine, Prepared prepared, std::vector<Role> roles) {
  return std::make_unique<PrimitiveKernel>(engine, std::move(prepared), std::move(roles));
}

}  // namespace clq::onednn
