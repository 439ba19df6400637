// core/src/train/folder_lock.hpp -- one training at a time in a run folder.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <string>

#include <sys/types.h>

namespace clq {

// Held on the folder while this lives; a kill lets it go, also while a forked child lives: it has no part in it.
class FolderLock {
 public:
  explicit FolderLock(const std::string& folder);  // CLQ_E_INVALID while another one holds it
  FolderLock(const FolderLock&) = delete;
  FolderLock& operator=(const FolderLock&) = delete;
  ~FolderLock();
  bool is_ours() const noexcept;                            // not in a forked child
  bool is_named(const std::string& folder) const noexcept;  // the folder is the one that was locked
  // CLQ_E_IO where the name is another folder's by now, or nobody's: what is written by it would be in the wrong place.
  void require_named(const std::string& folder) const;

 private:
  int folder_;
  pid_t owner_;
};

}  // namespace clq
