// plugins/fits/images/file_pool.hpp -- the image files that one reader holds open, the least used closed first.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>
#include <functional>
#include <list>
#include <memory>
#include <string>
#include <unordered_map>

#include "images/image_file.hpp"

namespace clq::fits {

// 64 a reader, or what half of the process's limit leaves each of them; at least 1.
size_t most_open_files(uint32_t n_readers);

// [one thread per reader]
class FilePool {
 public:
  explicit FilePool(size_t most) : most_(most) {}

  // The open file of that path, by `open` if it is not held. Valid until the next get. A file held from an earlier
  // round is looked at again: CLQ_E_IO where it changed.
  ImageFile& get(const std::string& path, const std::function<std::unique_ptr<ImageFile>()>& open);
  void next_round() { ++round_; }
  size_t size() const { return held_.size(); }

 private:
  struct Held {
    std::string path;
    std::unique_ptr<ImageFile> file;
    uint64_t round;
  };
  size_t most_;
  uint64_t round_ = 0;
  std::list<Held> held_;  // the latest first
  std::unordered_map<std::string, std::list<Held>::iterator> by_path_;
};

}  // namespace clq::fits
