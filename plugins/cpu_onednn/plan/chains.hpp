// plugins/cpu_onednn/plan/chains.hpp -- elementwise ops gathered until somebody else needs what they make.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <list>
#include <set>

#include "plan/chain_op.hpp"
#include "plan/lowering.hpp"

namespace clq::onednn {

// Ops on tensors of one shape, each reading another one or what was there before all of them.
struct Chain {
  clq_tensor_desc shape;
  std::vector<ChainOp> ops;
  std::set<uint32_t> made;  // values
};

class Chains {
 public:
  // Who reads a value after the ops, beside other ops: outputs and states.
  Chains(Lowering& lowering, const clq_segment& segment);
  // Takes the op in; what other chains make of its operands is emitted first.
  void add(const ChainOp& op);
  // Emits the chain that makes `value`, if one is open.
  void need(uint32_t value);
  // Emits all that are left, new states straight into their storage where nothing can notice. True for the states
  // that are done with.
  std::vector<bool> finish();

 private:
  using At = std::list<Chain>::iterator;
  At find(uint32_t value);
  At join(const ChainOp& op);
  bool fits(const Chain& chain) const;
  Tape tape_of(const Chain& chain, std::vector<uint32_t>& inputs) const;
  bool is_read_elsewhere(const Chain& chain, uint32_t value) const;
  void emit(const Chain& chain, bool last);
  void add_outputs(const Chain& chain, Tape& tape, std::vector<uint32_t>& outputs) const;
  LayoutId layout_for(const Tape& tape, const std::vector<uint32_t>& inputs) const;
  uint32_t storage_for(const Chain& chain, uint32_t value, LayoutId layout, uint32_t* when);
  bool reads_later(uint32_t value) const;

  Lowering& lowering_;
  const clq_segment& segment_;
  std::list<Chain> open_;
  std::vector<uint32_t> readers_;  // of each value: how many ops read it, each operand counted
  std::vector<bool> kept_;         // outputs of the segment, new states, predicates
  std::vector<bool> moved_;        // values that make a state, or decide on one: their copies come after the chains
  std::vector<bool> nonzero_;      // constants of one finite number other than 0
  std::vector<bool> done_;         // states
  bool may_store_ = false;
};

}  // namespace clq::onednn
