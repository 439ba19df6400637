// core/src/train/prediction_table.cpp -- a table that is written: its columns, its header, its rows.
// SPDX-License-Identifier: BSD-3-Clause
#include "train/prediction_table.hpp"

#include <set>

#include "base/thread_error.hpp"

namespace clq {
namespace {

clq_field to_c_field(const Field& field) {
  return {field.name.c_str(), field.unit.c_str(), field.axes.c_str(), field.role, field.flags, to_c(field.sample)};
}

void require_unique(const std::vector<TableColumn>& columns) {
  std::set<std::string> names;
  for (const TableColumn& c : columns)
    CLQ_REQUIRE(names.insert(c.field.name).second,
                "the table would have two columns {}: what output.keep and predict.layers name and what is predicted "
                "need names of their own",
                c.field.name);
}

}  // namespace

PredictionTable::PredictionTable(const Registry& registry, const std::string& uri, std::vector<TableColumn> columns,
                                 Json extras, int64_t rows)
    : columns_(std::move(columns)), api_(registry.sink_for(uri)), uri_(uri) {
  require_unique(columns_);
  Json options = std::move(extras);
  if (!options.contains("hdu")) options["hdu"] = "PREDICT";
  std::vector<clq_field> fields;
  for (const TableColumn& c : columns_) {
    options["columns"][c.field.name] = {{"ucd", c.ucd}, {"comment", c.comment}};
    fields.push_back(to_c_field(c.field));
  }
  check(api_.create(uri.c_str(), options.dump().c_str(), fields.data(), static_cast<uint32_t>(fields.size()), rows,
                    &sink_));
}

PredictionTable::~PredictionTable() { api_.discard(sink_); }

void PredictionTable::check(clq_status status) const {
  if (status >= 0) return;
  const std::string words = take_thread_error();
  fail(status, "{}", words.empty() ? uri_ + ": cannot be written" : words);
}

void PredictionTable::write(int64_t first, int64_t n) {
  if (n == 0) return;
  std::vector<clq_slot> slots;
  for (size_t k = 0; k < columns_.size(); ++k) {
    const TableColumn& c = columns_[k];
    clq_slot slot{};
    slot.data = const_cast<std::byte*>(c.data);  // a sink only reads
    slot.sample_stride = c.stride;
    slot.bytes = (n - 1) * c.stride + c.field.sample.bytes();
    slot.want = to_c(c.field.sample);
    slot.field = static_cast<uint32_t>(k);
    slots.push_back(slot);
  }
  check(api_.write(sink_, first, static_cast<uint32_t>(n), slots.data()));
}

void PredictionTable::commit() { check(api_.commit(sink_)); }

}  // namespace clq
