// capi/src/advance.hpp -- a call in which a trainer takes steps, or changes what the next one sees.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "boxes.hpp"
#include "guard.hpp"
#include "handles.hpp"

namespace clq::capi {

// body(trainer) returns whether the training is finished.
template <class Body>
clq_status advance(clq_handle handle, Body&& body) {
  return guard_status([&]() -> clq_status {
    const auto box = get_handle<TrainerBox>(handle);
    const auto lock = box->use();
    box->model().trained();
    box->finished = body(box->trainer());
    return box->finished || box->trainer().stopped() ? CLQ_END : CLQ_OK;
  });
}

// body(trainer) returns nothing.
template <class Body>
clq_status with_trainer(clq_handle handle, Body&& body) {
  return guard([&] {
    const auto box = get_handle<TrainerBox>(handle);
    const auto lock = box->use();
    body(box->trainer());
  });
}

}  // namespace clq::capi
