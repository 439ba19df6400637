// core/src/train/memory.hpp -- the most memory that a run takes, part by part, said before it starts.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include <calanque/core/graph.hpp>

namespace clq {

// Bytes of this process that are in memory; 0 where the system does not say.
struct Resident {
  int64_t peak = 0;  // so far
  int64_t now = 0;
};
Resident resident_now();

// A reader of the training and the one of the validation beside it: file handles, scratch, and of images the object
// that each holds as it is on disk, which the source's metadata say.
int64_t reader_bytes(const Json& metadata);

class MemoryBound {
 public:
  void add(const std::string& part, int64_t bytes) { parts_.emplace_back(part, bytes); }
  int64_t total() const;
  std::string text() const;  // "memory at most 12.3 MB: slots 4 x 0.1 MB ..."
  Json json() const;

 private:
  std::vector<std::pair<std::string, int64_t>> parts_;
};

}  // namespace clq
