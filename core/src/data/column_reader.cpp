// core/src/data/column_reader.cpp -- rows of a source decoded into tensors, bad rows told apart.
// SPDX-License-Identifier: BSD-3-Clause
#include "data/column_reader.hpp"

#include <algorithm>

#include "base/thread_error.hpp"

namespace clq {
namespace {

std::vector<LayoutColumn> columns_of(const BatchLayout& layout, const std::vector<uint32_t>& tensors) {
  std::vector<LayoutColumn> columns;
  for (const LayoutColumn& column : layout.columns)
    if (std::find(tensors.begin(), tensors.end(), column.tensor) != tensors.end()) columns.push_back(column);
  return columns;
}

std::vector<uint32_t> fields_of(const std::vector<LayoutColumn>& columns) {
  std::vector<uint32_t> fields;
  for (const LayoutColumn& column : columns) fields.push_back(column.field);
  return fields;
}

// The source's words, with the row in front unless they name it.
std::string located(const DataSource& source, int64_t sample, clq_status status) {
  const std::string words = take_thread_error();
  const std::string place = source.locate(sample);
  if (words.empty()) return fmt::format("{}: reading ended with status {} and no words", place, status);
  return words.find(place) != std::string::npos ? words : fmt::format("{}: {}", place, words);
}

}  // namespace

std::vector<uint32_t> read_tensors(const BatchLayout& layout) {
  std::vector<uint32_t> tensors;
  for (uint32_t t = 0; t < layout.tensors.size(); ++t) {
    const bool has_columns = std::any_of(layout.columns.begin(), layout.columns.end(),
                                         [t](const LayoutColumn& column) { return column.tensor == t; });
    if (has_columns) tensors.push_back(t);
  }
  return tensors;
}

ColumnReader::ColumnReader(const DataSource& source, const BatchLayout& layout, const std::vector<uint32_t>& tensors,
                           uint32_t reader, uint32_t n_readers, const std::atomic<bool>* cancelled, int64_t views)
    : source_(source),
      columns_(columns_of(layout, tensors)),
      reader_(source.reader(fields_of(columns_), reader, n_readers)),
      cancelled_(cancelled) {
  for (const LayoutColumn& column : columns_) {
    const TensorDesc& tensor = layout.tensors[column.tensor].desc;
    clq_slot slot{};
    slot.field = column.field;
    slot.sample_stride = views * tensor.bytes();
    slot.want = to_c({tensor.dtype, source.schema().fields[column.field].sample.dims});
    slots_.push_back(slot);
  }
}

int32_t ColumnReader::is_cancelled(const clq_read* io) {
  const auto* flag = static_cast<const std::atomic<bool>*>(io->ctx);
  return flag != nullptr && flag->load(std::memory_order_relaxed) ? 1 : 0;
}

// Returns the rows written in full; fewer than n with a fault.
uint32_t ColumnReader::read_range(const std::vector<std::byte*>& data, std::span<const int64_t> samples, int64_t begin,
                                  int64_t n, ReadFault& fault) {
  for (size_t c = 0; c < columns_.size(); ++c) {
    const LayoutColumn& column = columns_[c];
    const int64_t element = dtype_bytes(slots_[c].want.dtype);
    slots_[c].data = data[column.tensor] + begin * slots_[c].sample_stride + column.offset * element;
    slots_[c].bytes = (n - 1) * slots_[c].sample_stride + column.count * element;
  }
  clq_read io{};
  io.struct_size = sizeof(io);
  io.n_slots = static_cast<uint32_t>(slots_.size());
  io.indices = samples.data() + begin;
  io.slots = slots_.data();
  io.n_samples = narrow<uint32_t>(n);
  io.ctx = const_cast<std::atomic<bool>*>(cancelled_);
  io.cancelled = is_cancelled;
  const clq_status status = reader_.read(io);
  const uint32_t done = std::min(io.n_done, io.n_samples);
  if (status == CLQ_OK && done == io.n_samples) return done;
  const int64_t position = begin + std::min<int64_t>(done, n - 1);
  const int64_t sample = samples[static_cast<size_t>(position)];
  if (status >= CLQ_OK)
    fail(CLQ_E_INTERNAL, "{}: the source gave {} of {} rows and no error", source_.locate(sample), done, io.n_samples);
  fault = {position, status, located(source_, sample, status)};
  return done;
}

void ColumnReader::read(const std::vector<std::byte*>& data, std::span<const int64_t> samples,
                        std::vector<uint8_t>& unreadable, ReadFault& first) {
  const auto n = static_cast<int64_t>(samples.size());
  unreadable.assign(samples.size(), 0);
  first = {};
  int64_t step = n;  // all at once; behind a bad row one by one
  for (int64_t begin = 0; begin < n;) {
    ReadFault fault;
    begin += read_range(data, samples, begin, std::min(step, n - begin), fault);
    if (fault.status == CLQ_OK) continue;
    if (fault.status != CLQ_E_DATA) throw Error(fault.status, fault.words);
    unreadable[static_cast<size_t>(fault.position)] = 1;
    begin = fault.position + 1;
    step = 1;
    if (first.position < 0) first = fault;
  }
}

}  // namespace clq
