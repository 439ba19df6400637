// tests/conformance/sink/opened_sink.hpp -- a sink of the plugin, ended whatever happens, and what it takes.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "conformance/case.hpp"
#include "conformance/sink/sample_table.hpp"

namespace clq::conformance {

clq_data_sink_api sink_table(const Subject& subject);
std::vector<std::string> suffixes_of(const clq_data_sink_api& api);  // one at least

class OpenedSink {
 public:
  OpenedSink(const clq_data_sink_api& api, const std::string& uri, const std::vector<clq_field>& fields, int64_t n);
  OpenedSink(const clq_data_sink_api& api, const std::string& uri, const SampleTable& table)
      : OpenedSink(api, uri, table.fields(), table.rows()) {}
  ~OpenedSink() { api_.discard(sink_); }
  OpenedSink(const OpenedSink&) = delete;
  OpenedSink& operator=(const OpenedSink&) = delete;

  clq_status created() const { return created_; }
  clq_status write(int64_t first, uint32_t n, const std::vector<clq_slot>& slots);
  clq_status write(const SampleTable& table, int64_t first, int64_t n);
  clq_status commit() { return api_.commit(sink_); }

 private:
  const clq_data_sink_api& api_;
  clq_sink* sink_ = nullptr;
  clq_status created_;
};

// Of every_column() those that the sink takes. A refusal other than CLQ_E_UNSUPPORTED is thrown.
std::vector<SampleColumn> accepted_columns(const clq_data_sink_api& api, const std::string& uri);

// Blocks of uneven lengths, in no order, that are all rows together.
struct RowRange {
  int64_t first, n;
};
std::vector<RowRange> scattered_ranges(int64_t rows, uint64_t seed);

// The whole table into a committed file, in such blocks; or throws.
void write_table(const clq_data_sink_api& api, const std::string& uri, const SampleTable& table, uint64_t seed);

}  // namespace clq::conformance
