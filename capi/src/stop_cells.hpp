// capi/src/stop_cells.hpp -- how a signal handler finds a trainer: no lock, no allocation.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstddef>

#include <calanque/core/trainer.hpp>

#include <calanque/calanque.h>

namespace clq::capi {

inline constexpr size_t kMostTrainers = 256;

bool open_stop_cell(clq_handle handle, Trainer& trainer) noexcept;  // false beyond kMostTrainers
void close_stop_cell(clq_handle handle) noexcept;                   // when it returns nobody is inside stop()
void stop_trainer(clq_handle handle) noexcept;                      // [any-thread, signal handlers]

}  // namespace clq::capi
