// core/src/config/text_file.cpp
// SPDX-License-Identifier: BSD-3-Clause
#include "config/text_file.hpp"

#include <array>
#include <filesystem>
#include <fstream>

#include <calanque/core/error.hpp>

namespace clq {
namespace {

constexpr size_t kLargestFile = 16u << 20;

}  // namespace

// Bounded, for a pipe or a device has no size to ask for; istream::read turns an error of the device into badbit.
std::string read_text_file(const std::string& path, const char* what) {
  std::error_code ignored;
  const auto status = std::filesystem::status(path, ignored);
  if (!std::filesystem::exists(status)) fail(CLQ_E_NOT_FOUND, "{}: no such file", path);
  if (std::filesystem::is_directory(status)) fail(CLQ_E_IO, "{} is a folder, {} is wanted", path, what);
  std::ifstream in(path, std::ios::binary);
  std::string text;
  std::array<char, 65536> chunk;
  while (in.read(chunk.data(), chunk.size()), in.gcount() > 0) {
    text.append(chunk.data(), static_cast<size_t>(in.gcount()));
    if (text.size() > kLargestFile)
      fail(CLQ_E_INVALID, "{} has more than {} bytes, no{} is that long", path, kLargestFile, what + 1);
  }
  if (text.starts_with("SIMPLE  =")) fail(CLQ_E_INVALID, "{} is a FITS file, {} is wanted", path, what);
  if (in.bad() || !in.is_open()) fail(CLQ_E_IO, "{} cannot be read", path);
  return text;
}

}  // namespace clq
