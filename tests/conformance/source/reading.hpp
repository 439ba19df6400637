// tests/conformance/source/reading.hpp -- samples into memory that is watched, and out of it as plain bytes.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <deque>
#include <functional>

#include "conformance/backend/guarded.hpp"
#include "conformance/source/opened_source.hpp"

namespace clq::conformance {

using Bytes = std::vector<std::byte>;

clq_tensor_desc row_major(int32_t dtype, const std::vector<int64_t>& dims);
int64_t sample_bytes(const clq_tensor_desc& desc);  // throws where the description makes no sense

struct SlotSpec {
  uint32_t field;
  clq_tensor_desc want;
  bool ragged = false;
};
// The field's own dtype and shape; where that is ragged, room for a few.
SlotSpec as_stored(const OpenedSource& source, uint32_t field);
std::vector<SlotSpec> as_stored(const OpenedSource& source, const std::vector<uint32_t>& fields);

// Room for samples of some fields. A page that nobody may touch lies behind each field's.
class Batch {
 public:
  Batch(const std::vector<SlotSpec>& specs, uint32_t room, int64_t gap = 0);  // gap: bytes between two samples
  std::vector<clq_slot>& slots() { return slots_; }
  size_t width(size_t slot) const;  // of what copy() gives: the sample and, where ragged, its shape
  void copy(size_t slot, uint32_t sample, std::byte* to) const;
  void fill(std::byte with);
  // Nothing but the first n samples differs from what fill() left, and nothing lies outside of the slots.
  bool rest_intact(size_t slot, uint32_t n, std::byte filled) const;

 private:
  std::vector<int64_t> bytes_;  // of a sample
  std::deque<GuardedBytes> memory_;
  std::deque<std::vector<int64_t>> shapes_;
  std::vector<clq_slot> slots_;
};

// The field's samples side by side, a vector a field. Throws where a sample cannot be read.
std::vector<Bytes> read_samples(const OpenedSource& source, const std::vector<SlotSpec>& specs,
                                std::span<const int64_t> rows, uint32_t batch = 64);

// Reads `rows`, no more than the batch has room for, but for those of which the source says CLQ_E_DATA. `take` gets the
// position in `rows` and the one in the batch.
void read_good(OpenedReader& reader, Batch& batch, std::span<const int64_t> rows,
               const std::function<void(size_t, uint32_t)>& take);

// Rows from the first on, all of whose fields can be read: what one reader reads in a fifth of a second.
std::vector<int64_t> readable_rows(const OpenedSource& source, int64_t most = 997);

// "" when both hold the same samples of `specs`; else the first that differs.
std::string difference(const OpenedSource& source, const std::vector<SlotSpec>& specs, std::span<const int64_t> rows,
                       const std::vector<Bytes>& a, const std::vector<Bytes>& b);

}  // namespace clq::conformance
