// core/src/train/memory.cpp -- the most memory that a run takes, part by part, said before it starts.
// SPDX-License-Identifier: BSD-3-Clause
#include "train/memory.hpp"

#include <algorithm>
#include <fstream>
#include <string_view>

#include <fmt/format.h>

namespace clq {
namespace {

constexpr int64_t kReaderBytes = 1 << 20;
constexpr int64_t kMostObjectBytes = int64_t{1} << 40;  // of metadata that may say anything

std::string megabytes(int64_t bytes) { return fmt::format("{:.3f} MB", static_cast<double>(bytes) / 1e6); }

// A line of /proc/self/status in bytes; 0 where the system does not say.
int64_t status_bytes(std::string_view line) {
  std::ifstream status("/proc/self/status");
  for (std::string word; status >> word;) {
    int64_t kilobytes = 0;
    if (word == line && status >> kilobytes) return 1024 * kilobytes;
  }
  return 0;
}

}  // namespace

Resident resident_now() { return {status_bytes("VmHWM:"), status_bytes("VmRSS:")}; }

int64_t reader_bytes(const Json& metadata) {
  const Json images = metadata.is_object() ? metadata.value("images", Json()) : Json();
  const Json object = images.is_object() ? images.value("object_bytes", Json()) : Json();
  if (!object.is_number_integer()) return kReaderBytes;
  return std::max(kReaderBytes, 2 * std::clamp<int64_t>(object.get<int64_t>(), 0, kMostObjectBytes));
}

int64_t MemoryBound::total() const {
  int64_t bytes = 0;
  for (const auto& [part, size] : parts_) bytes += size;
  return bytes;
}

std::string MemoryBound::text() const {
  std::string text;
  for (const auto& [part, size] : parts_)
    if (size > 0) text += fmt::format("{}{} {}", text.empty() ? "" : ", ", part, megabytes(size));
  return fmt::format("memory of the run at most {}: {}", megabytes(total()), text);
}

Json MemoryBound::json() const {
  Json json = {{"bytes", total()}};
  for (const auto& [part, size] : parts_) json["parts"][part] = size;
  return json;
}

}  // namespace clq
