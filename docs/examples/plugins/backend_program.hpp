// docs/examples/plugins/backend_program.hpp -- a compiled segment, and one that is bound to addresses and can be run.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <memory>
#include <vector>

#include "backend_ops.hpp"

namespace mini {

constexpr uint64_t kPlain = 1;  // the id of the one layout that states have: row-major, as they are exported

// Nothing in it points into the segment, which is gone when compile() returns.
struct Program {
  std::vector<Step> steps;
  std::vector<int64_t> bytes;  // of each value
  std::vector<clq_state> states;
  std::vector<uint32_t> inputs, outputs, scalars;
  std::vector<std::pair<uint32_t, std::vector<char>>> constants;
  int64_t workspace_bytes = 0, resident_bytes = 0;

  Program(const clq_segment& s, const clq_state_layout* const* wanted)
      : states(s.states, s.states + s.n_states),
        inputs(s.inputs, s.inputs + s.n_inputs),
        outputs(s.outputs, s.outputs + s.n_outputs),
        scalars(s.scalars, s.scalars + s.n_scalars),
        written_(s.n_values) {
    require_segment(s);
    for (uint32_t i = 0; wanted != nullptr && i < s.n_states; ++i)
      if (wanted[i] != nullptr && wanted[i]->id != kPlain) clq::sdk::fail(CLQ_E_UNSUPPORTED, "compile: unknown layout");
    for (uint32_t v = 0; v < s.n_values; ++v) workspace_bytes += rounded(bytes.emplace_back(bytes_of(s.values[v])));
    for (const uint32_t v : inputs) write(v);
    for (const uint32_t v : scalars) write(v);
    for (const clq_state& state : states) write(state.before);
    for (const clq_const& constant : std::span(s.consts, s.n_consts)) add_constant(constant);
    for (const clq_op& op : std::span(s.ops, s.n_ops)) add_op(s, op);
    for (const uint32_t v : outputs) read(v);
    for (const clq_state& state : states) add_state(state);
  }

  void describe(clq_executable_info& out) const {
    clq::sdk::require_size(out.struct_size, CLQ_SIZE_UPTO(clq_executable_info, resident_bytes), "executable_info");
    out.flags = 0;
    out.workspace_bytes = workspace_bytes;
    out.workspace_align = 64;
    out.resident_bytes = resident_bytes;
  }
  void describe_state(uint32_t state, clq_state_layout& out) const {
    clq::sdk::require_size(out.struct_size, CLQ_SIZE_UPTO(clq_state_layout, id), "state_layout");
    out.bytes = state_bytes(state);
    out.flags = 0;
    out.align = 64;
    out.id = kPlain;
  }
  int64_t state_bytes(uint32_t state) const {
    if (state >= states.size()) clq::sdk::fail(CLQ_E_INVALID, "there is no state " + std::to_string(state));
    return bytes[states[state].before];
  }

 private:
  void write(uint32_t v) {
    if (v >= written_.size() || written_[v])
      clq::sdk::fail(CLQ_E_INVALID, value_text(v) + " is written twice, or none");
    written_[v] = true;
  }
  void read(uint32_t v) const {
    if (v >= written_.size() || !written_[v]) clq::sdk::fail(CLQ_E_INVALID, value_text(v) + " is read and not written");
  }
  void add_constant(const clq_const& constant) {
    write(constant.value);
    if (constant.bytes != bytes[constant.value])
      clq::sdk::fail(CLQ_E_INVALID, value_text(constant.value) + ": a constant of another size");
    const auto* data = static_cast<const char*>(constant.data);
    constants.emplace_back(constant.value, std::vector<char>(data, data + constant.bytes));
    resident_bytes += constant.bytes;
  }
  void add_op(const clq_segment& s, const clq_op& op) {
    steps.push_back(make_step(s, op));
    for (const uint32_t v : std::span(op.inputs, op.n_inputs)) read(v);
    write(op.outputs[0]);
  }
  // The new value waits in the workspace until every read of the old one is done.
  void add_state(const clq_state& state) {
    workspace_bytes += rounded(bytes[state.before]);
    if (state.when != CLQ_NONE) read(state.when);
    if (state.after == CLQ_NONE) return;
    read(state.after);
    if (bytes[state.after] != bytes[state.before])
      clq::sdk::fail(CLQ_E_INVALID, value_text(state.after) + ": is assigned to a state of another size");
  }

  std::vector<bool> written_;
};

class Binding {
 public:
  Binding(std::shared_ptr<const Program> program, const clq_bind_args& args) : program_(std::move(program)) {
    clq::sdk::require_size(args.struct_size, CLQ_SIZE_UPTO(clq_bind_args, comm), "bind");
    const Program& p = *program_;
    if (p.workspace_bytes > 0) room_ = static_cast<char*>(aligned(args.workspace));
    cells_.resize(p.scalars.size());
    for (const int64_t bytes : p.bytes) at_.push_back(take(bytes));
    for (const auto& [value, data] : p.constants) at_[value] = const_cast<char*>(data.data());
    for (size_t i = 0; i < p.scalars.size(); ++i) at_[p.scalars[i]] = &cells_[i];
    for (size_t i = 0; i < p.inputs.size(); ++i) at_[p.inputs[i]] = aligned(args.inputs[i]);
    for (size_t i = 0; i < p.outputs.size(); ++i) outputs_.push_back(aligned(args.outputs[i]));
    for (size_t i = 0; i < p.states.size(); ++i) {
      at_[p.states[i].before] = aligned(args.states[i]);
      next_.push_back(take(p.bytes[p.states[i].before]));
    }
    taken_.resize(p.states.size());
  }
  size_t n_cells() const { return cells_.size(); }

  // Every step: no allocation, no lock, no string.
  void run(const uint64_t* cells) noexcept {
    const Program& p = *program_;
    std::copy_n(cells, cells_.size(), cells_.data());
    for (const Step& step : p.steps) step(at_.data());
    for (size_t i = 0; i < p.outputs.size(); ++i) move(outputs_[i], at_[p.outputs[i]], p.outputs[i]);
    for (size_t i = 0; i < p.states.size(); ++i) {
      const clq_state& s = p.states[i];
      taken_[i] = s.after != CLQ_NONE && (s.when == CLQ_NONE || *static_cast<const uint8_t*>(at_[s.when]) != 0);
      if (taken_[i] != 0) move(next_[i], at_[s.after], s.after);
    }
    for (size_t i = 0; i < p.states.size(); ++i)
      if (taken_[i] != 0) move(at_[p.states[i].before], next_[i], p.states[i].before);
  }

 private:
  static void* aligned(void* address) {
    if (address == nullptr || reinterpret_cast<uintptr_t>(address) % 64 != 0)
      clq::sdk::fail(CLQ_E_INVALID, "bind: an address is not aligned to 64 bytes");
    return address;
  }
  void* take(int64_t bytes) { return std::exchange(room_, room_ + rounded(bytes)); }
  void move(void* to, const void* from, uint32_t value) const noexcept {
    std::memmove(to, from, static_cast<size_t>(program_->bytes[value]));
  }

  std::shared_ptr<const Program> program_;
  char* room_ = nullptr;                    // what is left of the workspace
  std::vector<void*> at_, outputs_, next_;  // of values, of outputs, of the states' next values
  std::vector<uint64_t> cells_;
  std::vector<uint8_t> taken_;  // of states: whether `when` lets the next value in
};

}  // namespace mini
