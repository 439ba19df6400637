// core/src/train/folder_lock.cpp -- one training at a time in a run folder.
// SPDX-License-Identifier: BSD-3-Clause
#include "train/folder_lock.hpp"

#include <cerrno>
#include <mutex>
#include <system_error>
#include <vector>

#include <fcntl.h>
#include <pthread.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <calanque/plugin/entry.h>
#include <calanque/core/error.hpp>

#include "runtime/log.hpp"

namespace clq {
namespace {

// A lock lasts while any copy of its descriptor is open, so a forked child closes those that it gets.
class LockedFolders {
 public:
  LockedFolders() {
    ::pthread_atfork([] { all().mutex_.lock(); }, [] { all().mutex_.unlock(); },
                     [] { all().forget(), all().mutex_.unlock(); });
  }
  // Leaked: a fork may come while static destructors run.
  static LockedFolders& all() {
    static LockedFolders& folders = *new LockedFolders;
    return folders;
  }
  int open(const std::string& folder, int& lock_error) {
    const std::lock_guard no_fork(mutex_);
    descriptors_.reserve(descriptors_.size() + 1);  // what is open is in the list
    const int descriptor = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (descriptor < 0) fail(CLQ_E_IO, "{}: {}", folder, std::generic_category().message(errno));
    lock_error = ::flock(descriptor, LOCK_EX | LOCK_NB) == 0 ? 0 : errno;
    descriptors_.push_back(descriptor);
    return descriptor;
  }
  void close(int descriptor) noexcept {
    const std::lock_guard no_fork(mutex_);
    ::flock(descriptor, LOCK_UN);  // at once, also where a process has a copy that it got without the handlers
    ::close(descriptor);
    std::erase(descriptors_, descriptor);
  }

 private:
  void forget() noexcept {
    for (const int descriptor : descriptors_) ::close(descriptor);
    descriptors_.clear();
  }
  std::mutex mutex_;
  std::vector<int> descriptors_;
};

}  // namespace

// Where a file system knows no locks, the log says so.
FolderLock::FolderLock(const std::string& folder) : owner_(::getpid()) {
  int error = 0;
  folder_ = LockedFolders::all().open(folder, error);
  if (error == 0) return;
  if (error == EWOULDBLOCK) {
    LockedFolders::all().close(folder_);
    fail(CLQ_E_INVALID, "{}: another training is at work in this run folder", folder);
  }
  log_line(CLQ_LOG_WARNING,
           fmt::format("{}: not locked against a second training: {}", folder, std::generic_category().message(error)));
}

bool FolderLock::is_ours() const noexcept { return owner_ == ::getpid(); }

// True in a forked child, which has no part in the lock and writes nothing.
bool FolderLock::is_named(const std::string& folder) const noexcept {
  struct stat mine = {}, named = {};
  if (!is_ours() || ::fstat(folder_, &mine) != 0) return true;
  return ::stat(folder.c_str(), &named) == 0 && mine.st_dev == named.st_dev && mine.st_ino == named.st_ino;
}

void FolderLock::require_named(const std::string& folder) const {
  if (!is_named(folder))
    fail(CLQ_E_IO, "{}: is not the folder any more in which this run began, nothing more is written", folder);
}

FolderLock::~FolderLock() {
  if (is_ours()) LockedFolders::all().close(folder_);
}

}  // namespace clq
