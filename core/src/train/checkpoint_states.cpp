// core/src/train/checkpoint_states.cpp -- which states a checkpoint keeps, and that it has them all.
// SPDX-License-Identifier: BSD-3-Clause
#include "train/checkpoint_states.hpp"

#include <algorithm>
#include <iterator>

namespace clq {
namespace {

constexpr std::string_view kSince[] = {"train.skipped_steps"};  // older checkpoints have none: they begin at 0

void require_state(const std::string& name, const TensorDesc& wanted, const std::map<std::string, Tensor>& checkpoint) {
  const auto at = checkpoint.find(name);
  if (at == checkpoint.end() && std::find(std::begin(kSince), std::end(kSince), name) != std::end(kSince)) return;
  if (at == checkpoint.end()) fail(CLQ_E_DATA, "the checkpoint lacks the state '{}' of this run", name);
  const TensorDesc& kept = at->second.desc();
  if (kept != wanted)
    fail(CLQ_E_DATA, "state '{}' of the checkpoint is {} {}, this run needs {} {}", name, dtype_name(kept.dtype),
         to_string(kept.dims), dtype_name(wanted.dtype), to_string(wanted.dims));
}

}  // namespace

bool is_kept_state(const std::string& name) { return !name.starts_with("metric.") && !name.starts_with("grad."); }

void require_states(StateStore& run, const std::map<std::string, Tensor>& model, bool has_best,
                    const std::map<std::string, Tensor>& checkpoint) {
  std::map<std::string, TensorDesc> wanted;
  for (const std::string& name : run.names())
    if (is_kept_state(name)) wanted.emplace(name, run.require(name).desc);
  if (has_best)
    for (const auto& [name, tensor] : model) wanted.emplace(std::string(kBestState) + name, tensor.desc());
  for (const auto& [name, desc] : wanted) require_state(name, desc, checkpoint);
  for (const auto& [name, tensor] : checkpoint)
    if (!wanted.contains(name)) fail(CLQ_E_DATA, "the checkpoint has a state '{}', which this run does not", name);
}

}  // namespace clq
