// plugins/csv/table/replacement.hpp -- a file that appears whole under its name, or not at all.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>
#include <string>

#include <calanque/types.h>

namespace clq::table {

// Owns the file `path.tmp.<host>.<pid>` beside `path`, which it creates empty; others fill it.
class Replacement {
 public:
  // Throws CLQ_E_NOSPACE when the file system has not `expected_bytes` left, CLQ_E_IO when the folder is not writable
  // or the temporary file is there already: then it is another's and stays.
  Replacement(const std::string& name, int64_t expected_bytes);
  ~Replacement();  // removes the temporary file unless committed
  Replacement(const Replacement&) = delete;
  Replacement& operator=(const Replacement&) = delete;

  const std::string& name() const { return name_; }
  const std::string& temporary() const { return temporary_; }

  // fsync, rename, fsync of the folder: only now the file exists under its name.
  void commit();

 private:
  std::string name_, path_, temporary_;
  bool committed_ = false;
};

// The status and words of a failed write: CLQ_E_NOSPACE when disk, quota or file-size limit is used up.
[[noreturn]] void fail_write(const std::string& name, int error_number);

}  // namespace clq::table
