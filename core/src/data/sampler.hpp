// core/src/data/sampler.hpp -- which sample comes next: a keyed bijection of [0, n), no stored permutation.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>

#include "data/row_set.hpp"
#include "data/slot.hpp"

namespace clq {

// The shuffle: position -> sample in [0, n), a bijection for each (seed, epoch); a Feistel network on the next even
// number of bits with cycle walking. Pure. (sampler.cpp defines its rounds; the order is part of the interface.)
int64_t order_at(uint64_t seed, int64_t epoch, int64_t n, int64_t position);

// Cuts epochs of a row set into batches. batch number b -> epoch b / per_epoch, positions in it.
class Sampler {
 public:
  // shuffle false: ascending rows (evaluation, prediction). A batch has `batch` rows; with `views` a sample has so many
  // of them, one behind the other.
  Sampler(const RowSet& rows, int64_t batch, uint64_t seed, bool shuffle, bool drop_remainder, int64_t views = 1);
  int64_t batches_per_epoch() const;
  BatchRows batch(int64_t number) const;  // [any-thread]
  int64_t views() const { return views_; }

 private:
  const RowSet& rows_;
  int64_t batch_, n_;  // samples
  int64_t views_;
  uint64_t seed_;
  bool shuffle_, drop_remainder_;
};

}  // namespace clq
