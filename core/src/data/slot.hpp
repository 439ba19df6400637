// core/src/data/slot.hpp -- one batch in host memory that readers fill and the trainer uses.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "data/batch_layout.hpp"

namespace clq {

enum BadBits : uint8_t {
  kBadMissing = 1,
  kBadNan = 2,
  kBadUnreadable = 4,
  kBadBand = 8,  // FLAG_BAD
  kBadTarget = 16
};  // no usable target or weight: weight 0, the inputs stand; not in FLAG_BAD
inline constexpr uint8_t kFlagBadMask = 15;

struct BatchRows {  // which samples make up a batch; pure function of its number
  int64_t epoch = 0, first_position = 0;
  std::vector<int64_t> samples;  // <= capacity; the rest of the slot is padding
  int64_t views = 1;             // of each sample, in so many rows one behind the other
};

struct Slot {
  std::vector<std::byte*> data;  // one a layout tensor: [capacity, sample], 64-byte aligned
  int64_t capacity = 0;
  BatchRows rows;
  std::vector<uint8_t> bad;    // BadBits a row; a row with a FLAG_BAD bit has weight 0 and inputs 0
  std::vector<uint8_t> ood;    // 1: an input outside the training range
  clq_status status = CLQ_OK;  // the reader's; words in error
  std::string error;
  template <class T>
  T* row(size_t tensor, int64_t i, int64_t width) const {
    return reinterpret_cast<T*>(data[tensor]) + i * width;
  }
};

}  // namespace clq
