// tests/core/data/feeder_support.hpp -- a feeder with its memory, layout and order, over a scripted source.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/data/support.hpp"
#include "data/feeder.hpp"

namespace clq::test {

// Columns a, b (inputs) and Z (target); a = row, b = -row, Z = row / 2.
inline Scripted numbers(int64_t n) {
  return {{"a", "b", "Z"}, n, 0, [](int64_t row, uint32_t field) {
            const auto x = static_cast<double>(row);
            return field == 0 ? x : field == 1 ? -x : x / 2;
          }};
}

struct Line {
  Line(Scripted& script, int64_t batch, size_t depth, Feeder::Options options, bool shuffle = true)
      : source(open_scripted(script)),
        layout(
            make_layout(config(R"({"scalars": ["a", "b"], "target": "Z", "null": [-9999]})"), source->schema(), true)),
        rows(RowSet::all(script.n)),
        sampler(rows, batch, 9, shuffle, false) {
    std::vector<std::vector<std::byte*>> memory(depth);
    for (size_t k = 0; k < depth; ++k)
      for (const InputField& tensor : layout.tensors) {
        Shape dims = tensor.desc.dims;
        dims.insert(dims.begin(), batch);
        tensors.emplace_back(TensorDesc{tensor.desc.dtype, dims});
        memory[k].push_back(tensors.back().bytes());
      }
    feeder = std::make_unique<Feeder>(*source, layout, transforms, sampler, memory, batch, options);
  }

  // The bytes of the next batch; "" at the end.
  std::string next_bytes() {
    Slot* slot = feeder->next();
    if (slot == nullptr) return "";
    std::string bytes;
    for (size_t t = 0; t < layout.tensors.size(); ++t)
      bytes.append(reinterpret_cast<const char*>(slot->data[t]),
                   static_cast<size_t>(slot->capacity * layout.tensors[t].desc.bytes()));
    bytes.append(slot->bad.begin(), slot->bad.end());
    feeder->give_back(slot);
    return bytes;
  }

  std::shared_ptr<DataSource> source;
  BatchLayout layout;
  RowSet rows;
  Sampler sampler;
  Transforms transforms;
  std::vector<Tensor> tensors;
  std::unique_ptr<Feeder> feeder;
};

}  // namespace clq::test
