// plugins/csv/table/descriptor.hpp -- an open file, read at offsets.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>
#include <string>

#include "table/file_identity.hpp"

namespace clq::table {

class Descriptor {
 public:
  explicit Descriptor(const FileIdentity& file);
  ~Descriptor();
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;

  // Exactly n bytes; throws CLQ_E_IO with the file's name when they are not there. [any-thread]
  void read_at(void* dst, int64_t n, int64_t offset) const;

 private:
  std::string name_;
  int fd_;
};

}  // namespace clq::table
