// tests/conformance/sink/opened_sink.cpp -- creating sinks, and whole tables through them.
// SPDX-License-Identifier: BSD-3-Clause
#include "conformance/sink/opened_sink.hpp"

#include <algorithm>
#include <random>
#include <sstream>

#include "conformance/source/calls.hpp"

namespace clq::conformance {

clq_data_sink_api sink_table(const Subject& subject) {
  const auto table = as_host_takes(open_plugin(subject.file).sink, subject.file, CLQ_DATA_SINK_ID);
  if (!table.create || !table.write || !table.commit || !table.discard)
    throw std::runtime_error(fmt::format("{}: its data sink lacks a function", subject.file));
  return table;
}

std::vector<std::string> suffixes_of(const clq_data_sink_api& api) {
  std::vector<std::string> all;
  std::istringstream text(api.suffixes == nullptr ? "" : api.suffixes);
  for (std::string suffix; text >> suffix;) all.push_back(suffix);
  if (all.empty()) throw std::runtime_error("the sink names no suffix");
  return all;
}

OpenedSink::OpenedSink(const clq_data_sink_api& api, const std::string& uri, const std::vector<clq_field>& fields,
                       int64_t n)
    : api_(api) {
  test::clear_error();
  created_ = api_.create(uri.c_str(), "{}", fields.data(), static_cast<uint32_t>(fields.size()), n, &sink_);
}

clq_status OpenedSink::write(int64_t first, uint32_t n, const std::vector<clq_slot>& slots) {
  test::clear_error();
  return api_.write(sink_, first, n, slots.data());
}

clq_status OpenedSink::write(const SampleTable& table, int64_t first, int64_t n) {
  return write(first, static_cast<uint32_t>(n), table.slots(first, static_cast<uint32_t>(n)));
}

std::vector<SampleColumn> accepted_columns(const clq_data_sink_api& api, const std::string& uri) {
  std::vector<SampleColumn> accepted;
  for (const SampleColumn& column : every_column()) {
    const clq_status status = OpenedSink(api, uri, {to_field(column)}, 1).created();
    if (status != CLQ_E_UNSUPPORTED) require_ok(status, "create with the column " + column.name);
    if (status == CLQ_OK) accepted.push_back(column);
  }
  if (accepted.empty()) throw std::runtime_error("the sink takes none of the columns: " + test::error_text());
  return accepted;
}

std::vector<RowRange> scattered_ranges(int64_t rows, uint64_t seed) {
  constexpr int64_t kLengths[] = {1, 64, 7, 200, 3};
  std::vector<RowRange> ranges;
  for (int64_t first = 0; first < rows; first += ranges.back().n)
    ranges.push_back({first, std::min(kLengths[ranges.size() % std::size(kLengths)], rows - first)});
  std::mt19937_64 random(seed);
  std::shuffle(ranges.begin(), ranges.end(), random);
  return ranges;
}

void write_table(const clq_data_sink_api& api, const std::string& uri, const SampleTable& table, uint64_t seed) {
  OpenedSink sink(api, uri, table);
  require_ok(sink.created(), "create of " + uri);
  for (const RowRange& range : scattered_ranges(table.rows(), seed))
    require_ok(sink.write(table, range.first, range.n),
               fmt::format("write of {} rows from {} on", range.n, range.first));
  require_ok(sink.commit(), "commit of " + uri);
}

}  // namespace clq::conformance
