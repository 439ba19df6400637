// core/src/train/atomic_file.hpp -- a file that appears whole or not at all.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include <sys/types.h>

#include <calanque/types.h>

namespace clq {

// path.tmp.<host>.<pid>.<number> in the same folder, which no other has; commit: fsync, close, rename, fsync of the
// folder. Without commit nothing of it stays and the old file is as it was. The new one has the mode and the group of
// the old one; a link is replaced, what is neither, as a device, is refused. CLQ_E_NOSPACE or CLQ_E_IO with the path.
class AtomicFile {
 public:
  AtomicFile(const std::string& path, int64_t bytes);  // the bytes that will be written: asked for first
  ~AtomicFile();
  AtomicFile(const AtomicFile&) = delete;
  AtomicFile& operator=(const AtomicFile&) = delete;
  void write(const void* data, int64_t bytes);
  // make_way: called when the whole file is on the disk, in front of the rename.
  void commit(const std::function<void()>& make_way = {});

 private:
  void take_mode();
  [[noreturn]] void fail_now(const char* what, int error);
  std::string path_, temporary_;
  int file_ = -1;
  struct Older {
    mode_t mode;
    gid_t group;
  };
  std::optional<Older> older_;  // the file that is there
};

// For a path that the host gave: the file that a link leads to, as the system follows it; any other path as it is.
// CLQ_E_IO where it leads to none, and where the file is read-only.
std::string file_to_write(const std::string& path);
// CLQ_E_NOSPACE or CLQ_E_IO, by errno.
clq_status write_status(int error);
// Throws where the file would be larger than the process may write: the write would send SIGXFSZ, which ends the host.
void check_size_limit(const std::string& path, int64_t bytes);
std::string host_name();
// path.tmp.<host>.<pid>.<number>, another one each time
std::string temporary_name(const std::string& path);
void write_file(const std::string& path, const std::string& text);  // atomically
void sync_folder_of(const std::string& path);
// Removes temporary files whose process on this host is gone.
void remove_stale_temporaries(const std::string& folder);

}  // namespace clq
