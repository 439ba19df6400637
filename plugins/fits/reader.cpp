// plugins/fits/reader.cpp -- one thread's cursor in a binary table and the images of its rows.
// SPDX-License-Identifier: BSD-3-Clause
#include "reader.hpp"

#include <algorithm>

#include <calanque/plugin/sdk.hpp>

#include "table/dtype.hpp"

namespace clq::fits {
namespace {

std::vector<size_t> columns_of(const std::vector<uint32_t>& fields, const Table& table) {
  std::vector<size_t> columns;
  for (const uint32_t field : fields)
    if (field < table.columns.size()) columns.push_back(field);
  return columns;
}

}  // namespace

Reader::Reader(const Table& table, const std::vector<clq_field>& fields, std::vector<uint32_t> wanted,
               const Layout* layout, uint32_t n_readers)
    : table_(table), fields_(fields), wanted_(std::move(wanted)), rows_(table, columns_of(wanted_, table)) {
  targets_.reserve(wanted_.size());
  image_targets_.reserve(wanted_.size());
  converts_.reserve(wanted_.size());
  if (columns_of(wanted_, table).size() < wanted_.size()) images_.emplace(*layout, table, n_readers);
}

clq_status Reader::read(clq_read& io) {
  io.n_done = 0;
  const int64_t n = table::check_read(io, fields_, wanted_, table_.rows, targets_);
  table::require_unchanged(table_.file);
  split_targets();
  if (images_) images_->next_round();
  for (int64_t position = 0; position < n;) {
    if (table::is_cancelled(io)) return sdk::report(CLQ_E_CANCELLED, "reading was cancelled");
    const int64_t run = table::run_length(io, position, n, rows_.most_rows());
    if (!targets_.empty()) rows_.load(io.indices[position], run);
    const int64_t good = convert_run(position, run);
    read_images(io, position, good);
    io.n_done = static_cast<uint32_t>(position + good);
    if (good < run) fail_row(io.indices[position + good], good, bad_slot_);
    position += run;
  }
  table::require_samples(io, n, table_.rows);
  return CLQ_OK;
}

void Reader::split_targets() {
  converts_.clear();
  image_targets_.clear();
  std::erase_if(targets_, [&](const table::Target& target) {
    const bool is_image = target.field >= table_.columns.size();
    if (is_image) image_targets_.push_back(target);
    return is_image;
  });
  for (const table::Target& target : image_targets_)
    if (target.dtype != CLQ_F32 && target.dtype != CLQ_F64)
      sdk::fail(CLQ_E_UNSUPPORTED, std::string("images: a slot of ") + table::dtype_name(target.dtype) +
                                       " is not offered; images fill F32 or F64");
  for (const table::Target& target : targets_)
    converts_.push_back(find_convert(table_.columns[target.field], target.dtype));
}

// n_done follows row by row, so that it is the bad one's position where a file is missing.
void Reader::read_images(clq_read& io, int64_t position, int64_t n) {
  if (image_targets_.empty()) return;
  for (int64_t i = position; i < position + n; ++i) {
    io.n_done = static_cast<uint32_t>(i);
    if (table::is_cancelled(io)) sdk::fail(CLQ_E_CANCELLED, "reading was cancelled");
    for (const table::Target& target : image_targets_) images_->read(io.indices[i], target.dtype, target.at(i));
  }
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
