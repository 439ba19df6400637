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
constinit std::array<StopCell, kMostTrainers> cells;

}  // namespace

bool open_stop_cell(clq_handle handle, Trainer& trainer) noexcept {
  for (StopCell& cell : cells) {
    clq_handle empty = 0;
    if (!cell.handle.compare_exchange_strong(empty, kReserved)) continue;
    cell.trainer.store(&trainer);
    cell.handle.store(handle);
    return true;
  }
  return false;
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
