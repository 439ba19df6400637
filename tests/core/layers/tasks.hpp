// tests/core/layers/tasks.hpp -- a small task with a known answer for each layer, learned by its gradient.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <functional>
#include <string>
#include <vector>

#include <calanque/core/tensor.hpp>

namespace clq::test {

struct Task {
  std::string layer;
  const char* layers;  // of the model, as a run file has them; the weights of one named "scale" start at 1
  Shape input;         // of one sample, drawn from [-1, 1)
  std::function<std::vector<double>(const std::vector<double>&)> teach;  // the target of one sample
  std::string op;                                                        // whose gradient the task needs
  double left = 1e-3;  // of the targets' variance, at most, when it has learned
  int64_t steps = 400;
  std::function<void(std::vector<double>&)> prepare = {};  // makes of the drawn sample what the task wants
  double wrong = -1;                                       // times this the gradient is wrong
};

std::vector<Task> layer_tasks();

}  // namespace clq::test
