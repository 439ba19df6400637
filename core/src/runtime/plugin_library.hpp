// core/src/runtime/plugin_library.hpp -- one plugin file opened; its implementation alone includes Boost.DLL.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include <calanque/plugin/entry.h>

namespace clq {

struct OpenedPlugin {
  const clq_plugin_entry* entry = nullptr;  // nullptr when `problem` says why
  std::string problem;
};

// Never throws for a bad file and never unloads. Nothing of the plugin has run but its constructors. [any-thread]
OpenedPlugin open_plugin(const std::filesystem::path& file);
// clq_*.so files of a folder, sorted; a file or a folder that everyone may write to, /tmp for one, is refused.
std::string plugin_pattern();  // "clq_*.so"
std::vector<std::filesystem::path> plugin_files(const std::filesystem::path& folder);
// Absolute and plain. Throws where the folder in which this process stands has been taken away.
std::filesystem::path whole_path(const std::filesystem::path& path);
bool is_folder(const std::filesystem::path& place);  // throws where there is nothing, or nothing that can be told
std::string refuse_permissions(const std::filesystem::path& path);  // a file or a folder: "" or why
std::string foreign_owner(const std::filesystem::path& file);       // "" when root or this user owns it, or a name
std::filesystem::path library_folder();                             // where the code of the core lives

}  // namespace clq
