// plugins/fits/images/file_pool.cpp -- the image files that one reader holds open, the least used closed first.
// SPDX-License-Identifier: BSD-3-Clause
#include "images/file_pool.hpp"

#include <algorithm>

#include <sys/resource.h>

namespace clq::fits {

size_t most_open_files(uint32_t n_readers) {
  constexpr rlim_t kMost = 64, kDescriptors = 2;  // a file's own, and cfitsio's where it is compressed
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY) return kMost;
  return std::clamp<rlim_t>(limit.rlim_cur / 2 / kDescriptors / std::max(1U, n_readers), 1, kMost);
}

ImageFile& FilePool::get(const std::string& path, const std::function<std::unique_ptr<ImageFile>()>& open) {
  if (const auto known = by_path_.find(path); known != by_path_.end()) {
    held_.splice(held_.begin(), held_, known->second);
    Held& held = held_.front();
    if (held.round != round_) table::require_unchanged(held.file->identity());
    held.round = round_;
    return *held.file;
  }
  while (held_.size() >= most_) {
    by_path_.erase(held_.back().path);
    held_.pop_back();
  }
  auto file = open();
  held_.push_front({path, std::move(file), round_});
  by_path_.emplace(path, held_.begin());
  return *held_.front().file;
}

}  // namespace clq::fits
