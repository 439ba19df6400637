// plugins/cpu_onednn/plan/layouts.cpp
// SPDX-License-Identifier: BSD-3-Clause
#include "plan/layouts.hpp"

namespace clq::onednn {

LayoutId Layouts::id_of(const Desc& desc) {
  if (desc == plain_like(desc)) return kPlainLayout;
  const std::lock_guard lock(mutex_);
  for (size_t i = 0; i < known_.size(); ++i)
    if (known_[i] == desc) return kPlainLayout + 1 + i;
  known_.push_back(desc);
  return kPlainLayout + known_.size();
}

Desc Layouts::desc(LayoutId id) const {
  const std::lock_guard lock(mutex_);
  if (id <= kPlainLayout || id - kPlainLayout > known_.size())
    sdk::fail(CLQ_E_UNSUPPORTED, "there is no state layout " + std::to_string(id) + " on this device");
  return known_[id - kPlainLayout - 1];
}

}  // namespace clq::onednn
