// plugins/fits/sink.cpp -- samples into a new FITS file with one binary table, and tables and cards beside it.
// SPDX-License-Identifier: BSD-3-Clause
#include "sink.hpp"

#include <algorithm>
#include <cstring>

#include <calanque/plugin/sdk.hpp>

#include "file_size.hpp"
#include "table/dtype.hpp"
#include "table/fingerprint.hpp"

namespace clq::fits {
namespace {

using sdk::fail;
constexpr int64_t kChunkBytes = int64_t{1} << 20;

// FITS has one sign for each width; the other is an offset of half the range, which turns the top bit.
bool is_flipped(int32_t dtype) { return dtype == CLQ_I8 || dtype == CLQ_U16 || dtype == CLQ_U32 || dtype == CLQ_U64; }

void pack_cell(const std::byte* src, std::byte* dst, int64_t elements, int64_t size, std::byte flip) {
  for (int64_t e = 0; e < elements; ++e, src += size, dst += size) {
    std::reverse_copy(src, src + size, dst);
    dst[0] ^= flip;
  }
}

void pack_text(const std::byte* src, std::byte* dst, int64_t width) {
  const auto text = table::trim_text({reinterpret_cast<const char*>(src), static_cast<size_t>(width)});
  std::memcpy(dst, text.data(), text.size());
  std::memset(dst + text.size(), ' ', static_cast<size_t>(width) - text.size());
}

}  // namespace

Sink::Sink(const char* uri, const char* options_json, std::span<const clq_field> fields, int64_t n_samples)
    : n_samples_(n_samples) {
  const table::SinkOptions options = table::parse_sink_options(options_json);
  if (n_samples < 0) fail(CLQ_E_INVALID, "a table of " + std::to_string(n_samples) + " rows; give a count from 0");
  specs_ = table::copy_fields(fields);
  fields_ = table::make_fields(specs_);
  for (const table::FieldSpec& spec : specs_) row_bytes_ += spec.elements() * table::dtype_bytes(spec.dtype);
  const int64_t size = file_size(options, specs_, n_samples);
  rows_.resize(static_cast<size_t>(std::max(row_bytes_, kChunkBytes / std::max<int64_t>(1, row_bytes_) * row_bytes_)));
  replacement_ = std::make_unique<table::Replacement>(table::path_of(uri, "fits"), table::Need{size, size});
  file_ = std::make_unique<SinkFile>(*replacement_, options, specs_, n_samples, size);
}

void Sink::write(int64_t first, uint32_t n, const clq_slot* slots) {
  if (file_ == nullptr) fail(CLQ_E_INVALID, replacement_->name() + ": is committed already");
  const std::vector<table::Target> targets = table::check_write(fields_, first, n, n_samples_, slots);
  written_.check_new(first, n, replacement_->name());
  const int64_t most = static_cast<int64_t>(rows_.size()) / row_bytes_;
  for (int64_t done = 0; done < n;) {
    const int64_t rows = std::min<int64_t>(n - done, most);
    pack_rows(targets, done, rows);
    file_->write_rows(first + done, rows * row_bytes_, rows_.data());
    done += rows;
  }
  written_.add(first, n);
}

void Sink::pack_rows(const std::vector<table::Target>& targets, int64_t first, int64_t n) {
  int64_t offset = 0;
  for (size_t f = 0; f < specs_.size(); ++f) {
    const table::Target& t = targets[f];
    const int64_t size = table::dtype_bytes(t.dtype);
    const std::byte flip = is_flipped(t.dtype) ? std::byte{0x80} : std::byte{0};
    for (int64_t row = 0; row < n; ++row) {
      std::byte* dst = rows_.data() + row * row_bytes_ + offset;
      if (specs_[f].text)
        pack_text(t.at(first + row), dst, t.elements);
      else
        pack_cell(t.at(first + row), dst, t.elements, size, flip);
    }
    offset += t.elements * size;
  }
}

void Sink::commit() {
  if (file_ == nullptr) fail(CLQ_E_INVALID, replacement_->name() + ": is committed already");
  written_.check_all(n_samples_, replacement_->name());
  file_->finish();
  file_.reset();
  replacement_->commit();
}

}  // namespace clq::fits
