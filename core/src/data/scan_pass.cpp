// core/src/data/scan_pass.cpp -- the one pass of a scan over the rows, on several threads.
// SPDX-License-Identifier: BSD-3-Clause
#include "data/scan_pass.hpp"

#include <algorithm>
#include <exception>
#include <mutex>
#include <numeric>
#include <thread>

#include "base/signals_blocked.hpp"
#include "data/column_reader.hpp"

namespace clq {
namespace {

constexpr int64_t kBlockBytes = int64_t{8} << 20;
constexpr int64_t kBlockRows = 4096;
constexpr size_t kMostWords = 400;

int64_t row_bytes(const BatchLayout& layout) {
  int64_t bytes = 0;
  for (const InputField& tensor : layout.tensors) bytes += tensor.desc.bytes();
  return bytes;
}

// Each has a column.
std::vector<uint32_t> all_tensors(const BatchLayout& layout) {
  std::vector<uint32_t> tensors(layout.tensors.size());
  std::iota(tensors.begin(), tensors.end(), 0u);
  return tensors;
}

class ScanWorker {
 public:
  ScanWorker(ScanPass& pass, uint32_t index, uint32_t count, int64_t block)
      : pass_(pass), reader_(pass.source, pass.layout, all_tensors(pass.layout), index, count, nullptr) {
    share_.series = pass.series;
    for (const InputField& tensor : pass.layout.tensors) {
      TensorDesc desc = tensor.desc;
      desc.dims.insert(desc.dims.begin(), block);
      values_.emplace_back(desc);
      data_.push_back(values_.back().bytes());
    }
    for (size_t s = 0; s < share_.series.size(); ++s)
      for (const LayoutColumn& column : pass.layout.columns)
        if (column.field == share_.series[s].field) tensors_.push_back(column.tensor);
  }

  void scan(int64_t first, int64_t end) {
    std::vector<int64_t> rows(static_cast<size_t>(end - first));
    std::iota(rows.begin(), rows.end(), first);
    ReadFault fault;
    reader_.read(data_, rows, unreadable_, fault);
    for (size_t i = 0; i < rows.size(); ++i) {
      if (unreadable_[i] != 0)
        add_unreadable(rows[i], fault.position == static_cast<int64_t>(i) ? fault.words : "");
      else
        add(rows[i], static_cast<int64_t>(i));
    }
    if (pass_.options.done != nullptr) pass_.options.done->fetch_add(end - first);
  }

  ScanShare take() { return std::move(share_); }

 private:
  void add(int64_t row, int64_t i) {
    BadRow bad{row, 0, ""};
    for (size_t s = 0; s < share_.series.size(); ++s) {
      SeriesScan& series = share_.series[s];
      const TensorDesc& desc = pass_.layout.tensors[tensors_[s]].desc;
      const std::byte* at = data_[tensors_[s]] + i * desc.bytes() + series.offset * dtype_bytes(desc.dtype);
      const auto n = static_cast<size_t>(series.count);
      if (series.is_text)
        add_text(series, {reinterpret_cast<const uint8_t*>(at), n});
      else if (desc.dtype == CLQ_F32)
        judge(bad, series, add_numbers(s, row, std::span(reinterpret_cast<const float*>(at), n)));
      else
        judge(bad, series, add_numbers(s, row, std::span(reinterpret_cast<const double*>(at), n)));
    }
    keep(std::move(bad));
  }

  template <class T>
  double add_numbers(size_t s, int64_t row, std::span<const T> values) {
    pass_.samples[s].take(row, values, pass_.options.nulls);
    return add_row(share_.series[s], values, pass_.options.nulls);
  }

  static void judge(BadRow& bad, const SeriesScan& series, double missing) {
    const auto add = [&](RowProblem problem, const std::string& words) {
      bad.problems |= problem;
      bad.words += (bad.words.empty() ? "" : "; ") + words;
    };
    if (series.is_band && missing >= 1)
      add(kRowMissingBand, series.name + " has no finite pixel");
    else if (series.is_band && missing > kGappy)
      add(kRowGappyBand, fmt::format("{}: {:.1f} % of the pixels are missing", series.name, 100 * missing));
    else if (!series.is_band && series.is_used && missing > 0)
      add(kRowMissingValue, series.name + " is missing");
  }

  // A block tells the words of its first bad row: those of another one come with reading it again.
  void add_unreadable(int64_t row, std::string words) {
    if (words.empty()) {
      std::vector<uint8_t> again;
      ReadFault fault;
      std::vector<Tensor> scratch;
      std::vector<std::byte*> data;
      for (const InputField& tensor : pass_.layout.tensors) {
        scratch.emplace_back(tensor.desc);
        data.push_back(scratch.back().bytes());
      }
      reader_.read(data, std::span(&row, 1), again, fault);
      words = fault.words;
    }
    const bool absent = words.find("o such file") != std::string::npos;
    keep({row, absent ? kRowMissingFile : kRowUnreadable, std::move(words)});
  }

  void keep(BadRow bad) {
    if (bad.problems == 0) return;
    share_.missing_file += (bad.problems & kRowMissingFile) != 0;
    share_.unreadable += (bad.problems & kRowUnreadable) != 0;
    share_.missing_band += (bad.problems & kRowMissingBand) != 0;
    share_.gappy_band += (bad.problems & kRowGappyBand) != 0;
    share_.missing_value += (bad.problems & kRowMissingValue) != 0;
    ++share_.bad_rows;
    pass_.bad.set(bad.row);
    if (bad.words.size() > kMostWords) bad.words.resize(kMostWords);
    if (static_cast<int64_t>(share_.bad.size()) < kMostBadRows) share_.bad.push_back(std::move(bad));
  }

  ScanPass& pass_;
  ColumnReader reader_;
  ScanShare share_;
  std::vector<Tensor> values_;  // one a tensor of the layout
  std::vector<std::byte*> data_;
  std::vector<uint32_t> tensors_;  // of each series
  std::vector<uint8_t> unreadable_;
};

struct Blocks {
  int64_t rows = 0, block = 1;
  std::atomic<int64_t> next{0};
  std::mutex mutex;
  int64_t failed = -1;
  std::exception_ptr error;
};

void work(ScanWorker& worker, Blocks& blocks) noexcept {
  for (;;) {
    const int64_t index = blocks.next.fetch_add(1), first = index * blocks.block;
    if (first >= blocks.rows) return;
    try {
      worker.scan(first, std::min(first + blocks.block, blocks.rows));
    } catch (...) {
      const std::lock_guard lock(blocks.mutex);
      if (blocks.failed < 0 || index < blocks.failed) {
        blocks.failed = index;
        blocks.error = std::current_exception();
      }
      blocks.next.store(blocks.rows);  // the others end, too
      return;
    }
  }
}

}  // namespace

std::vector<ScanShare> run_scan(ScanPass& pass) {
  const DataSchema& schema = pass.source.schema();
  Blocks blocks;
  blocks.rows = schema.n_samples;
  blocks.block = std::clamp<int64_t>(kBlockBytes / std::max<int64_t>(1, row_bytes(pass.layout)), 1, kBlockRows);
  uint32_t count = std::max(pass.options.readers, 1u);
  if (schema.max_readers > 0) count = std::min(count, schema.max_readers);
  std::vector<std::unique_ptr<ScanWorker>> workers;
  for (uint32_t w = 0; w < count; ++w) workers.push_back(std::make_unique<ScanWorker>(pass, w, count, blocks.block));
  {
    std::vector<std::jthread> threads;
    {
      const SignalsBlocked blocked;
      for (uint32_t w = 1; w < count; ++w)
        threads.emplace_back([&worker = *workers[w], &blocks] { work(worker, blocks); });
    }
    work(*workers[0], blocks);
  }
  if (blocks.error) std::rethrow_exception(blocks.error);
  std::vector<ScanShare> shares;
  for (const auto& worker : workers) shares.push_back(worker->take());
  return shares;
}

}  // namespace clq
