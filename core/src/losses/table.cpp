// core/src/losses/table.cpp -- the core's losses by name.
// SPDX-License-Identifier: BSD-3-Clause
#include "losses/losses.hpp"

namespace clq {
namespace {

constexpr LossEntry kLosses[] = {
    {"softmax_cross_entropy", make_softmax_cross_entropy},
    {"crps", make_crps},
    {"mse", make_mse},
    {"mae", make_mae},
    {"huber", make_huber},
    {"bce", make_bce},
    {"dice", make_dice},
    {"gaussian_nll", make_gaussian_nll},
    {"gaussian_crps", make_gaussian_crps},
    {"mixture_nll", make_mixture_nll},
    {"mixture_crps", make_mixture_crps},
    {"nt_xent", make_nt_xent},
    {"expression", make_expression},
};

}  // namespace

std::span<const LossEntry> loss_table() { return kLosses; }

}  // namespace clq
