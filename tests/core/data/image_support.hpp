// tests/core/data/image_support.hpp -- small sets of images, and rows of them as a reader leaves them.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cmath>
#include <cstring>
#include <numeric>
#include <optional>

#include "base/philox.hpp"
#include "core/data/support.hpp"
#include "data/image_chain.hpp"
#include "data/transforms.hpp"

namespace clq::test {

// Images [bands, side, side] of normal numbers, sigma 2 + 3 band about 1; VX, VY, Z a row; rows can be overwritten.
struct Sky {
  Sky(int64_t n, int64_t bands, int64_t side) : rows(n), shape{bands, side, side} {
    for (int64_t i = 0; i < n * shape.count(); ++i) {
      const int64_t band = i / shape.pixels() % bands;
      const PhiloxBlock block = philox(11, {static_cast<uint32_t>(i), 0, 0, 0});
      pixels.push_back(static_cast<float>(1 + (2 + 3 * static_cast<double>(band)) * philox_normal(block)[0]));
    }
    for (int64_t i = 0; i < n; ++i) {
      x.push_back(static_cast<float>(i + 1));
      y.push_back(static_cast<float>(-2 * i - 1));
      z.push_back(static_cast<double>(i));
    }
  }
  std::shared_ptr<DataSource> open() const {
    ArraySource arrays(rows);
    arrays.add("images", pixels.data(), {CLQ_F32, {shape.bands, shape.height, shape.width}}, false);
    arrays.add("VX", x.data(), {CLQ_F32, {}}, false);
    arrays.add("VY", y.data(), {CLQ_F32, {}}, false);
    arrays.add("Z", z.data(), {CLQ_F64, {}}, false);
    return arrays.open();
  }
  float* image(int64_t row) { return pixels.data() + row * shape.count(); }

  int64_t rows;
  ImageShape shape;
  std::vector<float> pixels, x, y;
  std::vector<double> z;
};

inline std::vector<Config> specs(const std::vector<std::string>& list) {
  std::vector<Config> all;
  for (size_t i = 0; i < list.size(); ++i) all.push_back(config(list[i], fmt::format("transform[{}]", i)));
  return all;
}

// A source, its layout and fitted transforms.
struct Prepared {
  Prepared(std::shared_ptr<DataSource> from, const std::string& data, const std::vector<std::string>& chain,
           uint32_t readers = 1)
      : source(std::move(from)),
        layout(make_layout(config(data, "data"), source->schema(), true, Transforms::need_mask(specs(chain)))),
        transforms(Transforms::from_config(specs(chain), layout)) {
    transforms.fit(*source, layout, RowSet::all(source->schema().n_samples), readers);
  }
  std::shared_ptr<DataSource> source;
  BatchLayout layout;
  Transforms transforms;
};

// Rows in one slot with everything a reader does to them.
struct Rows {
  Rows(const Prepared& made, std::vector<int64_t> samples, std::optional<uint64_t> vary = {}, int64_t epoch = 0)
      : layout(made.layout) {
    slot.capacity = static_cast<int64_t>(samples.size());
    slot.rows.samples = std::move(samples);
    slot.rows.epoch = epoch;
    for (const InputField& tensor : layout.tensors) {
      Shape dims = tensor.desc.dims;
      dims.insert(dims.begin(), slot.capacity);
      memory.emplace_back(TensorDesc{tensor.desc.dtype, dims});
      std::memset(memory.back().bytes(), 0x55, static_cast<size_t>(memory.back().desc().bytes()));
    }
    for (Tensor& tensor : memory) slot.data.push_back(tensor.bytes());
    for (const LayoutColumn& column : layout.columns) {
      const TensorDesc& desc = layout.tensors[column.tensor].desc;
      const Tensor values = made.source->read_field(column.field, slot.rows.samples, desc.dtype);
      const int64_t size = dtype_bytes(desc.dtype);
      for (int64_t i = 0; i < slot.capacity; ++i)
        std::memcpy(slot.data[column.tensor] + i * desc.bytes() + column.offset * size,
                    values.bytes() + i * column.count * size, static_cast<size_t>(column.count * size));
    }
    for (int64_t i = 0; i < slot.capacity; ++i) words.push_back(made.transforms.explain(slot, layout, i));
    made.transforms.apply(slot, layout, vary);
  }
  std::vector<float> row(const std::string& tensor, int64_t i) const {
    const auto t = static_cast<size_t>(layout.tensor(tensor));
    const int64_t width = layout.tensors[t].desc.count();
    const float* first = slot.row<const float>(t, i, width);
    return {first, first + width};
  }
  double target(int64_t i) const { return *slot.row<const double>(static_cast<size_t>(layout.tensor("target")), i, 1); }

  BatchLayout layout;
  Slot slot;
  std::vector<Tensor> memory;
  std::vector<std::string> words;  // explain, a row
};

inline std::vector<int64_t> first_rows(int64_t n) {
  std::vector<int64_t> rows(static_cast<size_t>(n));
  std::iota(rows.begin(), rows.end(), int64_t{0});
  return rows;
}

}  // namespace clq::test
