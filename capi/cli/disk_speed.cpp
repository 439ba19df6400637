// capi/cli/disk_speed.cpp -- how fast a folder is written and read.
// SPDX-License-Identifier: BSD-3-Clause
#include "disk_speed.hpp"

#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <vector>

#include <fmt/format.h>
#include <fcntl.h>
#include <unistd.h>

namespace clq::cli {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

constexpr size_t kBlock = 1 << 20;
constexpr int kBlocks = 64;

double rate_since(Clock::time_point begin) {
  return static_cast<double>(kBlock) * kBlocks / std::chrono::duration<double>(Clock::now() - begin).count();
}

class ScratchFile {  // has no name any more
 public:
  explicit ScratchFile(const fs::path& folder) {
    std::string name = (folder / ".clq-doctor-XXXXXX").string();
    fd_ = ::mkostemp(name.data(), O_CLOEXEC);
    if (fd_ < 0) fail("a file cannot be made");
    ::unlink(name.c_str());
  }
  ~ScratchFile() { ::close(fd_); }
  ScratchFile(const ScratchFile&) = delete;
  ScratchFile& operator=(const ScratchFile&) = delete;

  double write(std::vector<char>& block) {
    const auto begin = Clock::now();
    for (int i = 0; i < kBlocks; ++i)
      for (size_t done = 0; done < block.size();) done += moved(::write(fd_, block.data() + done, block.size() - done), "write");
    if (::fsync(fd_) != 0) fail("fsync");
    return rate_since(begin);
  }

  double read(std::vector<char>& block) {
    ::posix_fadvise(fd_, 0, 0, POSIX_FADV_DONTNEED);
    const auto begin = Clock::now();
    for (int i = 0; i < kBlocks; ++i)
      for (size_t done = 0; done < block.size();)
        done += moved(::pread(fd_, block.data() + done, block.size() - done,
                              static_cast<off_t>(static_cast<size_t>(i) * block.size() + done)),
                      "read");
    return rate_since(begin);
  }

 private:
  [[noreturn]] static void fail(const char* what) {
    throw std::runtime_error(fmt::format("{}: {}", what, std::strerror(errno)));
  }
  static size_t moved(ssize_t n, const char* what) {
    if (n > 0) return static_cast<size_t>(n);
    if (n < 0 && errno == EINTR) return 0;
    if (n == 0) errno = EIO;
    fail(what);
  }
  int fd_;
};

}  // namespace

Json disk_speed(const std::string& folder) {
  std::error_code failed;
  const fs::path place = fs::absolute(folder.empty() ? "." : folder, failed).lexically_normal();
  Json facts = {{"folder", place.string()}};
  try {
    facts["free"] = fs::space(place).available;
    std::vector<char> block(kBlock);
    uint32_t noise = 1;
    for (char& byte : block) byte = static_cast<char>((noise = noise * 1664525u + 1013904223u) >> 24);  // packs badly
    ScratchFile file(place);
    facts["write"] = file.write(block);
    facts["read"] = file.read(block);
  } catch (const fs::filesystem_error& e) {
    facts["problem"] = e.code().message();
  } catch (const std::runtime_error& e) {
    facts["problem"] = e.what();
  }
  return facts;
}

}  // namespace clq::cli
