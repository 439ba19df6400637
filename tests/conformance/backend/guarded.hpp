// tests/conformance/backend/guarded.hpp -- a segment bound to memory that ends where no page is, its inputs read-only.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <deque>

#include "conformance/backend/under_test.hpp"

namespace clq::conformance {

// Bytes whose next multiple of 64 (64 of none) is the end of the readable memory; what lies between is looked at.
class GuardedBytes {
 public:
  explicit GuardedBytes(int64_t bytes);
  ~GuardedBytes();
  GuardedBytes(const GuardedBytes&) = delete;
  GuardedBytes& operator=(const GuardedBytes&) = delete;
  std::byte* data() { return data_; }
  int64_t bytes() const { return bytes_; }
  void write(const test::Array& from);
  test::Array read(int32_t dtype, const test::Dims& dims) const;
  void make_read_only();
  bool slack_intact() const;  // the bytes before the data and behind them

 private:
  int64_t bytes_;
  std::byte *pages_ = nullptr, *data_ = nullptr;
  size_t readable_ = 0, whole_ = 0;
};

// For devices whose memory is the host's. A write outside ends the process; one into the slack is a problem found.
std::vector<test::Array> run_guarded(UnderTest& tested, test::SegmentBuilder& builder,
                                     const std::vector<test::Array>& inputs, const std::vector<uint64_t>& cells,
                                     Findings& findings, const std::string& what);

}  // namespace clq::conformance
