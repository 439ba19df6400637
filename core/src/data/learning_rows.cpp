// core/src/data/learning_rows.cpp -- the rows that statistics are taken of: those that a training learns from.
// SPDX-License-Identifier: BSD-3-Clause
#include "data/learning_rows.hpp"

#include <algorithm>
#include <set>

#include "data/feeder.hpp"

namespace clq {
namespace {

constexpr int64_t kSlotBytes = 1 << 20;

BatchLayout without_images(const BatchLayout& layout) {
  BatchLayout plain = layout;
  plain.tensors.clear();
  plain.columns.clear();
  std::vector<int64_t> place(layout.tensors.size(), -1);
  for (size_t t = 0; t < layout.tensors.size(); ++t) {
    const std::string& name = layout.tensors[t].name;
    if (name == "images" || name == "mask") continue;
    place[t] = static_cast<int64_t>(plain.tensors.size());
    plain.tensors.push_back(layout.tensors[t]);
  }
  for (LayoutColumn column : layout.columns) {
    if (place[column.tensor] < 0) continue;
    column.tensor = static_cast<uint32_t>(place[column.tensor]);
    plain.columns.push_back(std::move(column));
  }
  return plain;
}

int64_t row_bytes(const BatchLayout& layout) {
  int64_t bytes = 1;
  for (const InputField& tensor : layout.tensors) bytes += tensor.desc.bytes();
  return bytes;
}

// The tensors of each slot of a ring.
class Memory {
 public:
  Memory(const BatchLayout& layout, int64_t rows, int64_t depth) : addresses_(static_cast<size_t>(depth)) {
    for (auto& slot : addresses_)
      for (const InputField& tensor : layout.tensors) {
        TensorDesc desc = tensor.desc;
        desc.dims.insert(desc.dims.begin(), rows);
        slot.push_back(tensors_.emplace_back(std::move(desc)).bytes());
      }
  }
  const std::vector<std::vector<std::byte*>>& addresses() const { return addresses_; }

 private:
  std::vector<Tensor> tensors_;
  std::vector<std::vector<std::byte*>> addresses_;
};

}  // namespace

Transforms Transforms::known() const {
  Transforms known;
  known.derived_ = derived_;
  known.names_ = names_;
  std::set<size_t> unknown;
  for (const auto& step : chain_) {
    const std::vector<size_t> places = step->places();
    const bool behind = std::any_of(places.begin(), places.end(), [&](size_t i) { return unknown.contains(i); });
    if (step->needs_fit() || behind)
      unknown.insert(places.begin(), places.end());
    else
      known.chain_.push_back(step);
  }
  known.targets_ = targets_.known();
  return known;
}

bool Transforms::needs_fit() const {
  return std::any_of(chain_.begin(), chain_.end(), [](const auto& step) { return step->needs_fit(); });
}

RowSet learning_rows(const DataSource& source, const BatchLayout& layout, const Transforms& transforms,
                     const RowSet& rows, uint32_t readers) {
  const BatchLayout plain = without_images(layout);
  const Transforms known = transforms.known();
  const int64_t batch = std::clamp<int64_t>(kSlotBytes / row_bytes(plain), 1, std::max<int64_t>(1, rows.size()));
  const Memory memory(plain, batch, int64_t{readers} + 2);
  const Sampler sampler(rows, batch, 0, false, false);
  const auto weight = static_cast<size_t>(plain.tensor("weight"));
  Feeder feeder(source, plain, known, sampler, memory.addresses(), batch,
                {.readers = readers, .end_batch = sampler.batches_per_epoch(), .bad = {OnBad::skip, -1}});
  RowSet learning(rows.universe());
  while (Slot* slot = feeder.next()) {
    for (size_t i = 0; i < slot->rows.samples.size(); ++i)
      if (slot->bad[i] == 0 && *slot->row<double>(weight, static_cast<int64_t>(i), 1) > 0)
        learning.insert(slot->rows.samples[i]);
    feeder.give_back(slot);
  }
  learning.freeze();
  return learning.size() > 0 ? learning : rows;
}

}  // namespace clq
