// tests/conformance/parts/lists.hpp -- the families of cases that layers, losses, optimizers, metrics and ops must
// pass. SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "conformance/case.hpp"

namespace clq::conformance {

void add_layer_cases(std::vector<Case>& cases);
void add_loss_cases(std::vector<Case>& cases);
void add_optimizer_cases(std::vector<Case>& cases);
void add_metric_cases(std::vector<Case>& cases);
void add_plugin_op_cases(std::vector<Case>& cases);

}  // namespace clq::conformance
