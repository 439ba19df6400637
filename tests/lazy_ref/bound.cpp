// tests/lazy_ref/bound.cpp -- addresses that were freed, bindings that were destroyed too early.
// SPDX-License-Identifier: BSD-3-Clause
#include "bound.hpp"

#include <cstring>

namespace clq::lazy {

Bound::Bound(std::shared_ptr<const ref::Executable> executable, const clq_bind_args& args, const DeviceMemory& memory,
             bool host_too)
    : binding_(executable, args), memory_(memory), host_too_(host_too) {
  const ref::Plan& plan = executable->plan();
  for (size_t i = 0; i < plan.input_bytes.size(); ++i) ranges_.push_back({args.inputs[i], plan.input_bytes[i]});
  for (size_t i = 0; i < plan.output_bytes.size(); ++i) ranges_.push_back({args.outputs[i], plan.output_bytes[i]});
  for (size_t i = 0; i < plan.states.size(); ++i) ranges_.push_back({args.states[i], plan.states[i].bytes});
  if (plan.arena_bytes > 0) ranges_.push_back({args.workspace, plan.arena_bytes});
  check();
}

void Bound::check() const {
  if (!alive_) sdk::fail(CLQ_E_INVALID, "a binding was destroyed before its run had its turn");
  for (const Range& r : ranges_)
    if (!memory_.contains(r.data, r.bytes) && !(host_too_ && memory_.is_foreign(r.data)))
      sdk::fail(CLQ_E_INVALID, "a bound address is not device memory, or is freed");
}

void Bound::run(const std::vector<uint64_t>& cells) {
  const clq_status status = binding_.run(cells.data());
  const auto bytes = static_cast<size_t>(binding_.workspace_bytes());
  if (bytes > 0) std::memset(binding_.workspace(), 0xFF, bytes);
  if (status != CLQ_OK) sdk::fail(status, binding_.problem() == nullptr ? "a queued run ended" : binding_.problem());
}

}  // namespace clq::lazy
