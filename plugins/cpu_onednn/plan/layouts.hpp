// plugins/cpu_onednn/plan/layouts.hpp -- the formats that this device has met, by number.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <deque>
#include <mutex>

#include "adapter.hpp"
#include "plan/plan.hpp"

namespace clq::onednn {

using LayoutId = uint64_t;  // what clq_state_layout.id carries

inline constexpr LayoutId kUndecided = 0;  // a state that nothing has read yet
using ref::kPlainLayout;                   // row-major, whatever the shape

// Entries stay: a state's layout outlives the program that chose it. [any thread]
class Layouts {
 public:
  LayoutId id_of(const Desc& desc);
  Desc desc(LayoutId id) const;  // of an id other than kPlainLayout; throws when there is none

 private:
  mutable std::mutex mutex_;
  std::deque<Desc> known_;
};

}  // namespace clq::onednn
