// plugins/csv/table/replacement.hpp -- a file that appears whole under its name, or not at all.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include <sys/types.h>

#include <calanque/types.h>

namespace clq::table {

// In bytes: what the file system must have left, and the size to which the process must be allowed to write a file.
struct Need {
  int64_t room = 0, file = 0;
};

// Owns the file `path.tmp.<host>.<pid>` beside `path`, which it creates empty; others fill it. Where the name is a link
// the path is the file that it leads to. The new file has the mode and the group of the old one.
class Replacement {
 public:
  // Throws CLQ_E_NOSPACE when disk or file-size limit do not meet `need`, CLQ_E_IO when the folder is not writable, the
  // path is no regular file, or the temporary file is there already: then it is another's and stays.
  Replacement(const std::string& name, const Need& need);
  ~Replacement();  // removes the temporary file unless committed
  Replacement(const Replacement&) = delete;
  Replacement& operator=(const Replacement&) = delete;

  const std::string& name() const { return name_; }
  const std::string& temporary() const { return temporary_; }

  // fsync, rename, fsync of the folder: only now the file exists under its name.
  void commit();

 private:
  void take_mode() const;
  std::string name_, path_, temporary_;
  struct Older {
    mode_t mode;
    gid_t group;
  };
  std::optional<Older> older_;  // the file that is there
  bool committed_ = false;
};

// The status and words of a failed write: CLQ_E_NOSPACE when disk, quota or file-size limit is used up.
[[noreturn]] void fail_write(const std::string& name, int error_number);

// Throws CLQ_E_NOSPACE where a file of `bytes` is larger than the process may write. To be asked before each write: the
// write itself would send SIGXFSZ, which ends a host that does not ignore it.
void check_size_limit(const std::string& name, int64_t bytes);

}  // namespace clq::table
