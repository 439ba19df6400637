// plugins/csv/table/replacement.cpp -- a file that appears whole under its name, or not at all.
// SPDX-License-Identifier: BSD-3-Clause
#include "table/replacement.hpp"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <calanque/plugin/sdk.hpp>

namespace clq::table {
namespace {

using sdk::fail;

std::string host_name() {
  char text[256] = {};
  return ::gethostname(text, sizeof text - 1) == 0 && text[0] != '\0' ? text : "localhost";
}

void sync(const std::string& path, const std::string& name) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  const int synced = fd < 0 ? -1 : ::fsync(fd);
  const int error_number = errno;
  if (fd >= 0) ::close(fd);
  // Some network file systems cannot sync a folder; the rename itself is still atomic there.
  if (synced != 0 && error_number != EINVAL && error_number != ENOTSUP) fail_write(name, error_number);
}

// The file that a link leads to, as the system follows it; any other path as it is.
std::string behind_link(const std::string& path) {
  struct stat facts {};
  if (::lstat(path.c_str(), &facts) != 0 || !S_ISLNK(facts.st_mode)) return path;
  const int fd = ::open(path.c_str(), O_PATH | O_CLOEXEC);  // opens nothing, and heeds the rules of shared folders
  if (fd < 0) fail(CLQ_E_IO, path + ": the link leads to no file: " + std::strerror(errno));
  std::error_code failed;
  const auto target = std::filesystem::read_symlink("/proc/self/fd/" + std::to_string(fd), failed);
  ::close(fd);
  if (failed) fail(CLQ_E_IO, path + ": the link cannot be followed: " + failed.message());
  return target.string();
}

std::string folder_of(const std::string& path) { return std::filesystem::path(path).parent_path().string(); }

void require_room(const std::string& name, const std::string& folder, int64_t bytes) {
  struct statvfs facts {};
  if (::statvfs(folder.c_str(), &facts) != 0) fail(CLQ_E_IO, name + ": " + folder + ": " + std::strerror(errno));
  const double room = static_cast<double>(facts.f_bavail) * static_cast<double>(facts.f_frsize);
  if (room < static_cast<double>(bytes))
    fail(CLQ_E_NOSPACE, name + ": " + std::to_string(bytes) + " bytes are needed, the file system has " +
                            std::to_string(static_cast<int64_t>(room)) + " left");
}

// Readable by others only when it is whole, where the file that it replaces is there.
void create(const std::string& name, const std::string& temporary, bool replaces) {
  const int fd = ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, replaces ? 0600 : 0666);
  // The same process and name twice: either a second sink on this file or what a dead process of this number left.
  if (fd < 0 && errno == EEXIST) fail(CLQ_E_IO, name + ": is being written already; if not, remove " + temporary);
  if (fd < 0) fail_write(name, errno);
  ::close(fd);
}

}  // namespace

void fail_write(const std::string& name, int error_number) {
  const bool full = error_number == ENOSPC || error_number == EDQUOT || error_number == EFBIG;
  fail(full ? CLQ_E_NOSPACE : CLQ_E_IO, name + ": cannot be written: " + std::strerror(error_number));
}

void check_size_limit(const std::string& name, int64_t bytes) {
  rlimit limit{};
  if (::getrlimit(RLIMIT_FSIZE, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY) return;
  if (static_cast<uint64_t>(bytes) > limit.rlim_cur)
    fail(CLQ_E_NOSPACE, name + ": cannot be written: " + std::to_string(bytes) +
                            " bytes are more than the file-size limit of " + std::to_string(limit.rlim_cur));
}

Replacement::Replacement(const std::string& name, const Need& need) : name_(name) {
  std::error_code failed;
  path_ = std::filesystem::absolute(behind_link(name), failed).string();
  if (failed) fail(CLQ_E_IO, name + ": " + failed.message());
  temporary_ = path_ + ".tmp." + host_name() + "." + std::to_string(::getpid());
  const std::string folder = folder_of(path_);
  // What cannot be asked, a name that is too long for one, is told by the call that writes.
  const auto there = std::filesystem::status(path_, failed);
  if (std::filesystem::is_directory(there)) fail(CLQ_E_IO, name + ": is a folder");
  if (std::filesystem::exists(there) && !std::filesystem::is_regular_file(there))
    fail(CLQ_E_IO, name + ": is not a regular file");
  constexpr auto kWrite =
      std::filesystem::perms::owner_write | std::filesystem::perms::group_write | std::filesystem::perms::others_write;
  if (std::filesystem::exists(there) && (there.permissions() & kWrite) == std::filesystem::perms::none)
    fail(CLQ_E_IO, name + ": is there and read-only; chmod u+w lets it be replaced");
  if (::access(folder.c_str(), W_OK) != 0) fail(CLQ_E_IO, name + ": " + folder + ": " + std::strerror(errno));
  check_size_limit(name, need.file);
  require_room(name, folder, need.room);
  struct stat facts {};
  if (std::filesystem::exists(there) && ::stat(path_.c_str(), &facts) == 0)
    older_ = {facts.st_mode & 0777, facts.st_gid};
  create(name, temporary_, older_.has_value());
}

Replacement::~Replacement() {
  if (!committed_) ::unlink(temporary_.c_str());
}

// Where the group cannot be that of the older file, its rights are none of another group's.
void Replacement::take_mode() const {
  struct stat facts {};
  const bool same = ::stat(temporary_.c_str(), &facts) == 0 && facts.st_gid == older_->group;
  const bool may = same || ::chown(temporary_.c_str(), static_cast<uid_t>(-1), older_->group) == 0;
  ::chmod(temporary_.c_str(), may ? older_->mode : older_->mode & ~070u);
}

void Replacement::commit() {
  if (older_) take_mode();
  sync(temporary_, name_);
  if (std::rename(temporary_.c_str(), path_.c_str()) != 0) fail_write(name_, errno);
  committed_ = true;
  sync(folder_of(path_), name_);
}

}  // namespace clq::table
