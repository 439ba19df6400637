// plugins/cpu_onednn/plan/chains.cpp -- gathering, and what becomes of a chain: one step over one format.
// SPDX-License-Identifier: BSD-3-Clause
#include "plan/chains.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>

namespace clq::onednn {
namespace {

constexpr size_t kMaxOps = 64;

int64_t padded_count(const Lowering& lowering, const clq_tensor_desc& shape, LayoutId layout) {
  if (layout == kPlainLayout) return ref::element_count(shape);
  return bytes_of(lowering.layouts().desc(layout)) / static_cast<int64_t>(sizeof(float));
}

// A number for all elements, so that a sum of it and 0 can be divided by.
bool is_nonzero(const clq_const& constant) {
  float x = 0;
  if (constant.bytes == sizeof x) std::memcpy(&x, constant.data, sizeof x);
  return x != 0 && std::isfinite(x);
}

Chain together(const Chain& a, const Chain& b) {
  Chain both = a;
  both.ops.insert(both.ops.end(), b.ops.begin(), b.ops.end());
  both.made.insert(b.made.begin(), b.made.end());
  return both;
}

}  // namespace

Chains::Chains(Lowering& lowering, const clq_segment& segment)
    : lowering_(lowering),
      segment_(segment),
      readers_(segment.n_values),
      kept_(segment.n_values),
      moved_(segment.n_values),
      nonzero_(segment.n_values),
      done_(segment.n_states) {
  for (uint32_t i = 0; i < segment.n_ops; ++i)
    for (uint32_t k = 0; k < segment.ops[i].n_inputs; ++k)
      if (segment.ops[i].inputs[k] != CLQ_NONE) ++readers_[segment.ops[i].inputs[k]];
  for (uint32_t i = 0; i < segment.n_outputs; ++i) kept_[segment.outputs[i]] = moved_[segment.outputs[i]] = true;
  for (uint32_t i = 0; i < segment.n_states; ++i)
    for (const uint32_t v : {segment.states[i].after, segment.states[i].when})
      if (v != CLQ_NONE) kept_[v] = moved_[v] = true;
  for (uint32_t i = 0; i < segment.n_consts; ++i) nonzero_[segment.consts[i].value] = is_nonzero(segment.consts[i]);
}

Chains::At Chains::find(uint32_t value) {
  return std::find_if(open_.begin(), open_.end(), [value](const Chain& c) { return c.made.contains(value); });
}

void Chains::need(uint32_t value) {
  const At at = find(value);
  if (at == open_.end()) return;
  const Chain chain = std::move(*at);
  open_.erase(at);
  emit(chain, false);
}

// The chains that make its operands become one, where their elements are the op's; a fresh one otherwise.
Chains::At Chains::join(const ChainOp& op) {
  const clq_tensor_desc& shape = lowering_.desc(op.dst);
  At joined = open_.end();
  for (const uint32_t v : op.src) {
    const At at = find(v);
    if (at == open_.end() || at == joined) continue;
    if (!ref::same_shape(at->shape, shape)) {
      need(v);
    } else if (joined == open_.end()) {
      joined = at;
    } else if (Chain both = together(*joined, *at); fits(both)) {
      *joined = std::move(both);
      open_.erase(at);
    } else {
      need(v);
    }
  }
  return joined != open_.end() ? joined : open_.insert(open_.end(), Chain{shape, {}, {}});
}

void Chains::add(const ChainOp& op) {
  At chain = join(op);
  chain->ops.push_back(op);
  if (chain->ops.size() > 1 && !fits(*chain)) {
    chain->ops.pop_back();
    for (const uint32_t v : op.src) need(v);
    chain = open_.insert(open_.end(), Chain{lowering_.desc(op.dst), {op}, {}});
  }
  chain->made.insert(op.dst);
}

// Whether the chain could be emitted as it is: a result that others read holds its buffer to the end.
bool Chains::fits(const Chain& chain) const {
  std::vector<uint32_t> inputs, outputs;
  Tape tape = tape_of(chain, inputs);
  add_outputs(chain, tape, outputs);
  return chain.ops.size() <= kMaxOps && buffers_of(tape) <= kMaxBuffers;
}

// Registers: the inputs in the order in which they are met, then the results.
Tape Chains::tape_of(const Chain& chain, std::vector<uint32_t>& inputs) const {
  std::set<uint32_t> made;
  for (const ChainOp& op : chain.ops) made.insert(op.dst);
  for (const ChainOp& op : chain.ops)
    for (const uint32_t v : op.src)
      if (!made.contains(v) && std::find(inputs.begin(), inputs.end(), v) == inputs.end()) inputs.push_back(v);
  Tape tape;
  std::map<uint32_t, uint16_t> registers;
  for (const uint32_t v : inputs) {
    registers[v] = static_cast<uint16_t>(tape.inputs.size());
    tape.inputs.push_back(*reach_of(lowering_.desc(v), chain.shape));
    tape.inputs.back().nonzero = nonzero_[v];
  }
  tape.n_registers = static_cast<uint16_t>(inputs.size());
  for (const ChainOp& op : chain.ops) {
    Instruction i{op.code, tape.n_registers, registers.at(op.src[0]), 0, 0, op.x, op.y};
    i.b = op.src.size() > 1 ? registers.at(op.src[1]) : i.a;
    i.c = op.src.size() > 2 ? registers.at(op.src[2]) : i.a;
    registers[op.dst] = tape.n_registers++;
    tape.instructions.push_back(i);
  }
  return tape;
}

bool Chains::is_read_elsewhere(const Chain& chain, uint32_t value) const {
  uint32_t own = 0;
  for (const ChainOp& op : chain.ops) own += static_cast<uint32_t>(std::count(op.src.begin(), op.src.end(), value));
  return readers_[value] > own;
}

void Chains::add_outputs(const Chain& chain, Tape& tape, std::vector<uint32_t>& outputs) const {
  for (size_t i = 0; i < chain.ops.size(); ++i) {
    const uint32_t v = chain.ops[i].dst;
    if (!kept_[v] && !is_read_elsewhere(chain, v)) continue;
    tape.outputs.push_back({tape.instructions[i].dst, lowering_.desc(v).dtype == CLQ_U8});
    outputs.push_back(v);
  }
}

// The first format among the operands, when the tape may run over its padding; then free states take it, too.
LayoutId Chains::layout_for(const Tape& tape, const std::vector<uint32_t>& inputs) const {
  for (const TapeOutput& o : tape.outputs)
    if (o.is_u8) return kPlainLayout;
  LayoutId found = kPlainLayout;
  for (size_t i = 0; i < inputs.size(); ++i) {
    if (tape.inputs[i].reach == Reach::row || tape.inputs[i].reach == Reach::each_u8) return kPlainLayout;
    if (tape.inputs[i].reach == Reach::each && found == kPlainLayout && lowering_.layout_of(inputs[i]) != kUndecided)
      found = lowering_.layout_of(inputs[i]);
  }
  return found != kPlainLayout && keeps_zero(tape) ? found : kPlainLayout;
}

bool Chains::reads_later(uint32_t value) const {
  if (moved_[value]) return true;
  return std::any_of(open_.begin(), open_.end(), [&](const Chain& c) {
    return std::any_of(c.ops.begin(), c.ops.end(), [&](const ChainOp& op) {
      return std::find(op.src.begin(), op.src.end(), value) != op.src.end();
    });
  });
}

// The slot for a result: its state's own storage when only that state wants it and nothing reads the old one later.
uint32_t Chains::storage_for(const Chain& chain, uint32_t value, LayoutId layout, uint32_t* when) {
  uint32_t found = CLQ_NONE, uses = 0;
  for (uint32_t i = 0; i < segment_.n_states; ++i) {
    const clq_state& s = segment_.states[i];
    uses += (s.after == value) + (s.when == value);
    if (s.after == value) found = i;
  }
  for (uint32_t i = 0; i < segment_.n_outputs; ++i) uses += segment_.outputs[i] == value;
  if (!may_store_ || uses != 1 || found == CLQ_NONE || is_read_elsewhere(chain, value)) return CLQ_NONE;
  const clq_state& state = segment_.states[found];
  if (lowering_.is_aliased(state.before) || reads_later(state.before)) return CLQ_NONE;
  if (state.when != CLQ_NONE && (!lowering_.is_written(state.when) || find(state.when) != open_.end())) return CLQ_NONE;
  if (lowering_.layout_of(state.before) == kUndecided) lowering_.decide_state(state.before, layout);
  if (lowering_.layout_of(state.before) != layout) return CLQ_NONE;
  *when = state.when;
  done_[found] = true;
  return lowering_.use(state.before, layout);
}

void Chains::emit(const Chain& chain, bool last) {
  may_store_ = last;
  std::vector<uint32_t> inputs, outputs, src, dst;
  Tape tape = tape_of(chain, inputs);
  add_outputs(chain, tape, outputs);
  if (outputs.empty()) return;
  const LayoutId layout = layout_for(tape, inputs);
  tape.n = padded_count(lowering_, chain.shape, layout);
  for (size_t i = 0; i < inputs.size(); ++i)
    src.push_back(lowering_.use(inputs[i], tape.inputs[i].reach == Reach::each ? layout : kPlainLayout));
  for (size_t i = 0; i < outputs.size(); ++i) {
    uint32_t when = CLQ_NONE;
    dst.push_back(storage_for(chain, outputs[i], layout, &when));
    if (dst.back() == CLQ_NONE) dst.back() = lowering_.make(outputs[i], layout);
    if (when == CLQ_NONE) continue;
    tape.outputs[i].when = static_cast<uint32_t>(src.size());
    src.push_back(lowering_.use(when, kPlainLayout));
  }
  lowering_.add_step(make_tape_kernel(std::move(tape)), std::move(src), std::move(dst));
}

std::vector<bool> Chains::finish() {
  while (!open_.empty()) {
    const Chain chain = std::move(open_.front());
    open_.pop_front();
    emit(chain, true);
  }
  return done_;
}

}  // namespace clq::onednn
