// core/src/train/atomic_file.cpp -- a file that appears whole or not at all.
// SPDX-License-Identifier: BSD-3-Clause
#include "train/atomic_file.hpp"

#include <atomic>
#include <cerrno>
#include <charconv>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <calanque/core/error.hpp>

#include "base/folder_names.hpp"

namespace clq {
namespace {

std::string words(int error) { return std::generic_category().message(error); }

std::string folder_of(const std::string& path) {
  const auto folder = std::filesystem::path(path).parent_path();
  return folder.empty() ? "." : folder.string();
}

// Of the names that this process gave: threads that write to one path at once must not share a temporary file.
std::atomic<int64_t> names_given{0};

struct Owner {
  pid_t pid = 0;        // 0: not the name of a temporary file of this host
  int64_t number = -1;  // of those of that process; -1: it did not count
};

// From the end of "<name>.tmp.<host>.<pid>.<number>"; older libraries gave no number.
Owner owner_of(const std::string& name) {
  const std::string mark = ".tmp." + host_name() + ".";
  const size_t at = name.rfind(mark);
  if (at == std::string::npos) return {};
  Owner owner;
  const char* last = name.data() + name.size();
  std::from_chars_result read = std::from_chars(name.data() + at + mark.size(), last, owner.pid);
  if (read.ec == std::errc{} && read.ptr != last && *read.ptr == '.')
    read = std::from_chars(read.ptr + 1, last, owner.number);
  return read.ec == std::errc{} && read.ptr == last ? owner : Owner{};
}

// Its process is gone. So is one of the past that had this one's id, as in containers: this one has not given the name.
bool is_stale(const Owner& owner) {
  if (owner.pid == getpid()) return owner.number >= names_given.load();
  return owner.pid > 0 && kill(owner.pid, 0) != 0 && errno == ESRCH;
}

}  // namespace

std::string host_name() {
  char name[256] = "host";
  gethostname(name, sizeof name - 1);
  return name;
}

AtomicFile::AtomicFile(const std::string& path, int64_t bytes) : path_(path) {
  check_size_limit(path, bytes);
  struct stat facts {};
  if (lstat(path.c_str(), &facts) == 0) {
    if (S_ISDIR(facts.st_mode)) fail(CLQ_E_IO, "{}: it is a folder", path);
    if (!S_ISREG(facts.st_mode) && !S_ISLNK(facts.st_mode)) fail(CLQ_E_IO, "{}: it is not a regular file", path);
    if (S_ISREG(facts.st_mode)) older_ = {facts.st_mode & 0777, facts.st_gid};
  }
  do {  // what has the name is another's, whether a process of the past or not
    temporary_ = temporary_name(path);
    file_ = open(temporary_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, older_ ? 0600 : 0666);
  } while (file_ < 0 && errno == EEXIST);
  if (file_ < 0) fail_now("cannot be opened", errno);
  if (bytes == 0) return;
  int error = EINTR;
  while (error == EINTR) error = posix_fallocate(file_, 0, bytes);
  if (error != 0 && error != EOPNOTSUPP && error != EINVAL) fail_now("has no room", error);
}

AtomicFile::~AtomicFile() {
  if (file_ >= 0) close(file_);
  if (!temporary_.empty()) unlink(temporary_.c_str());
}

// Called from the constructor too, where no destructor follows.
void AtomicFile::fail_now(const char* what, int error) {
  if (file_ >= 0) close(file_);
  file_ = -1;
  unlink(temporary_.c_str());
  const bool older = access(path_.c_str(), F_OK) == 0;
  fail(write_status(error), "{}: {}: {}{}", path_, what, words(error), older ? "; the older file is kept" : "");
}

void AtomicFile::write(const void* data, int64_t bytes) {
  const char* at = static_cast<const char*>(data);
  while (bytes > 0) {
    const ssize_t done = ::write(file_, at, static_cast<size_t>(bytes));
    if (done < 0 && errno == EINTR) continue;
    if (done < 0) fail_now("cannot be written", errno);
    at += done;
    bytes -= done;
  }
}

// Where the group cannot be that of the older file, its rights are none of another group's.
void AtomicFile::take_mode() {
  struct stat facts {};
  const bool same = fstat(file_, &facts) == 0 && facts.st_gid == older_->group;
  fchmod(file_,
         same || fchown(file_, static_cast<uid_t>(-1), older_->group) == 0 ? older_->mode : older_->mode & ~070u);
}

void AtomicFile::commit(const std::function<void()>& make_way) {
  if (older_) take_mode();
  while (fsync(file_) != 0)
    if (errno != EINTR) fail_now("cannot be synced", errno);
  // Network file systems report a full disk here. After EINTR the descriptor is gone on Linux: no second close.
  if (close(std::exchange(file_, -1)) != 0 && errno != EINTR) fail_now("cannot be closed", errno);
  if (make_way) make_way();
  if (rename(temporary_.c_str(), path_.c_str()) != 0) fail_now("cannot be renamed into place", errno);
  temporary_.clear();
  sync_folder_of(path_);
}

std::string file_to_write(const std::string& path) {
  struct stat facts {};
  std::string file = path;
  if (lstat(path.c_str(), &facts) == 0 && S_ISLNK(facts.st_mode)) {
    const int link = open(path.c_str(), O_PATH | O_CLOEXEC);  // opens nothing, and heeds the rules of shared folders
    if (link < 0) fail(write_status(errno), "{}: the link leads to no file: {}", path, words(errno));
    std::error_code error;
    file = std::filesystem::read_symlink(fmt::format("/proc/self/fd/{}", link), error).string();
    fstat(link, &facts);
    close(link);
    if (error) fail(CLQ_E_IO, "{}: the link cannot be followed: {}", path, error.message());
  }
  if (S_ISREG(facts.st_mode) && (facts.st_mode & 0222) == 0)
    fail(CLQ_E_IO, "{}: it is there and read-only; chmod u+w lets it be replaced", path);
  return file;
}

clq_status write_status(int error) {
  return error == ENOSPC || error == EDQUOT || error == EFBIG ? CLQ_E_NOSPACE : CLQ_E_IO;
}

void check_size_limit(const std::string& path, int64_t bytes) {
  rlimit limit{};
  if (getrlimit(RLIMIT_FSIZE, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY) return;
  if (static_cast<uint64_t>(bytes) > limit.rlim_cur)
    fail(CLQ_E_NOSPACE, "{}: {} bytes are more than the file-size limit of {}", path, bytes, limit.rlim_cur);
}

std::string temporary_name(const std::string& path) {
  return fmt::format("{}.tmp.{}.{}.{}", path, host_name(), getpid(), names_given++);
}

void write_file(const std::string& path, const std::string& text) {
  const auto bytes = static_cast<int64_t>(text.size());
  AtomicFile file(path, bytes);
  file.write(text.data(), bytes);
  file.commit();
}

void sync_folder_of(const std::string& path) {
  const std::string folder = folder_of(path);
  const int handle = open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  const int synced = handle < 0 ? -1 : fsync(handle);
  const int error = errno;
  if (handle >= 0) close(handle);
  // Some network file systems cannot sync a folder; their rename is durable by itself.
  if (synced != 0 && error != EINVAL) fail(CLQ_E_IO, "{}: the folder cannot be synced: {}", folder, words(error));
}

void remove_stale_temporaries(const std::string& folder) {
  std::error_code ignored;
  for (const std::string& name : names_in(folder, ignored))
    if (is_stale(owner_of(name))) ::unlink((std::filesystem::path(folder) / name).c_str());
}

}  // namespace clq
