// tests/conformance/source/opened_source.cpp -- opening, describing and reading, or the plugin's words why not.
// SPDX-License-Identifier: BSD-3-Clause
#include "conformance/source/opened_source.hpp"

#include <numeric>

#include "conformance/source/calls.hpp"

namespace clq::conformance {

clq_data_source_api source_table(const Subject& subject) {
  const auto table = as_host_takes(open_plugin(subject.file).source, subject.file, CLQ_DATA_SOURCE_ID);
  const bool whole = table.probe && table.open && table.close && table.describe && table.reader_open && table.read &&
                     table.reader_close;
  if (!whole) throw std::runtime_error(fmt::format("{}: its data source lacks a function", subject.file));
  return table;
}

OpenedSource::OpenedSource(const clq_data_source_api& api, const DataSet& data) : api_(api), data_(data) {
  require_ok(api_.open(data.uri.c_str(), data.options.c_str(), &source_), "open of " + data.uri);
  info_.struct_size = sizeof info_;
  const clq_status status = api_.describe(source_, &info_);
  if (status < CLQ_OK) api_.close(source_);
  require_ok(status, "describe");
}

std::vector<uint32_t> OpenedSource::fields() const {
  std::vector<uint32_t> all(info_.n_fields);
  std::iota(all.begin(), all.end(), 0u);
  return all;
}

int64_t OpenedSource::find(const std::string& name) const {
  for (const uint32_t f : fields())
    if (name == field(f).name) return f;
  return -1;
}

void OpenedSource::require_rows() const {
  if ((info_.flags & CLQ_SRC_RANDOM_ACCESS) == 0) throw Unsupported("a stream: its samples cannot be asked for");
  if (info_.n_samples < 1) throw Unsupported("there is no sample");
}

clq_read request(std::span<const int64_t> rows, std::span<const clq_slot> slots) {
  clq_read io{};
  io.struct_size = sizeof io;
  io.n_slots = static_cast<uint32_t>(slots.size());
  io.indices = rows.data();
  io.slots = slots.data();
  io.n_samples = static_cast<uint32_t>(rows.size());
  io.n_done = CLQ_NONE;  // the source must say it
  return io;
}

OpenedReader::OpenedReader(const OpenedSource& source, const std::vector<uint32_t>& fields, uint32_t reader,
                           uint32_t n_readers)
    : api_(source.api()) {
  const clq_reader_config config{sizeof config, static_cast<uint32_t>(fields.size()), fields.data(), reader, n_readers};
  require_ok(api_.reader_open(source.handle(), &config, &reader_), "reader_open");
}

clq_status OpenedReader::read(clq_read& io) {
  test::clear_error();
  return api_.read(reader_, &io);
}

void OpenedReader::read_all(std::span<const int64_t> rows, std::span<const clq_slot> slots) {
  clq_read io = request(rows, slots);
  const clq_status status = read(io);
  require_ok(status, fmt::format("read of {} samples from {} on", rows.size(), rows.empty() ? 0 : rows.front()));
  if (status != CLQ_OK || io.n_done != io.n_samples)
    throw std::runtime_error(fmt::format("read: status {} and {} of {} samples done", status, io.n_done, io.n_samples));
}

}  // namespace clq::conformance
