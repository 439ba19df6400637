// core/src/base/folder_names.cpp
// SPDX-License-Identifier: BSD-3-Clause
#include "base/folder_names.hpp"

#include <algorithm>
#include <cerrno>
#include <memory>

#include <dirent.h>

namespace clq {
namespace {

struct CloseFolder {
  void operator()(DIR* folder) const { closedir(folder); }
};

}  // namespace

std::vector<std::string> names_in(const std::string& folder, std::error_code& failed) {
  const std::unique_ptr<DIR, CloseFolder> opened(opendir(folder.c_str()));
  std::vector<std::string> names;
  errno = opened ? 0 : errno;
  while (const dirent* entry = opened ? readdir(opened.get()) : nullptr) {
    const std::string name = entry->d_name;
    if (name != "." && name != "..") names.push_back(name);
    errno = 0;
  }
  failed.assign(errno, std::generic_category());
  if (failed) names.clear();
  std::sort(names.begin(), names.end());
  return names;
}

}  // namespace clq
