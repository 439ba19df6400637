// core/src/data/row_set.cpp -- a set of rows as a bitmap with select.
// SPDX-License-Identifier: BSD-3-Clause
#include "data/row_set.hpp"

#include <algorithm>
#include <bit>

#include <calanque/core/error.hpp>

namespace clq {
namespace {

constexpr int64_t kWordsPerBlock = 8;  // 512 bits a block

size_t word_of(int64_t row) { return static_cast<size_t>(row >> 6); }
uint64_t bit_of(int64_t row) { return uint64_t{1} << (row & 63); }

int64_t select_in_word(uint64_t word, int64_t k) {
  for (; k > 0; --k) word &= word - 1;
  return std::countr_zero(word);
}

}  // namespace

RowSet RowSet::all(int64_t n) {
  CLQ_REQUIRE(n >= 0, "a row set of {} rows", n);
  RowSet set(0);
  set.universe_ = set.size_ = n;
  set.all_ = true;
  return set;
}

RowSet::RowSet(int64_t n) : universe_(n) {
  CLQ_REQUIRE(n >= 0, "a row set of {} rows", n);
  words_.resize(static_cast<size_t>((n + 63) / 64));
}

void RowSet::insert(int64_t row) {
  CLQ_REQUIRE(row >= 0 && row < universe_, "row {} is not in 0..{}", row, universe_ - 1);
  if (!all_) words_[word_of(row)] |= bit_of(row);
}

void RowSet::freeze() {
  if (all_) return;
  ranks_.clear();
  ranks_.reserve(words_.size() / kWordsPerBlock + 1);
  size_ = 0;
  for (size_t w = 0; w < words_.size(); ++w) {
    if (w % kWordsPerBlock == 0) ranks_.push_back(size_);
    size_ += std::popcount(words_[w]);
  }
}

int64_t RowSet::size() const { return size_; }

int64_t RowSet::universe() const { return universe_; }

bool RowSet::contains(int64_t row) const {
  if (row < 0 || row >= universe_) return false;
  return all_ || (words_[word_of(row)] & bit_of(row)) != 0;
}

int64_t RowSet::select(int64_t k) const {
  CLQ_REQUIRE(k >= 0 && k < size_, "there is no row {} in a set of {}", k, size_);
  if (all_) return k;
  const auto above = std::upper_bound(ranks_.begin(), ranks_.end(), k);
  const int64_t block = above - ranks_.begin() - 1;
  int64_t left = k - ranks_[static_cast<size_t>(block)];
  for (size_t w = static_cast<size_t>(block * kWordsPerBlock);; ++w) {
    const int64_t ones = std::popcount(words_[w]);
    if (left < ones) return static_cast<int64_t>(w) * 64 + select_in_word(words_[w], left);
    left -= ones;
  }
}

int64_t RowSet::bytes() const {
  return static_cast<int64_t>(words_.capacity() * sizeof(uint64_t) + ranks_.capacity() * sizeof(int64_t));
}

}  // namespace clq
