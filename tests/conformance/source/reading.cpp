// tests/conformance/source/reading.cpp -- slots, the reads that fill them, and comparing what came.
// SPDX-License-Identifier: BSD-3-Clause
#include "conformance/source/reading.hpp"

#include <algorithm>
#include <chrono>
#include <cstring>

#include "conformance/source/calls.hpp"

namespace clq::conformance {
namespace {

constexpr int64_t kRaggedRoom = 16, kMostBytes = int64_t{64} << 20;
constexpr uint32_t kRowsAtOnce = 16;

}  // namespace

clq_tensor_desc row_major(int32_t dtype, const std::vector<int64_t>& dims) {
  clq_tensor_desc desc{};
  desc.dtype = dtype;
  desc.rank = static_cast<int32_t>(dims.size());
  int64_t stride = 1;
  for (size_t d = dims.size(); d-- > 0; stride *= dims[d]) desc.dims[d] = dims[d], desc.strides[d] = stride;
  return desc;
}

int64_t sample_bytes(const clq_tensor_desc& desc) {
  const bool known = desc.dtype >= CLQ_F16 && desc.dtype <= CLQ_U64 && desc.rank >= 0 && desc.rank <= CLQ_MAX_RANK;
  int64_t bytes = known ? test::width_of(desc.dtype) : 0;
  for (int32_t d = 0; known && d < desc.rank; ++d)
    if (desc.dims[d] < 1 || __builtin_mul_overflow(bytes, desc.dims[d], &bytes)) bytes = 0;
  if (bytes < 1 || bytes > int64_t{1} << 40)
    throw std::runtime_error(
        fmt::format("a field of dtype {} and rank {}: its samples have no size", desc.dtype, desc.rank));
  return bytes;
}

SlotSpec as_stored(const OpenedSource& source, uint32_t field) {
  const clq_tensor_desc& sample = source.field(field).sample;
  std::vector<int64_t> dims(sample.dims, sample.dims + std::clamp(sample.rank, 0, CLQ_MAX_RANK));
  std::replace(dims.begin(), dims.end(), int64_t{-1}, kRaggedRoom);
  return {field, row_major(sample.dtype, dims), (source.field(field).flags & CLQ_FIELD_RAGGED) != 0};
}

std::vector<SlotSpec> as_stored(const OpenedSource& source, const std::vector<uint32_t>& fields) {
  std::vector<SlotSpec> specs;
  for (const uint32_t f : fields) specs.push_back(as_stored(source, f));
  return specs;
}

Batch::Batch(const std::vector<SlotSpec>& specs, uint32_t room, int64_t gap) {
  for (const SlotSpec& spec : specs) {
    const int64_t bytes = bytes_.emplace_back(sample_bytes(spec.want)), stride = bytes + gap;
    GuardedBytes& memory = memory_.emplace_back((room - 1) * stride + bytes);
    auto& shapes = shapes_.emplace_back(spec.ragged ? room * static_cast<size_t>(spec.want.rank) : 0);
    slots_.push_back(
        {memory.data(), stride, memory.bytes(), spec.ragged ? shapes.data() : nullptr, spec.want, spec.field, 0});
  }
}

size_t Batch::width(size_t slot) const {
  const size_t shape =
      slots_[slot].shapes == nullptr ? 0 : static_cast<size_t>(slots_[slot].want.rank) * sizeof(int64_t);
  return static_cast<size_t>(bytes_[slot]) + shape;
}

void Batch::copy(size_t slot, uint32_t sample, std::byte* to) const {
  const clq_slot& from = slots_[slot];
  const auto bytes = static_cast<size_t>(bytes_[slot]);
  std::memcpy(to, static_cast<const std::byte*>(from.data) + sample * from.sample_stride, bytes);
  if (from.shapes != nullptr) std::memcpy(to + bytes, from.shapes + sample * from.want.rank, width(slot) - bytes);
}

void Batch::fill(std::byte with) {
  for (GuardedBytes& memory : memory_) std::fill_n(memory.data(), memory.bytes(), with);
}

bool Batch::rest_intact(size_t slot, uint32_t n, std::byte filled) const {
  const clq_slot& s = slots_[slot];
  const auto* data = static_cast<const std::byte*>(s.data);
  for (int64_t at = 0; at < s.bytes; ++at) {
    const bool in_sample = at / s.sample_stride < n && at % s.sample_stride < bytes_[slot];
    if (!in_sample && data[at] != filled) return false;
  }
  return memory_[slot].slack_intact();
}

std::vector<Bytes> read_samples(const OpenedSource& source, const std::vector<SlotSpec>& specs,
                                std::span<const int64_t> rows, uint32_t batch) {
  std::vector<uint32_t> fields;
  for (const SlotSpec& spec : specs) fields.push_back(spec.field);
  OpenedReader reader(source, fields);
  Batch memory(specs, batch);
  std::vector<Bytes> all;
  for (size_t s = 0; s < specs.size(); ++s) all.emplace_back(rows.size() * memory.width(s));
  for (size_t first = 0; first < rows.size(); first += batch) {
    const auto some = rows.subspan(first, std::min<size_t>(batch, rows.size() - first));
    reader.read_all(some, memory.slots());
    for (size_t s = 0; s < specs.size(); ++s)
      for (uint32_t k = 0; k < some.size(); ++k) memory.copy(s, k, all[s].data() + (first + k) * memory.width(s));
  }
  return all;
}

void read_good(OpenedReader& reader, Batch& batch, std::span<const int64_t> rows,
               const std::function<void(size_t, uint32_t)>& take) {
  size_t step = rows.size();  // all at once; behind a bad one each alone
  for (size_t at = 0; at < rows.size();) {
    clq_read io = request(rows.subspan(at, std::min(step, rows.size() - at)), batch.slots());
    const clq_status status = reader.read(io);
    if (status != CLQ_E_DATA) require_ok(status, fmt::format("read of sample {}", rows[at]));
    if (io.n_done > io.n_samples || (status == CLQ_OK && io.n_done < io.n_samples))
      throw std::runtime_error(fmt::format("read: status {}, n_done {} of {}", status, io.n_done, io.n_samples));
    for (uint32_t k = 0; k < io.n_done; ++k) take(at + k, k);
    at += io.n_done + (status == CLQ_OK ? 0 : 1);
    if (status == CLQ_E_DATA) step = 1;
  }
}

std::vector<int64_t> readable_rows(const OpenedSource& source, int64_t most) {
  source.require_rows();
  const auto specs = as_stored(source, source.fields());
  int64_t bytes = 0;
  for (const SlotSpec& spec : specs) bytes += sample_bytes(spec.want);
  const int64_t n =
      std::min({source.info().n_samples, most, std::max<int64_t>(kMostBytes / std::max<int64_t>(bytes, 1), 1)});
  OpenedReader reader(source, source.fields());
  Batch batch(specs, kRowsAtOnce);
  std::vector<int64_t> good;
  const auto end = std::chrono::steady_clock::now() + std::chrono::milliseconds(200);
  for (int64_t first = 0; first < n && (good.empty() || std::chrono::steady_clock::now() < end);) {
    std::vector<int64_t> some;
    for (; first < n && some.size() < kRowsAtOnce; ++first) some.push_back(first);
    read_good(reader, batch, some, [&](size_t position, uint32_t) { good.push_back(some[position]); });
  }
  if (good.empty()) throw std::runtime_error(fmt::format("none of {} samples can be read: {}", n, test::error_text()));
  return good;
}

std::string difference(const OpenedSource& source, const std::vector<SlotSpec>& specs, std::span<const int64_t> rows,
                       const std::vector<Bytes>& a, const std::vector<Bytes>& b) {
  for (size_t s = 0; s < specs.size(); ++s) {
    const auto at = std::mismatch(a[s].begin(), a[s].end(), b[s].begin(), b[s].end()).first - a[s].begin();
    if (a[s].size() == b[s].size() && at == static_cast<int64_t>(a[s].size())) continue;
    const auto width = static_cast<int64_t>(a[s].size() / rows.size());
    return fmt::format("field {}, sample {}, byte {}", source.field(specs[s].field).name,
                       rows[static_cast<size_t>(at / width)], at % width);
  }
  return "";
}

}  // namespace clq::conformance
