// core/src/train/seen_rows.cpp -- what a network gets of some rows: read and transformed, without a device.
// SPDX-License-Identifier: BSD-3-Clause
#include "train/seen_rows.hpp"

#include <set>

#include "data/column_reader.hpp"
#include "data/slot.hpp"
#include "train/source_rows.hpp"

namespace clq {
namespace {

Tensor rows_of(const InputField& tensor, int64_t rows) {
  TensorDesc desc = tensor.desc;
  desc.dims.insert(desc.dims.begin(), rows);
  return Tensor(desc);
}

std::vector<uint32_t> tensors_with_columns(const BatchLayout& layout) {
  std::set<uint32_t> tensors;
  for (const LayoutColumn& column : layout.columns) tensors.insert(column.tensor);
  return {tensors.begin(), tensors.end()};
}

// One after the other, so that each bad row has its own words.
void read_rows(const DataSource& source, SeenRows& all, Slot& slot) {
  ColumnReader reader(source, all.layout, tensors_with_columns(all.layout), 0, 1, nullptr);
  for (size_t i = 0; i < slot.rows.samples.size(); ++i) {
    std::vector<std::byte*> data;
    for (size_t t = 0; t < slot.data.size(); ++t)
      data.push_back(slot.data[t] + static_cast<int64_t>(i) * all.layout.tensors[t].desc.bytes());
    std::vector<uint8_t> unreadable;
    ReadFault fault;
    reader.read(data, std::span(slot.rows.samples).subspan(i, 1), unreadable, fault);
    if (unreadable[0] == 0) continue;
    slot.bad[i] = kBadUnreadable;
    all.why[i] = fault.words;
  }
}

}  // namespace

SeenRows see_rows(const DataSource& source, const BatchLayout& layout, const Transforms& transforms,
                  const std::vector<int64_t>& rows) {
  SeenRows all;
  all.layout = bind_layout(layout, source.schema(), false);
  const auto n = static_cast<int64_t>(rows.size());
  all.why.resize(rows.size());
  Slot slot;
  slot.capacity = n;
  slot.rows.samples = rows;
  slot.bad.assign(rows.size(), 0);
  for (const InputField& tensor : all.layout.tensors) all.seen.push_back(rows_of(tensor, n));
  for (Tensor& tensor : all.seen) slot.data.push_back(tensor.bytes());
  read_rows(source, all, slot);
  all.given = all.seen;
  for (int64_t i = 0; i < n; ++i) {
    std::string& why = all.why[static_cast<size_t>(i)];
    if (why.empty()) why = transforms.explain(slot, all.layout, i);
  }
  transforms.apply(slot, all.layout);
  all.bad = slot.bad;
  return all;
}

}  // namespace clq
