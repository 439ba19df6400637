// tests/guest/arrays.cpp -- small whole numbers over powers of two.
// SPDX-License-Identifier: BSD-3-Clause
#include "arrays.hpp"

namespace clq::guest {
namespace {

constexpr const char* kTable = R"(
task = "regression"
[data]
id = "nr"
scalars = ["a", "b"]
target = "y"
[split]
valid = 0.25
[[transform]]
use = "standardise"
[[model.layer]]
use = "dense"
units = 16
activation = "tanh"
[[model.layer]]
use = "dense"
[train]
epochs = 3
batch = 32
log_every = 2
optimizer = { name = "adam", lr = 0.01 }
)";

constexpr const char* kImages = R"(
task = "regression"
[data]
id = "nr"
target = "y"
images = "images"
[split]
valid = 0.25
[[model.layer]]
use = "conv"
channels = 16
kernel = 3
activation = "relu"
[[model.layer]]
use = "global_avg_pool"
[[model.layer]]
use = "dense"
[train]
epochs = 1
batch = 32
optimizer = { name = "sgd", lr = 0.01 }
)";

}  // namespace

Arrays::Arrays() {
  for (int64_t i = 0; i < kRows; ++i) {
    const float one = static_cast<float>(i * 37 % 101 - 50) / 64.0f;
    const float other = static_cast<float>(i * 53 % 89 - 44) / 64.0f;
    a.push_back(one);
    b.push_back(other);
    y.push_back(static_cast<double>(one) - 2.0 * static_cast<double>(other));
    nr.push_back(1000000007 * (i + 1));
    for (int64_t p = 0; p < kBands * kSide * kSide; ++p)
      images.push_back(static_cast<float>((i * 31 + p * 17) % 127 - 63) / 32.0f);
  }
}

std::string run_file(Network network, const std::string& device) {
  return std::string(network == Network::table ? kTable : kImages) + "[compute]\nthreads = 2\ndevices = [\"" + device +
         "\"]\n";
}

}  // namespace clq::guest
