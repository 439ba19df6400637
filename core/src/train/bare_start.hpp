// core/src/train/bare_start.hpp -- what a training may begin anew over: what a start left that got to no checkpoint.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <string>

namespace clq {

inline constexpr const char* kStopped = "stopped";  // as end_reason in run.json, which then has a checkpoint

// A new training empties or writes over files of a run's names: CLQ_E_INVALID where there are others than a start left
// that was cut short before it had a model or a checkpoint. Other files are the owner's affair. True: there are none.
bool require_new_run(const std::string& folder);
// Without a checkpoint a run begins again, over its own files: CLQ_E_INVALID where run.json does not tell of such a
// one.
void require_bare_start(const std::string& folder);

}  // namespace clq
