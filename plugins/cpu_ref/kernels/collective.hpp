// plugins/cpu_ref/kernels/collective.hpp -- the second half of an all_reduce, put before the first use.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "kernels/op_view.hpp"

namespace clq::ref {

std::unique_ptr<Kernel> make_all_reduce_finish(uint32_t bucket);
uint32_t bucket_of(const OpView& op);

}  // namespace clq::ref
