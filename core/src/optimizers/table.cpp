// core/src/optimizers/table.cpp -- the core's optimizers by name.
// SPDX-License-Identifier: BSD-3-Clause
#include "optimizers/optimizers.hpp"

namespace clq {
namespace {

constexpr OptimizerEntry kOptimizers[] = {
    {"sgd", make_sgd}, {"adam", make_adam}, {"adamw", make_adamw}, {"rmsprop", make_rmsprop}, {"lamb", make_lamb}};

}  // namespace

std::span<const OptimizerEntry> optimizer_table() { return kOptimizers; }

}  // namespace clq
