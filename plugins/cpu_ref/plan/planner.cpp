// plugins/cpu_ref/plan/planner.cpp -- from a segment to steps: states are committed after their last read.
// SPDX-License-Identifier: BSD-3-Clause
#include <cstring>

#include "kernels/collective.hpp"
#include "plan/plan.hpp"

namespace clq::ref {
namespace {

std::unique_ptr<Kernel> make_copy(int64_t bytes) {
  return make_kernel([bytes](const Operands& io, const Context& context) {
    if (io.dst[0] == io.src[0]) return;
    parallel(context, bytes, kCheapGrain * 8, [&](int64_t begin, int64_t end) {
      std::memcpy(io.out<std::byte>(0) + begin, io.in<std::byte>(0) + begin, static_cast<size_t>(end - begin));
    });
  });
}

// src: after, when (or none); dst: the state's storage.
std::unique_ptr<Kernel> make_commit(int64_t bytes) {
  return make_kernel([bytes](const Operands& io, const Context& context) {
    if (io.dst[0] == io.src[0] || (io.src[1] != nullptr && *io.in<uint8_t>(1) == 0)) return;
    parallel(context, bytes, kCheapGrain * 8, [&](int64_t begin, int64_t end) {
      std::memcpy(io.out<std::byte>(0) + begin, io.in<std::byte>(0) + begin, static_cast<size_t>(end - begin));
    });
  });
}

class Planner {
 public:
  explicit Planner(const clq_segment& segment) : segment_(segment), slot_(segment.n_values, CLQ_NONE) {}

  Plan make() {
    place_given();
    for (uint32_t i = 0; i < segment_.n_ops; ++i) add_op(segment_.ops[i]);
    while (!pending_.empty()) finish_reduce(pending_.front().slot);
    add_outputs();
    add_commits();
    place_slots(plan_, assignments_);
    return std::move(plan_);
  }

 private:
  struct Pending {  // an all_reduce that nobody has waited for
    uint32_t bucket, slot;
  };

  uint32_t new_slot(int64_t bytes, Place place) {
    plan_.places.push_back(place);
    plan_.bytes.push_back(bytes);
    return static_cast<uint32_t>(plan_.places.size() - 1);
  }

  void define(uint32_t value, uint32_t slot) {
    if (slot_[value] != CLQ_NONE) sdk::fail(CLQ_E_INVALID, "value " + std::to_string(value) + " is written twice");
    slot_[value] = slot;
  }

  uint32_t slot_of(uint32_t value, const char* reader) const {
    if (slot_[value] == CLQ_NONE)
      sdk::fail(CLQ_E_INVALID, std::string(reader) + " reads value " + std::to_string(value) + " before it is written");
    return slot_[value];
  }

  int64_t bytes_of(uint32_t value) const { return byte_count(segment_.values[value]); }

  void place_given() {
    for (uint32_t i = 0; i < segment_.n_inputs; ++i) {
      define(segment_.inputs[i], new_slot(bytes_of(segment_.inputs[i]), {Home::input, i}));
      plan_.input_bytes.push_back(bytes_of(segment_.inputs[i]));
    }
    for (uint32_t i = 0; i < segment_.n_states; ++i) {
      define(segment_.states[i].before, new_slot(bytes_of(segment_.states[i].before), {Home::state, i}));
      plan_.states.push_back({bytes_of(segment_.states[i].before)});
    }
    for (uint32_t i = 0; i < segment_.n_scalars; ++i) define(segment_.scalars[i], new_slot(8, {Home::scalar, i}));
    plan_.n_scalars = segment_.n_scalars;
    for (uint32_t i = 0; i < segment_.n_consts; ++i) place_constant(segment_.consts[i]);
  }

  void place_constant(const clq_const& constant) {
    const size_t at = plan_.constants.size();
    define(constant.value, new_slot(constant.bytes, {Home::constant, static_cast<int64_t>(at)}));
    plan_.constants.resize(at + static_cast<size_t>(round_up(constant.bytes)));
    if (constant.bytes > 0)
      std::memcpy(plan_.constants.data() + at, constant.data, static_cast<size_t>(constant.bytes));
  }

  Step& add_step(std::unique_ptr<Kernel> kernel, std::vector<uint32_t> src, std::vector<uint32_t> dst) {
    return plan_.steps.emplace_back(Step{std::move(kernel), std::move(src), std::move(dst), 0});
  }

  void finish_reduce(uint32_t slot) {
    for (size_t i = 0; i < pending_.size(); ++i) {
      if (pending_[i].slot != slot) continue;
      add_step(make_all_reduce_finish(pending_[i].bucket), {slot}, {});
      pending_.erase(pending_.begin() + static_cast<ptrdiff_t>(i));
      return;
    }
  }

  void add_op(const clq_op& op) {
    std::vector<uint32_t> src;
    for (uint32_t i = 0; i < op.n_inputs; ++i)
      src.push_back(op.inputs[i] == CLQ_NONE ? CLQ_NONE : slot_of(op.inputs[i], op.name));
    for (const uint32_t slot : src) finish_reduce(slot);
    const OpView view(op, segment_.values);
    bool alias = false;
    auto kernel = make_op_kernel(view, &alias);
    if (alias) return define(op.outputs[0], src[0]);
    const bool reduces = std::string_view(op.name) == "all_reduce/1";
    if (reduces) finish_bucket(bucket_of(view));
    std::vector<uint32_t> dst;
    for (uint32_t i = 0; i < op.n_outputs; ++i) {
      dst.push_back(op.outputs[i] == CLQ_NONE ? CLQ_NONE : new_slot(bytes_of(op.outputs[i]), {}));
      if (dst.back() != CLQ_NONE) define(op.outputs[i], dst.back());
    }
    if (reduces) pending_.push_back({bucket_of(view), dst[0]});
    add_step(std::move(kernel), std::move(src), std::move(dst));
  }

  void finish_bucket(uint32_t bucket) {
    for (const Pending& p : pending_)
      if (p.bucket == bucket) return finish_reduce(p.slot);
  }

  void add_outputs() {
    for (uint32_t i = 0; i < segment_.n_outputs; ++i) {
      const uint32_t value = segment_.outputs[i], slot = slot_of(value, "an output");
      const Place place{Home::output, i};
      plan_.output_bytes.push_back(bytes_of(value));
      if (plan_.places[slot].home == Home::none) {
        plan_.places[slot] = place;  // computed where the host wants it
      } else {
        add_step(make_copy(bytes_of(value)), {slot}, {new_slot(bytes_of(value), place)});
      }
    }
  }

  // What a commit reads must not lie in the storage of a state: an earlier commit may have changed it.
  uint32_t away_from_states(uint32_t slot) {
    if (plan_.places[slot].home != Home::state) return slot;
    const uint32_t copy = new_slot(plan_.bytes[slot], {});
    add_step(make_copy(plan_.bytes[slot]), {slot}, {copy});
    return copy;
  }

  void add_commits() {
    for (uint32_t i = 0; i < segment_.n_states; ++i) {
      const clq_state& state = segment_.states[i];
      if (state.after == CLQ_NONE) continue;
      const uint32_t before = slot_of(state.before, "a state"), after = slot_of(state.after, "a state");
      if (before == after) continue;
      const uint32_t when = state.when == CLQ_NONE ? CLQ_NONE : away_from_states(slot_of(state.when, "a state"));
      assignments_.push_back({before, away_from_states(after), when, i});
    }
    for (const Assignment& a : assignments_)
      add_step(make_commit(plan_.bytes[a.before]), {a.after, a.when}, {a.before});
  }

  const clq_segment& segment_;
  Plan plan_;
  std::vector<uint32_t> slot_;  // of each value
  std::vector<Pending> pending_;
  std::vector<Assignment> assignments_;
};

}  // namespace

std::unique_ptr<Kernel> make_op_kernel(const OpView& view, bool* alias) {
  const clq_op& op = view.op();
  const std::string name = op.name,
                    place = op.scope != nullptr && op.scope[0] != '\0' ? " (" + std::string(op.scope) + ")" : "";
  try {
    *alias = false;
    if (const OpEntry* entry = find_op(name)) {
      *alias = entry->alias;
      return entry->make(view);
    }
    if (auto kernel = make_plugin_kernel(view)) return kernel;
  } catch (const sdk::Error& e) {
    sdk::fail(e.status(), name + place + ": " + e.what());
  }
  sdk::fail(CLQ_E_UNSUPPORTED, name + place + ": no such op here or in a plugin");
}

Plan make_plan(const clq_segment& segment) { return Planner(segment).make(); }

}  // namespace clq::ref
