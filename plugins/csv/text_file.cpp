// plugins/csv/text_file.cpp -- the two files of a sink: raw rows that wait, and the text that is written at the end.
// SPDX-License-Identifier: BSD-3-Clause
#include "text_file.hpp"

#include <cerrno>
#include <cstdlib>
#include <utility>

#include <fcntl.h>
#include <unistd.h>

#include "table/replacement.hpp"

namespace clq::csv {
namespace {

int open_nameless(const std::string& beside, const std::string& name) {
  std::string path = beside + ".rows.XXXXXX";
  const int fd = ::mkostemp(path.data(), O_CLOEXEC);
  if (fd < 0) table::fail_write(name, errno);
  ::unlink(path.c_str());
  return fd;
}

void write_all(int fd, const char* src, int64_t n, int64_t offset, const std::string& name) {
  for (int64_t done = 0; done < n;) {
    const ssize_t put = ::pwrite(fd, src + done, static_cast<size_t>(n - done), offset + done);
    if (put < 0 && errno == EINTR) continue;
    if (put <= 0) table::fail_write(name, put < 0 ? errno : ENOSPC);
    done += put;
  }
}

}  // namespace

Spool::Spool(const std::string& beside, const std::string& name) : name_(name), fd_(open_nameless(beside, name)) {}

Spool::~Spool() { ::close(fd_); }

void Spool::write_at(const void* src, int64_t n, int64_t offset) {
  table::check_size_limit(name_, offset + n);
  write_all(fd_, static_cast<const char*>(src), n, offset, name_);
}

void Spool::read_at(void* dst, int64_t n, int64_t offset) const {
  for (int64_t done = 0; done < n;) {
    const ssize_t got = ::pread(fd_, static_cast<char*>(dst) + done, static_cast<size_t>(n - done), offset + done);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) table::fail_write(name_, got < 0 ? errno : EIO);
    done += got;
  }
}

TextFile::TextFile(const std::string& path, const std::string& name)
    : name_(name), fd_(::open(path.c_str(), O_WRONLY | O_TRUNC | O_APPEND | O_CLOEXEC)) {
  if (fd_ < 0) table::fail_write(name, errno);
}

TextFile::~TextFile() {
  if (fd_ >= 0) ::close(fd_);
}

void TextFile::append(std::string_view text) {
  size_ += static_cast<int64_t>(text.size());
  table::check_size_limit(name_, size_);
  while (!text.empty()) {
    const ssize_t put = ::write(fd_, text.data(), text.size());
    if (put < 0 && errno == EINTR) continue;
    if (put <= 0) table::fail_write(name_, put < 0 ? errno : ENOSPC);
    text.remove_prefix(static_cast<size_t>(put));
  }
}

void TextFile::close() {
  if (::close(std::exchange(fd_, -1)) != 0) table::fail_write(name_, errno);
}

}  // namespace clq::csv
