// tests/guest/forked_calls.hpp -- every function that takes a handle, with one that the parent made.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "tour.hpp"
#include "training.hpp"

namespace clq::guest {

// A handle of each kind, made by the parent.
struct Held {
  explicit Held(const Training& training);
  ~Held();
  Held(const Held&) = delete;
  Held& operator=(const Held&) = delete;

  const clq_handle config, source, model, trainer;
  clq_handle batch = 0, result = 0;
};

void call_with_old_handles(Tour& tour, const Held& held);

}  // namespace clq::guest
