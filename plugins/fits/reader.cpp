// plugins/fits/reader.cpp -- one thread's cursor in a binary table.
// SPDX-License-Identifier: BSD-3-Clause
#include "reader.hpp"

#include <calanque/plugin/sdk.hpp>

namespace clq::fits {

Reader::Reader(const Table& table, const std::vector<clq_field>& fields, std::vector<uint32_t> wanted)
    : table_(table), fields_(fields), wanted_(std::move(wanted)), rows_(table, {wanted_.begin(), wanted_.end()}) {
  targets_.reserve(wanted_.size());
  converts_.reserve(wanted_.size());
}

clq_status Reader::read(clq_read& io) {
  io.n_done = 0;
  table::check_read(io, fields_, wanted_, table_.rows, targets_);
  table::require_unchanged(table_.file);
  converts_.clear();
  for (const table::Target& target : targets_)
    converts_.push_back(find_convert(table_.columns[target.field], target.dtype));
  for (int64_t position = 0; position < io.n_samples;) {
    if (table::is_cancelled(io)) return sdk::report(CLQ_E_CANCELLED, "reading was cancelled");
    const int64_t run = table::run_length(io, position, rows_.most_rows());
    rows_.load(io.indices[position], run);
    const int64_t good = convert_run(position, run);
    io.n_done = static_cast<uint32_t>(position + good);
    if (good < run) fail_row(io.indices[position + good], good, bad_slot_);
    position += run;
  }
  return CLQ_OK;
}

// Each column stops where an earlier one did, so that all samples before the bad one are written in full.
int64_t Reader::convert_run(int64_t position, int64_t n) {
  for (size_t s = 0; s < targets_.size(); ++s) {
    const table::Target& t = targets_[s];
    const int64_t good = rows_.convert(t.field, converts_[s], n, t.at(position), t.stride, t.elements);
    if (good < n) bad_slot_ = s;
    n = good;
  }
  return n;
}

void Reader::fail_row(int64_t sample, int64_t row_in_run, size_t slot) const {
  const table::Target& target = targets_[slot];
  const Column& column = table_.columns[target.field];
  sdk::fail(CLQ_E_DATA, table_.place + ", row " + std::to_string(sample + 1) + ", column " + column.field.name + ": " +
                            first_misfit(rows_.cell(target.field, row_in_run), column, target.dtype, target.elements));
}

}  // namespace clq::fits
