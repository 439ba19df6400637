// plugins/csv/table/descriptor.hpp -- an open file, read at offsets.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>
#include <string>

#include <calanque/plugin/entry.h>

#include "table/file_identity.hpp"

namespace clq::table {

// Of a file that cannot be opened: CLQ_E_DATA where another would open (a loop of links, a name too long, no
// permission), else CLQ_E_IO.
clq_status open_status(int error_number);

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
