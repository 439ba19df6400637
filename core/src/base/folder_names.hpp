// core/src/base/folder_names.hpp -- what is in a folder.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <string>
#include <system_error>
#include <vector>

namespace clq {

// The names in a folder, sorted, without . and ..; `failed` says why there are none. In place of
// std::filesystem::directory_iterator, which ends the process where it gets no memory.
std::vector<std::string> names_in(const std::string& folder, std::error_code& failed);

}  // namespace clq
