// tests/core/losses/run_loss.hpp -- a loss by name over one batch: its values, its prediction, its gradient.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <string>
#include <vector>

#include "support/run_graph.hpp"

namespace clq::test {

struct LossCase {
  std::string use;
  Json config;
  Tensor output, target;
  std::vector<double> weights = {};  // of the rows; none: 1 each
  std::string device = "cpu_ref";
};

// "loss" [N], "prediction", "total" = sum_i w_i loss_i as a step makes it, "gradient" of it by the output.
Tensors run_loss(const LossCase& c);
Tensors run_loss(const std::string& use, const Json& config, const Tensor& output, const Tensor& target);
// The gradient of "total" by central differences.
Tensor loss_differences(LossCase c);
std::string loss_error(const LossCase& c);  // what it says; "": nothing

}  // namespace clq::test
