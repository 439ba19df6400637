// plugins/cpu_onednn/plan/lowering.hpp -- a plan in the making: which formats each value lies in, and the steps.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <map>

#include "plan/layouts.hpp"

namespace clq::onednn {

// What opening the device gives and every compilation uses.
struct Device {
  Engine engine;
  Layouts& layouts;
};

// A value may lie in several formats, a slot each; the first is the one it was made in.
struct Form {
  LayoutId layout;
  uint32_t slot;
};

class Lowering {
 public:
  Lowering(const clq_segment& segment, const Device& device);
  const clq_segment& segment() const { return segment_; }
  const Engine& engine() const { return device_.engine; }
  Layouts& layouts() const { return device_.layouts; }
  bool winograd() const { return (segment_.flags & CLQ_SEG_STRICT_F32) == 0; }
  const clq_tensor_desc& desc(uint32_t value) const { return segment_.values[value]; }
  ref::Plan& plan() { return plan_; }

  bool is_written(uint32_t value) const { return !forms_[value].empty() || state_of_[value] != CLQ_NONE; }
  LayoutId layout_of(uint32_t value) const;  // the one it was made in; kUndecided for a state that is still free
  // Where the value lies in this format; a free state is decided by it, any other value is reordered once.
  uint32_t use(uint32_t value, LayoutId layout);
  uint32_t use(uint32_t value, const Desc& desc) { return use(value, layouts().id_of(desc)); }
  // The format's description where the value has one already, else oneDNN's choice.
  Desc wish(uint32_t value, const Dims& dims) const;
  uint32_t make(uint32_t value, LayoutId layout);  // a place for a new value
  uint32_t make(uint32_t value, const Desc& desc) { return make(value, layouts().id_of(desc)); }
  void define(uint32_t value, Form form);
  void alias(uint32_t dst, uint32_t src);        // every format of src serves dst
  void alias_plain(uint32_t dst, uint32_t src);  // under another shape the bytes are those of the plain format
  bool is_aliased(uint32_t value) const { return aliased_[value]; }  // what lies in its slots has another name, too
  void free_state(uint32_t value, uint32_t state);
  void decide_state(uint32_t value, LayoutId layout);

  int64_t bytes_of(uint32_t value, LayoutId layout) const;
  uint32_t new_slot(int64_t bytes, ref::Place place);
  void add_step(std::unique_ptr<ref::Kernel> kernel, std::vector<uint32_t> src, std::vector<uint32_t> dst);
  void add_primitive(Prepared prepared, std::vector<Role> roles, std::vector<uint32_t> src, std::vector<uint32_t> dst);
  bool needs_openmp() const { return needs_openmp_; }  // a primitive of the plan runs on OpenMP's team

  // The format in which `src` was convolved by weights of these sizes: their gradient should come out in it.
  void remember_weights(uint32_t src, const Dims& weights, LayoutId layout) { weights_[{src, weights}] = layout; }
  LayoutId remembered_weights(uint32_t src, const Dims& weights) const;

 private:
  uint32_t reordered(uint32_t value, Form from, LayoutId to);
  const clq_segment& segment_;
  const Device& device_;
  ref::Plan plan_;
  std::vector<std::vector<Form>> forms_;  // of each value
  std::vector<uint32_t> state_of_;        // the state a value is the start of, while it is free
  std::vector<bool> aliased_;
  std::map<std::pair<uint32_t, Dims>, LayoutId> weights_;
  bool needs_openmp_ = false;
};

// Writes the op's steps in oneDNN or in kernels over its formats; false: plain loops must do it.
bool lower_conv(Lowering& lowering, const ref::OpView& op);
bool lower_matmul(Lowering& lowering, const ref::OpView& op);
bool lower_pool(Lowering& lowering, const ref::OpView& op);
bool lower_resize(Lowering& lowering, const ref::OpView& op);
bool lower_prelu(Lowering& lowering, const ref::OpView& op);
bool lower_channels(Lowering& lowering, const ref::OpView& op);
bool lower_sums(Lowering& lowering, const ref::OpView& op);
bool lower_row_sums(Lowering& lowering, const ref::OpView& op);
bool lower_softmax(Lowering& lowering, const ref::OpView& op);
bool lower_random(Lowering& lowering, const ref::OpView& op);

// What a plan's own kernels run on: the host's team, unless primitives run on OpenMP's, for two teams would be in each
// other's way.
struct Planned {
  ref::Plan plan;
  bool needs_openmp;
};

// wanted: as in clq_backend_api.compile.
Planned make_plan(const clq_segment& segment, const clq_state_layout* const* wanted, const Device& device);

}  // namespace clq::onednn
