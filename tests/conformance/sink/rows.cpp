// tests/conformance/sink/rows.cpp -- rows in any order, once each, from memory of any stride.
// SPDX-License-Identifier: BSD-3-Clause
#include <cstring>

#include "conformance/backend/guarded.hpp"
#include "conformance/sink/lists.hpp"
#include "conformance/sink/read_back.hpp"
#include "conformance/source/calls.hpp"

namespace clq::conformance {
namespace {

constexpr int64_t kTableRows = 997;

void comes_back(const Subject& subject, Findings& findings) {
  const clq_data_sink_api api = sink_table(subject);
  for (const std::string& suffix : suffixes_of(api)) {
    const std::string uri = subject.folder + "/table" + suffix, none = subject.folder + "/none" + suffix;
    const auto columns = accepted_columns(api, uri);
    const SampleTable table(columns, kTableRows, subject.seed), empty(columns, 0, subject.seed);
    write_table(api, uri, table, subject.seed);
    expect_same_table(findings, subject, uri, table);
    write_table(api, none, empty, subject.seed);
    expect_same_table(findings, subject, none, empty);
    std::string names;
    for (const SampleColumn& column : columns) names += (names.empty() ? "" : " ") + column.name;
    findings.note(suffix, names);
  }
}

void refuses_repeats(const Subject& subject, Findings& findings) {
  const clq_data_sink_api api = sink_table(subject);
  const std::string uri = subject.folder + "/table" + suffixes_of(api).front();
  const SampleTable table(accepted_columns(api, uri), 20, subject.seed),
      other(accepted_columns(api, uri), 20, subject.seed + 1);
  OpenedSink sink(api, uri, table);
  require_ok(sink.created(), "create of " + uri);
  require_ok(sink.write(table, 2, 5), "write of 5 rows from 2 on");
  const auto refuse = [&](int64_t first, int64_t n, int64_t bad) {
    const std::string what = fmt::format("write of {} rows from {} on, of 20, where 2 to 6 are written", n, first);
    const clq_status status = sink.write(first, static_cast<uint32_t>(n), other.slots(0, static_cast<uint32_t>(n)));
    expect_error_counting(findings, what, status, bad, uri);
  };
  refuse(6, 1, 6);
  refuse(0, 3, 2);
  refuse(4, 10, 4);
  refuse(0, 20, 2);
  refuse(-1, 1, -1);
  refuse(20, 1, 20);
  refuse(19, 2, 19);
  refuse(INT64_MAX, 1, INT64_MAX);
  require_ok(sink.write(table, 0, 2), "write of rows 0 and 1 after a refusal");
  require_ok(sink.write(table, 7, 13), "write of rows 7 to 19 after a refusal");
  require_ok(sink.commit(), "commit after a refusal");
  expect_same_table(findings, subject, uri, table);
}

// The rows of one block in memory that may be read alone, with gaps, and that ends where no page is.
class StridedRows {
 public:
  StridedRows(const SampleTable& table, const RowRange& range) : slots_(table.slots(range.first, 1)) {
    for (size_t c = 0; c < slots_.size(); ++c) {
      const int64_t width = table.width(c), stride = width + 24;
      GuardedBytes& memory = memory_.emplace_back((range.n - 1) * stride + width);
      for (int64_t k = 0; k < range.n; ++k)
        std::memcpy(memory.data() + k * stride, table.at(c, range.first + k), static_cast<size_t>(width));
      memory.make_read_only();
      slots_[c].data = memory.data();
      slots_[c].sample_stride = stride;
      slots_[c].bytes = memory.bytes();
    }
  }
  const std::vector<clq_slot>& slots() const { return slots_; }

 private:
  std::deque<GuardedBytes> memory_;
  std::vector<clq_slot> slots_;
};

void takes_strides(const Subject& subject, Findings& findings) {
  const clq_data_sink_api api = sink_table(subject);
  const std::string uri = subject.folder + "/table" + suffixes_of(api).front();
  const SampleTable table(accepted_columns(api, uri), kTableRows, subject.seed);
  {
    OpenedSink sink(api, uri, table);
    require_ok(sink.created(), "create of " + uri);
    for (const RowRange& range : scattered_ranges(table.rows(), subject.seed)) {
      const StridedRows rows(table, range);
      std::vector<clq_slot> shorter = rows.slots();
      --shorter.back().bytes;
      expect_refused(findings, "write of a slot that is a byte short",
                     sink.write(range.first, static_cast<uint32_t>(range.n), shorter));
      require_ok(sink.write(range.first, static_cast<uint32_t>(range.n), rows.slots()), "write of rows with gaps");
    }
    require_ok(sink.commit(), "commit");
  }
  expect_same_table(findings, subject, uri, table);
}

}  // namespace

void add_row_cases(std::vector<Case>& cases) {
  cases.push_back(
      {"sink.round_trip", "what is written in any order comes back bit for bit from its own source", comes_back});
  cases.push_back(
      {"sink.twice", "a row written twice or outside of the table is refused by its number", refuses_repeats});
  cases.push_back({"sink.slots", "takes rows with gaps from memory that may be read alone, and reads nothing behind it",
                   takes_strides});
}

}  // namespace clq::conformance
