// core/src/runtime/plugin_files.cpp -- which files may be plugins, who may write them, where the library lies.
// SPDX-License-Identifier: BSD-3-Clause
#include "runtime/plugin_library.hpp"

#include <charconv>
#include <fstream>

#include <dlfcn.h>
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <calanque/core/error.hpp>

#include "base/folder_names.hpp"

namespace clq {
namespace fs = std::filesystem;
namespace {

#if defined(__APPLE__)
constexpr const char* kSuffix = ".dylib";
#else
constexpr const char* kSuffix = ".so";
#endif

std::string writable_by_all(const fs::path& path, const char* what) {
  struct stat info {};
  if (stat(path.c_str(), &info) != 0) return {};
  if ((info.st_mode & S_IWOTH) == 0) return {};  // in a sticky folder, too, everyone may put a file
  return fmt::format("{} is writable by everyone (chmod o-w {})", what, path.string());
}

// Before dladdr, which gives the name that the library was opened by: relative to a folder that the host may have left.
fs::path mapped_file(uintptr_t address) {
  std::ifstream maps("/proc/self/maps");
  for (std::string line; std::getline(maps, line);) {
    uintptr_t first = 0, end = 0;
    const char* last = line.data() + line.size();
    const auto low = std::from_chars(line.data(), last, first, 16);
    if (low.ec != std::errc{} || std::from_chars(low.ptr + 1, last, end, 16).ec != std::errc{}) continue;
    if (address >= first && address < end && line.find('/') != std::string::npos) return line.substr(line.find('/'));
  }
  return {};
}

std::string user_name(uid_t uid) {
  char text[1024];
  passwd entry{};
  passwd* found = nullptr;
  if (getpwuid_r(uid, &entry, text, sizeof text, &found) != 0 || found == nullptr) return fmt::format("uid {}", uid);
  return found->pw_name;
}

}  // namespace

std::string plugin_pattern() { return fmt::format("clq_*{}", kSuffix); }

std::vector<fs::path> plugin_files(const fs::path& folder) {
  std::error_code failed;
  std::vector<fs::path> files;
  for (const std::string& name : names_in(folder.string(), failed))
    if (name.starts_with("clq_") && name.ends_with(kSuffix)) files.push_back(folder / name);
  if (failed) throw fs::filesystem_error("cannot be read", folder, failed);
  return files;
}

fs::path whole_path(const fs::path& path) {
  std::error_code failed;
  const fs::path whole = fs::absolute(path, failed);
  if (failed) fail(CLQ_E_NOT_FOUND, "{}: the current folder cannot be found: {}", path.string(), failed.message());
  return whole.lexically_normal();
}

bool is_folder(const fs::path& place) {
  std::error_code failed;
  const fs::file_status status = fs::status(place, failed);
  if (status.type() == fs::file_type::not_found) fail(CLQ_E_NOT_FOUND, "there is no such file or folder");
  if (!fs::exists(status)) fail(CLQ_E_IO, "{}", failed.message());  // links in a circle, a folder with no way in
  return fs::is_directory(status);
}

std::string refuse_permissions(const fs::path& path) {
  std::error_code ignored;
  if (fs::is_directory(path, ignored)) return writable_by_all(path, "the folder");
  std::string why = writable_by_all(path, "the file");
  if (why.empty()) why = writable_by_all(path.parent_path(), "its folder");
  const fs::path real = fs::canonical(path, ignored);  // a link is as safe as what it points to
  if (why.empty() && !ignored) why = writable_by_all(real.parent_path(), "its folder");
  return why;
}

std::string foreign_owner(const fs::path& file) {
  struct stat info {};
  if (stat(file.c_str(), &info) != 0 || info.st_uid == 0 || info.st_uid == geteuid()) return {};
  return user_name(info.st_uid);
}

fs::path library_folder() {
  fs::path file = mapped_file(reinterpret_cast<uintptr_t>(&library_folder));
  std::error_code failed;
  Dl_info info{};
  if (file.empty() && dladdr(reinterpret_cast<const void*>(&library_folder), &info) != 0 && info.dli_fname != nullptr)
    file = fs::canonical(info.dli_fname, failed);
  if (file.empty() || failed) fail(CLQ_E_INTERNAL, "the place of the library cannot be found");
  return file.parent_path();
}

}  // namespace clq
