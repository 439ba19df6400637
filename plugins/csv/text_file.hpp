// plugins/csv/text_file.hpp -- the two files of a sink: raw rows that wait, and the text that is written at the end.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace clq::csv {

// A file without a name beside the output: it is gone when the process is. Errors name the output.
class Spool {
 public:
  Spool(const std::string& beside, const std::string& name);
  ~Spool();
  Spool(const Spool&) = delete;
  Spool& operator=(const Spool&) = delete;

  void write_at(const void* src, int64_t n, int64_t offset);
  void read_at(void* dst, int64_t n, int64_t offset) const;

 private:
  std::string name_;
  int fd_;
};

class TextFile {
 public:
  // Opens `path`, which must exist, and empties it; errors name `name`.
  TextFile(const std::string& path, const std::string& name);
  ~TextFile();
  TextFile(const TextFile&) = delete;
  TextFile& operator=(const TextFile&) = delete;

  void append(std::string_view text);
  void close();  // throws when the system kept a write error until now

 private:
  std::string name_;
  int fd_;
  int64_t size_ = 0;
};

}  // namespace clq::csv
