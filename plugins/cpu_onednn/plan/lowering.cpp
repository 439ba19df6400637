// plugins/cpu_onednn/plan/lowering.cpp -- formats meet here: a reorder where a value is wanted in another one.
// SPDX-License-Identifier: BSD-3-Clause
#include "plan/lowering.hpp"

namespace clq::onednn {
namespace {

// Weights are moved by the caller: they are there before another thread has woken up.
constexpr int64_t kAloneBytes = int64_t{2} << 20;

}  // namespace

Lowering::Lowering(const clq_segment& segment, const Device& device)
    : segment_(segment),
      device_(device),
      forms_(segment.n_values),
      state_of_(segment.n_values, CLQ_NONE),
      aliased_(segment.n_values) {}

LayoutId Lowering::layout_of(uint32_t value) const {
  if (!forms_[value].empty()) return forms_[value].front().layout;
  if (state_of_[value] != CLQ_NONE) return kUndecided;
  sdk::fail(CLQ_E_INVALID, "value " + std::to_string(value) + " is read before it is written");
}

uint32_t Lowering::use(uint32_t value, LayoutId layout) {
  if (layout_of(value) == kUndecided) decide_state(value, layout);
  for (const Form& form : forms_[value])
    if (form.layout == layout) return form.slot;
  return reordered(value, forms_[value].front(), layout);
}

Desc Lowering::wish(uint32_t value, const Dims& dims) const {
  const LayoutId layout = layout_of(value);
  return layout == kUndecided || layout == kPlainLayout ? any_desc(dims) : layouts().desc(layout);
}

uint32_t Lowering::reordered(uint32_t value, Form from, LayoutId to) {
  // Weights with and without an axis of groups have only the row-major format in common.
  if (from.layout != kPlainLayout && to != kPlainLayout &&
      layouts().desc(from.layout).dims() != layouts().desc(to).dims())
    from = {kPlainLayout, use(value, kPlainLayout)};
  const Desc known = layouts().desc(to == kPlainLayout ? from.layout : to);  // its sizes are those of both
  const Desc src = from.layout == kPlainLayout ? plain_like(known) : layouts().desc(from.layout);
  const auto prepare = [&] { return reorder(engine(), src, to == kPlainLayout ? plain_like(src) : known); };
  auto prepared = bytes_of(value, to) <= kAloneBytes ? prepare_alone(prepare) : prepare();
  if (!prepared) sdk::fail(CLQ_E_INTERNAL, "oneDNN cannot reorder value " + std::to_string(value));
  const uint32_t slot = new_slot(bytes_of(value, to), {});
  add_primitive(std::move(*prepared), {{DNNL_ARG_FROM, false, 0}, {DNNL_ARG_TO, true, 0}}, {from.slot}, {slot});
  forms_[value].push_back({to, slot});
  return slot;
}

uint32_t Lowering::make(uint32_t value, LayoutId layout) {
  const uint32_t slot = new_slot(bytes_of(value, layout), {});
  define(value, {layout, slot});
  return slot;
}

void Lowering::define(uint32_t value, Form form) {
  if (is_written(value)) sdk::fail(CLQ_E_INVALID, "value " + std::to_string(value) + " is written twice");
  forms_[value].push_back(form);
}

void Lowering::alias(uint32_t dst, uint32_t src) {
  if (layout_of(src) == kUndecided) decide_state(src, kPlainLayout);
  if (is_written(dst)) sdk::fail(CLQ_E_INVALID, "value " + std::to_string(dst) + " is written twice");
  forms_[dst] = forms_[src];
  aliased_[src] = true;
}

void Lowering::alias_plain(uint32_t dst, uint32_t src) {
  define(dst, {kPlainLayout, use(src, kPlainLayout)});
  aliased_[src] = true;
}

void Lowering::free_state(uint32_t value, uint32_t state) {
  if (is_written(value)) sdk::fail(CLQ_E_INVALID, "value " + std::to_string(value) + " is written twice");
  state_of_[value] = state;
}

void Lowering::decide_state(uint32_t value, LayoutId layout) {
  const uint32_t state = state_of_[value];
  const int64_t bytes = bytes_of(value, layout);
  state_of_[value] = CLQ_NONE;
  define(value, {layout, new_slot(bytes, {ref::Home::state, state})});
  plan_.states[state] = {bytes, layout};
}

int64_t Lowering::bytes_of(uint32_t value, LayoutId layout) const {
  return layout == kPlainLayout ? ref::byte_count(desc(value)) : onednn::bytes_of(layouts().desc(layout));
}

uint32_t Lowering::new_slot(int64_t bytes, ref::Place place) {
  plan_.places.push_back(place);
  plan_.bytes.push_back(bytes);
  return static_cast<uint32_t>(plan_.places.size() - 1);
}

void Lowering::add_step(std::unique_ptr<ref::Kernel> kernel, std::vector<uint32_t> src, std::vector<uint32_t> dst) {
  plan_.steps.push_back({std::move(kernel), std::move(src), std::move(dst), 0});
}

void Lowering::add_primitive(Prepared prepared, std::vector<Role> roles, std::vector<uint32_t> src,
                             std::vector<uint32_t> dst) {
  needs_openmp_ = needs_openmp_ || !prepared.alone;
  add_step(make_primitive_kernel(engine(), std::move(prepared), std::move(roles)), std::move(src), std::move(dst));
}

LayoutId Lowering::remembered_weights(uint32_t src, const Dims& weights) const {
  const auto at = weights_.find({src, weights});
  return at == weights_.end() ? kUndecided : at->second;
}

}  // namespace clq::onednn
