// capi/cli/client.cpp -- statuses of the library as exit codes of the program.
// SPDX-License-Identifier: BSD-3-Clause
#include "client.hpp"

#include <filesystem>
#include <system_error>

#include <fmt/format.h>

namespace clq::cli {
namespace {

bool begins_with(const std::string& text, const std::string& path) {
  if (path.empty() || !text.starts_with(path)) return false;
  return text.size() == path.size() || path == "/" || text[path.size()] == ':' || text[path.size()] == '/';
}

// The words begin with what was written: the file, or one in that folder, which a run folder's are by their whole path.
// Anywhere else a short name is in other names.
bool is_about(const std::string& text, std::string output) {
  if (const size_t scheme = output.find("://"); scheme != std::string::npos) output.erase(0, scheme + 3);
  while (output.size() > 1 && output.back() == '/') output.pop_back();
  std::error_code error;
  return begins_with(text, output) ||
         (!output.empty() && begins_with(text, std::filesystem::absolute(output, error).string()));
}

int exit_code_of(clq_status status, const About& about, const std::string& text) {
  const bool names_output = is_about(text, about.output);
  switch (status) {
    case CLQ_E_INVALID:
      return kUsage;
    case CLQ_E_DATA:
      return kInput;
    case CLQ_E_NOT_FOUND:
    case CLQ_E_IO:
      // The library's words name the path: that tells a full run folder from an unreadable catalogue.
      if (names_output) return kWrite;
      return about.command_line ? kUsage : kInput;
    case CLQ_E_ABI:
    case CLQ_E_UNSUPPORTED:
      // A plugin or a suffix that was named on the command line, or data of no known format.
      if (names_output) return kUsage;
      if (about.input) return kInput;
      return about.command_line ? kUsage : kOther;
    case CLQ_E_NOSPACE:
      return kWrite;
    case CLQ_E_DEVICE:
    case CLQ_E_LOST:
    case CLQ_E_NOMEM:
      return kDevice;
    case CLQ_E_INTERNAL:
      return kInternal;
    case CLQ_E_DIVERGED:
      return kDiverged;
    case CLQ_E_PEER:
      return kStopped;
    default:
      return kOther;
  }
}

}  // namespace

std::string cell(const Json& value) {
  if (value.is_null()) return "-";
  if (value.is_number_float()) return fmt::format("{:.6g}", value.get<double>());
  return value.is_string() ? value.get<std::string>() : value.dump();
}

std::string library_error() {
  return text_of([](char* text, int64_t capacity) { return clq_error_text(text, capacity); });
}

clq_status check(int64_t status, const About& about) {
  if (status >= 0) return static_cast<clq_status>(status);
  fail_with(static_cast<clq_status>(status), library_error(), about);
}

void fail_with(clq_status status, const std::string& words, const About& about) {
  throw Failure(exit_code_of(status, about, words), words);
}

}  // namespace clq::cli
