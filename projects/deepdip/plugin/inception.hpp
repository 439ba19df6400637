// projects/deepdip/plugin/inception.hpp -- the builder that entry.cpp offers as layer "deepdip.inception".
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <calanque/plugin/builder.h>

namespace deepdip {

// Pasquet et al. 2019, A&A 621, A26, figure 2: src [N, C, H, W] -> [N, 3 channels + reduce, H, W], side by side
//   conv 1x1 channels | conv 1x1 reduce, conv 5x5 channels | conv 1x1 reduce, conv 3x3 channels |
//   conv 1x1 reduce, mean of 2x2 with stride 1
// with a PReLU after every convolution. Options: reduce, channels; five = true (false leaves the 5x5 branch out),
// bias_init = 0.1, slope = 0 as in the authors' program.
extern const clq_builder kInception;

}  // namespace deepdip
