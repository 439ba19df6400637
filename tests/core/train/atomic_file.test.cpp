// tests/core/train/atomic_file.test.cpp -- what stands under a name before and after a file is written there.
// SPDX-License-Identifier: BSD-3-Clause
#include "train/atomic_file.hpp"

#include <sys/stat.h>

#include "run_folder_fixture.hpp"

namespace clq {
namespace {

TEST_F(RunFolderTest, AFileKeepsItsModeAndIsReadByOthersOnlyThen) {
  fs::create_directories(path_);
  const std::string path = path_ + "/a";
  for (const auto mode : {fs::perms{0640}, fs::perms{0200}}) {
    fs::remove(path);
    std::ofstream(path) << "old";
    fs::permissions(path, mode | fs::perms::set_uid);
    AtomicFile file(path, 3);
    for (const auto& entry : fs::directory_iterator(path_)) {
      const bool is_new = entry.path() != path;
      EXPECT_EQ(entry.status().permissions(), is_new ? fs::perms{0600} : mode | fs::perms::set_uid);
    }
    file.write("new", 3);
    file.commit();
    EXPECT_EQ(fs::status(path).permissions(), mode);
  }
}

// Relative links within a linked folder: names that are put together would lead elsewhere.
TEST_F(RunFolderTest, ALinkLeadsWhereTheSystemFollowsIt) {
  fs::create_directories(path_ + "/real/deep");
  fs::create_directories(path_ + "/disk");
  fs::create_directory_symlink("real/deep", path_ + "/out");
  std::ofstream(path_ + "/real/a") << "old";
  std::ofstream(path_ + "/a") << "another";
  fs::create_symlink("../a", path_ + "/real/deep/link");
  fs::create_symlink("link", path_ + "/real/deep/chain");
  EXPECT_EQ(file_to_write(path_ + "/out/chain"), fs::canonical(path_ + "/real/a"));
  EXPECT_EQ(file_to_write(path_ + "/a"), path_ + "/a");
  EXPECT_EQ(file_to_write(path_ + "/none"), path_ + "/none");
  fs::create_symlink("gone", path_ + "/dangling");
  fs::create_symlink("circle", path_ + "/circle");
  for (const char* name : {"/dangling", "/circle"}) EXPECT_THROW(file_to_write(path_ + name), Error) << name;
}

TEST_F(RunFolderTest, NothingTakesThePlaceOfADeviceOrAFolder) {
  fs::create_directories(path_);
  const std::string pipe = path_ + "/pipe";
  ASSERT_EQ(mkfifo(pipe.c_str(), 0600), 0);
  try {
    write_file(pipe, "whole");
    FAIL() << "no error";
  } catch (const Error& error) {
    EXPECT_EQ(error.status(), CLQ_E_IO);
    EXPECT_EQ(std::string(error.what()), pipe + ": it is not a regular file");
  }
  EXPECT_TRUE(fs::is_fifo(pipe));
  std::ofstream(path_ + "/kept") << "old";
  fs::permissions(path_ + "/kept", fs::perms{0444});
  fs::create_symlink("kept", path_ + "/link");
  for (const char* name : {"/kept", "/link"}) EXPECT_THROW(file_to_write(path_ + name), Error) << name;
  EXPECT_THROW(write_file(path_, "new"), Error);
}

}  // namespace
}  // namespace clq
