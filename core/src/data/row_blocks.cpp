// core/src/data/row_blocks.cpp -- one input of many rows, block by block on several threads.
// SPDX-License-Identifier: BSD-3-Clause
#include "data/row_blocks.hpp"

#include <algorithm>
#include <atomic>
#include <exception>
#include <limits>
#include <memory>
#include <mutex>
#include <thread>

#include "base/signals_blocked.hpp"

namespace clq {
namespace {

class FirstError {  // of several threads: the one of the lowest block, so that words do not depend on timing
 public:
  void keep(int64_t block, std::exception_ptr error) {
    const std::lock_guard lock(mutex_);
    if (block >= block_) return;
    block_ = block;
    error_ = std::move(error);
  }
  void rethrow() const {
    if (error_) std::rethrow_exception(error_);
  }

 private:
  std::mutex mutex_;
  int64_t block_ = std::numeric_limits<int64_t>::max();
  std::exception_ptr error_;
};

struct Worker {  // one thread's cursor and memory
  std::unique_ptr<ColumnReader> reader;
  std::vector<std::byte*> data;
  Tensor values;
  std::vector<int64_t> samples;
  std::vector<uint8_t> unreadable;
};

Worker make_worker(const DataSource& source, const BatchLayout& layout, uint32_t tensor, uint32_t index, uint32_t count,
                   int64_t block) {
  Worker worker;
  worker.reader = std::make_unique<ColumnReader>(source, layout, std::vector<uint32_t>{tensor}, index, count, nullptr);
  worker.values = Tensor({CLQ_F32, {block, layout.tensors[tensor].desc.count()}});
  worker.data.assign(layout.tensors.size(), nullptr);
  worker.data[tensor] = worker.values.bytes();
  return worker;
}

struct Pass {
  int64_t n, block, width;
  const std::function<int64_t(int64_t)>& sample_of;
  const std::function<void(const RowBlock&)>& use;
};

void run_block(Worker& worker, const Pass& pass, int64_t index) {
  const int64_t first = index * pass.block, end = std::min(first + pass.block, pass.n);
  worker.samples.clear();
  for (int64_t i = first; i < end; ++i) worker.samples.push_back(pass.sample_of(i));
  ReadFault fault;
  worker.reader->read(worker.data, worker.samples, worker.unreadable, fault);
  const auto used = static_cast<size_t>((end - first) * pass.width);
  pass.use({index, first, pass.width, worker.values.as<float>().first(used), worker.unreadable, fault});
}

void run_share(Worker& worker, const Pass& pass, std::atomic<int64_t>& next, int64_t end, FirstError& error) noexcept {
  for (int64_t index = next.fetch_add(1); index < end; index = next.fetch_add(1)) {
    try {
      run_block(worker, pass, index);
    } catch (...) {
      error.keep(index, std::current_exception());
      return;
    }
  }
}

// This thread goes on to work, too, and keeps its signals.
void start_threads(std::vector<std::jthread>& threads, size_t n, const std::function<void(size_t)>& body) {
  const SignalsBlocked blocked;
  for (size_t t = 0; t < n; ++t) threads.emplace_back(body, t);
}

void run_blocks(std::vector<Worker>& workers, const Pass& pass, int64_t first, int64_t end) {
  std::atomic<int64_t> next{first};
  FirstError error;
  {
    std::vector<std::jthread> threads;
    start_threads(threads, workers.size() - 1, [&](size_t w) { run_share(workers[w + 1], pass, next, end, error); });
    run_share(workers[0], pass, next, end, error);
  }
  error.rethrow();
}

}  // namespace

void FirstUnreadable::keep(const RowBlock& block) {
  if (block.fault.position < 0) return;
  const std::lock_guard lock(mutex_);
  if (block.index >= block_) return;
  block_ = block.index;
  words_ = block.fault.words;
}

void FirstUnreadable::fail_none(int64_t rows) const {
  fail(CLQ_E_DATA, "none of {} training rows can be read; the first: {}", rows, words_);
}

void for_each_block(const DataSource& source, const BatchLayout& layout, uint32_t tensor, uint32_t readers, int64_t n,
                    int64_t block, const std::function<int64_t(int64_t)>& sample_of,
                    const std::function<void(const RowBlock&)>& use,
                    const std::function<void(int64_t, int64_t)>& done) {
  uint32_t count = std::max(readers, 1u);
  if (source.schema().max_readers > 0) count = std::min(count, source.schema().max_readers);
  std::vector<Worker> workers;
  for (uint32_t w = 0; w < count; ++w) workers.push_back(make_worker(source, layout, tensor, w, count, block));
  const int64_t width = layout.tensors[tensor].desc.count();
  const Pass pass{n, block, width, sample_of, use};
  const int64_t blocks = (n + block - 1) / block;
  for (int64_t first = 0; first < blocks; first += kBlocksInFlight) {
    const int64_t end = std::min(first + kBlocksInFlight, blocks);
    run_blocks(workers, pass, first, end);
    done(first, end);
  }
}

}  // namespace clq
