// capi/src/stop_cells.cpp -- how a signal handler finds a trainer: no lock, no allocation.
// SPDX-License-Identifier: BSD-3-Clause
#include "stop_cells.hpp"

#include <array>
#include <atomic>
#include <thread>

namespace clq::capi {
namespace {

struct StopCell {
  std::atomic<clq_handle> handle{0};
  std::atomic<Trainer*> trainer{nullptr};
  std::atomic<int> inside{0};
};
static_assert(std::atomic<clq_handle>::is_always_lock_free && std::atomic<Trainer*>::is_always_lock_free);

constexpr clq_handle kReserved = -1;
constinit std::array<StopCell, 256> cells;

}  // namespace

size_t reserve_stop_cell() {
  for (size_t i = 0; i < cells.size(); ++i) {
    clq_handle empty = 0;
    if (cells[i].handle.compare_exchange_strong(empty, kReserved)) return i;
  }
  fail(CLQ_E_UNSUPPORTED, "more than {} trainers are open", cells.size());
}

void open_stop_cell(size_t cell, clq_handle handle, Trainer& trainer) noexcept {
  cells[cell].trainer.store(&trainer);
  cells[cell].handle.store(handle);
}

void close_stop_cell(clq_handle handle) noexcept {
  for (StopCell& cell : cells) {
    clq_handle expected = handle;
    if (!cell.handle.compare_exchange_strong(expected, kReserved)) continue;
    while (cell.inside.load() > 0) std::this_thread::yield();
    cell.handle.store(0);
    return;
  }
}

void stop_trainer(clq_handle handle) noexcept {
  if (handle <= 0) return;
  for (StopCell& cell : cells) {
    if (cell.handle.load() != handle) continue;
    cell.inside.fetch_add(1);
    if (cell.handle.load() == handle) cell.trainer.load()->stop();
    cell.inside.fetch_sub(1);
    return;
  }
}

}  // namespace clq::capi
