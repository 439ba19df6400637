// plugins/csv/table/file_identity.cpp -- which file was opened, so that a change in mid-run is noticed.
// SPDX-License-Identifier: BSD-3-Clause
#include "table/file_identity.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <string_view>

#include <fcntl.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include <calanque/plugin/sdk.hpp>

#include "table/descriptor.hpp"

namespace clq::table {
namespace {

using sdk::fail;

std::string absolute(const std::string& name) {
  std::error_code error;
  const auto path = std::filesystem::absolute(name, error);
  if (error) fail(CLQ_E_IO, name + ": " + error.message());
  return path.lexically_normal().string();
}

void fill(FileIdentity& file, const struct stat& facts) {
  file.size = facts.st_size;
  file.mtime_ns = facts.st_mtim.tv_sec * int64_t{1000000000} + facts.st_mtim.tv_nsec;
  file.device = facts.st_dev;
  file.inode = facts.st_ino;
}

std::string read_head(const FileIdentity& file) {
  char bytes[16];
  const int64_t n = std::min<int64_t>(file.size, sizeof bytes);
  Descriptor(file).read_at(bytes, n, 0);
  return {bytes, static_cast<size_t>(n)};
}

bool is_compressed(std::string_view head) {
  for (const std::string_view magic : {"\x1f\x8b", "\x1f\x9d", "BZ", "PK"})
    if (head.substr(0, 2) == magic) return true;
  return head.substr(0, 6) == std::string_view(
                                  "\xfd"
                                  "7zXZ\0",
                                  6);
}

}  // namespace

std::string FileIdentity::base_name() const { return std::filesystem::path(path).filename().string(); }

std::string path_of(const std::string& uri, const std::string& scheme) {
  const std::string prefix = scheme + "://";
  return uri.rfind(prefix, 0) == 0 ? uri.substr(prefix.size()) : uri;
}

FileIdentity inspect(const std::string& name, const std::string& advice) {
  FileIdentity file;
  file.name = name;
  if (name.empty()) fail(CLQ_E_NOT_FOUND, "the file name is empty");
  file.path = absolute(name);
  struct stat facts {};
  if (::stat(file.path.c_str(), &facts) != 0) {
    const int error = errno;
    const bool absent = error == ENOENT || error == ENOTDIR, leads_nowhere = error == ELOOP || error == ENAMETOOLONG;
    const bool bracket = absent && name.back() == ']';
    // In words of its own, which no locale translates: a scan tells a missing file by them.
    const std::string words = absent ? "No such file or directory" : std::strerror(error);
    fail(absent || leads_nowhere ? CLQ_E_NOT_FOUND : CLQ_E_IO,
         name + ": " + words + (bracket ? "; name the HDU by hdu, not in brackets" : ""));
  }
  if (!S_ISREG(facts.st_mode)) fail(CLQ_E_DATA, name + ": is not a regular file");
  fill(file, facts);
  file.head = read_head(file);
  if (is_compressed(file.head)) fail(CLQ_E_DATA, name + ": compressed file; " + advice);
  return file;
}

std::string first_bytes(const std::string& path, size_t n) {
  struct stat facts {};
  if (::stat(path.c_str(), &facts) != 0 || !S_ISREG(facts.st_mode)) return {};  // a pipe would wait for its writer
  const int fd = ::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
  if (fd < 0) return {};
  std::string bytes(n, '\0');
  const ssize_t got = ::pread(fd, bytes.data(), n, 0);
  ::close(fd);
  bytes.resize(got > 0 ? static_cast<size_t>(got) : 0);
  return bytes;
}

void require_unchanged(const FileIdentity& file) {
  struct stat facts {};
  if (::stat(file.path.c_str(), &facts) != 0) fail(CLQ_E_IO, file.name + ": " + std::strerror(errno));
  FileIdentity now = file;
  fill(now, facts);
  if (now.size == file.size && now.mtime_ns == file.mtime_ns && now.inode == file.inode && now.device == file.device)
    return;
  fail(CLQ_E_IO, file.name + ": the file changed since it was opened (" + std::to_string(file.size) + " bytes then, " +
                     std::to_string(now.size) + " now)");
}

bool has_suffix(const std::string& name, const std::string& suffix) {
  return name.size() >= suffix.size() &&
         ::strcasecmp(name.c_str() + (name.size() - suffix.size()), suffix.c_str()) == 0;
}

}  // namespace clq::table
