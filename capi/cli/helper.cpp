// capi/cli/helper.cpp -- programs that this one starts, found from where it lies itself.
// SPDX-License-Identifier: BSD-3-Clause
#include "helper.hpp"

#include <fmt/format.h>

#include "client.hpp"

namespace clq::cli {

namespace fs = std::filesystem;

fs::path program_file() {
  std::error_code failed;
  const fs::path program = fs::read_symlink("/proc/self/exe", failed);
  if (failed) throw Failure(kInternal, "/proc/self/exe: cannot be read, so no helper can be found");
  return program;
}

fs::path helper_file(const char* relative) {
  const fs::path helper = program_file().parent_path().parent_path() / relative;
  std::error_code failed;
  if (!fs::exists(helper, failed))
    throw Failure(kDevice, fmt::format("{}: is not there, install Calanque again", helper.string()));
  return helper;
}

}  // namespace clq::cli
