// tests/core/train/run_folder_fixture.hpp -- a run folder that goes away with its test.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include <gtest/gtest.h>
#include <unistd.h>

#include "train/run_folder.hpp"

namespace clq {

namespace fs = std::filesystem;

inline std::string text_of(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

class RunFolderTest : public testing::Test {
 protected:
  void TearDown() override { fs::remove_all(path_); }
  std::string path_ = (fs::temp_directory_path() / ("clq-run-folder-" + std::to_string(getpid()))).string();
};

}  // namespace clq
