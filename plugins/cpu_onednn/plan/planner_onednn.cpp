// plugins/cpu_onednn/plan/planner_onednn.cpp -- from a segment to steps, op by op: a tape, oneDNN, or plain loops.
// SPDX-License-Identifier: BSD-3-Clause
#include <cstring>

#include "kernels/collective.hpp"
#include "plan/chains.hpp"

namespace clq::onednn {
namespace {

std::unique_ptr<ref::Kernel> make_copy(int64_t bytes, bool conditional) {
  return ref::make_kernel([bytes, conditional](const ref::Operands& io, const ref::Context& context) {
    if (io.dst[0] == io.src[0] || (conditional && *io.in<uint8_t>(1) == 0)) return;
    ref::parallel(context, bytes, ref::kCheapGrain * 8, [&](int64_t begin, int64_t end) {
      std::memcpy(io.out<std::byte>(0) + begin, io.in<std::byte>(0) + begin, static_cast<size_t>(end - begin));
    });
  });
}

class Planner {
 public:
  Planner(const clq_segment& segment, const clq_state_layout* const* wanted, const Device& device)
      : segment_(segment), lowering_(segment, device), chains_(lowering_, segment), plan_(lowering_.plan()) {
    place_given(wanted);
  }

  Planned make() {
    for (uint32_t i = 0; i < segment_.n_ops; ++i) add_op(segment_.ops[i]);
    while (!pending_.empty()) finish_reduce(pending_.front().value);
    done_ = chains_.finish();
    add_outputs();
    add_commits();
    ref::place_slots(plan_, assignments_);
    return {std::move(plan_), lowering_.needs_openmp()};
  }

 private:
  struct Pending {  // an all_reduce that nobody has waited for
    uint32_t bucket, value;
  };

  void place_given(const clq_state_layout* const* wanted) {
    for (uint32_t i = 0; i < segment_.n_inputs; ++i) {
      const int64_t bytes = lowering_.bytes_of(segment_.inputs[i], kPlainLayout);
      lowering_.define(segment_.inputs[i], {kPlainLayout, lowering_.new_slot(bytes, {ref::Home::input, i})});
      plan_.input_bytes.push_back(bytes);
    }
    plan_.states.resize(segment_.n_states);
    for (uint32_t i = 0; i < segment_.n_states; ++i) place_state(i, wanted == nullptr ? nullptr : wanted[i]);
    for (uint32_t i = 0; i < segment_.n_scalars; ++i)
      lowering_.define(segment_.scalars[i], {kPlainLayout, lowering_.new_slot(8, {ref::Home::scalar, i})});
    plan_.n_scalars = segment_.n_scalars;
    for (uint32_t i = 0; i < segment_.n_consts; ++i) place_constant(segment_.consts[i]);
  }

  void place_state(uint32_t i, const clq_state_layout* wanted) {
    const uint32_t value = segment_.states[i].before;
    lowering_.free_state(value, i);
    if (wanted != nullptr) {
      sdk::require_size(wanted->struct_size, CLQ_SIZE_UPTO(clq_state_layout, id), "compile: wanted layout");
      const int64_t bytes = lowering_.bytes_of(value, wanted->id);
      if (bytes != wanted->bytes) sdk::fail(CLQ_E_INVALID, "compile: a state is wanted in the layout of another one");
      lowering_.decide_state(value, wanted->id);
    } else if (lowering_.desc(value).dtype != CLQ_F32 || lowering_.desc(value).rank == 0) {
      lowering_.decide_state(value, kPlainLayout);
    }
  }

  void place_constant(const clq_const& constant) {
    const size_t at = plan_.constants.size();
    const ref::Place place{ref::Home::constant, static_cast<int64_t>(at)};
    lowering_.define(constant.value, {kPlainLayout, lowering_.new_slot(constant.bytes, place)});
    plan_.constants.resize(at + static_cast<size_t>(ref::round_up(constant.bytes)));
    if (constant.bytes > 0)
      std::memcpy(plan_.constants.data() + at, constant.data, static_cast<size_t>(constant.bytes));
  }

  void finish_reduce(uint32_t value) {
    for (size_t i = 0; i < pending_.size(); ++i) {
      if (pending_[i].value != value) continue;
      lowering_.add_step(ref::make_all_reduce_finish(pending_[i].bucket), {lowering_.use(value, kPlainLayout)}, {});
      pending_.erase(pending_.begin() + static_cast<ptrdiff_t>(i));
      return;
    }
  }

  void add_op(const clq_op& op) {
    const ref::OpView view(op, segment_.values);
    bool alias = false;
    auto kernel = ref::make_op_kernel(view, &alias);  // checks the op, whoever runs it
    for (uint32_t i = 0; i < op.n_inputs; ++i)
      if (op.inputs[i] != CLQ_NONE) finish_reduce(op.inputs[i]);
    if (const auto link = chain_op(view)) return chains_.add(*link);
    for (uint32_t i = 0; i < op.n_inputs; ++i)
      if (op.inputs[i] != CLQ_NONE) chains_.need(op.inputs[i]);
    if (alias) return add_alias(view);
    for (const auto lower : {lower_conv, lower_matmul, lower_pool, lower_resize, lower_prelu, lower_channels,
                             lower_sums, lower_row_sums, lower_softmax})
      if (is_f32(view) && lower(lowering_, view)) return;
    if (lower_random(lowering_, view)) return;
    add_plain(view, std::move(kernel));
  }

  bool is_f32(const ref::OpView& view) const {
    const clq_op& op = view.op();
    return op.n_inputs > 0 && op.inputs[0] != CLQ_NONE && view.src(0).dtype == CLQ_F32;
  }

  void add_alias(const ref::OpView& view) {
    const uint32_t src = view.op().inputs[0], dst = view.op().outputs[0];
    if (ref::same_shape(view.src(0), view.dst(0))) return lowering_.alias(dst, src);
    lowering_.alias_plain(dst, src);
  }

  void add_plain(const ref::OpView& view, std::unique_ptr<ref::Kernel> kernel) {
    const clq_op& op = view.op();
    std::vector<uint32_t> src, dst;
    for (uint32_t i = 0; i < op.n_inputs; ++i)
      src.push_back(op.inputs[i] == CLQ_NONE ? CLQ_NONE : lowering_.use(op.inputs[i], kPlainLayout));
    const bool reduces = std::string_view(op.name) == "all_reduce/1";
    if (reduces) finish_bucket(ref::bucket_of(view));
    for (uint32_t i = 0; i < op.n_outputs; ++i)
      dst.push_back(op.outputs[i] == CLQ_NONE ? CLQ_NONE : lowering_.make(op.outputs[i], kPlainLayout));
    if (reduces) pending_.push_back({ref::bucket_of(view), op.outputs[0]});
    lowering_.add_step(std::move(kernel), std::move(src), std::move(dst));
  }

  void finish_bucket(uint32_t bucket) {
    for (const Pending& p : pending_)
      if (p.bucket == bucket) return finish_reduce(p.value);
  }

  void add_outputs() {
    for (uint32_t i = 0; i < segment_.n_outputs; ++i) {
      const uint32_t value = segment_.outputs[i], slot = lowering_.use(value, kPlainLayout);
      const int64_t bytes = lowering_.bytes_of(value, kPlainLayout);
      const ref::Place place{ref::Home::output, i};
      plan_.output_bytes.push_back(bytes);
      if (plan_.places[slot].home == ref::Home::none) {
        plan_.places[slot] = place;  // computed where the host wants it
      } else {
        lowering_.add_step(make_copy(bytes, false), {slot}, {lowering_.new_slot(bytes, place)});
      }
    }
  }

  // What a commit reads must not lie in the storage of a state: an earlier commit may have changed it.
  uint32_t away_from_states(uint32_t slot) {
    if (plan_.places[slot].home != ref::Home::state) return slot;
    const int64_t bytes = plan_.bytes[slot];
    const uint32_t copy = lowering_.new_slot(bytes, {});
    lowering_.add_step(make_copy(bytes, false), {slot}, {copy});
    return copy;
  }

  void add_commits() {
    for (uint32_t i = 0; i < segment_.n_states; ++i) {
      const clq_state& state = segment_.states[i];
      if (lowering_.layout_of(state.before) == kUndecided) lowering_.decide_state(state.before, kPlainLayout);
      if (state.after == CLQ_NONE || state.after == state.before || done_[i]) continue;
      const LayoutId layout = lowering_.layout_of(state.before);
      const uint32_t before = lowering_.use(state.before, layout), after = lowering_.use(state.after, layout);
      if (before == after) continue;
      const uint32_t when =
          state.when == CLQ_NONE ? CLQ_NONE : away_from_states(lowering_.use(state.when, kPlainLayout));
      assignments_.push_back({before, away_from_states(after), when, i});
    }
    for (const ref::Assignment& a : assignments_)
      lowering_.add_step(make_copy(plan_.bytes[a.before], a.when != CLQ_NONE), {a.after, a.when}, {a.before});
  }

  const clq_segment& segment_;
  Lowering lowering_;
  Chains chains_;
  ref::Plan& plan_;
  std::vector<Pending> pending_;
  std::vector<ref::Assignment> assignments_;
  std::vector<bool> done_;  // states that a chain has stored
};

}  // namespace

Planned make_plan(const clq_segment& segment, const clq_state_layout* const* wanted, const Device& device) {
  ref::check_segment(segment);
  return Planner(segment, wanted, device).make();
}

}  // namespace clq::onednn
