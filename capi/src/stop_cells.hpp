// capi/src/stop_cells.hpp -- how a signal handler finds a trainer: no lock, no allocation.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <calanque/core/trainer.hpp>

#include <calanque/calanque.h>

namespace clq::capi {

size_t reserve_stop_cell();  // CLQ_E_UNSUPPORTED beyond 256 open trainers
void open_stop_cell(size_t cell, clq_handle handle, Trainer& trainer) noexcept;
void close_stop_cell(clq_handle handle) noexcept;  // when it returns nobody is inside stop()
void stop_trainer(clq_handle handle) noexcept;     // [any-thread, signal handlers]

}  // namespace clq::capi
