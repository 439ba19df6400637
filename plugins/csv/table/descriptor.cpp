// plugins/csv/table/descriptor.cpp -- an open file, read at offsets.
// SPDX-License-Identifier: BSD-3-Clause
#include "table/descriptor.hpp"

#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <unistd.h>

#include <calanque/plugin/sdk.hpp>

namespace clq::table {

Descriptor::Descriptor(const FileIdentity& file)
    : name_(file.name), fd_(::open(file.path.c_str(), O_RDONLY | O_CLOEXEC)) {
  if (fd_ < 0) sdk::fail(CLQ_E_IO, name_ + ": " + std::strerror(errno));
}

Descriptor::~Descriptor() { ::close(fd_); }

void Descriptor::read_at(void* dst, int64_t n, int64_t offset) const {
  for (int64_t done = 0; done < n;) {
    const ssize_t got = ::pread(fd_, static_cast<char*>(dst) + done, static_cast<size_t>(n - done), offset + done);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) sdk::fail(CLQ_E_IO, name_ + ": " + std::strerror(errno));
    if (got == 0) sdk::fail(CLQ_E_IO, name_ + ": ends at byte " + std::to_string(offset + done));
    done += got;
  }
}

}  // namespace clq::table
