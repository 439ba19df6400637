// tests/conformance/parts/cases.cpp -- the lists of them, by what a plugin offers.
// SPDX-License-Identifier: BSD-3-Clause
#include "conformance/parts/lists.hpp"

namespace clq::conformance {
namespace {

std::vector<Case> listed(void (*add)(std::vector<Case>&)) {
  std::vector<Case> cases;
  add(cases);
  return cases;
}

}  // namespace

std::vector<Case> layer_cases() { return listed(add_layer_cases); }
std::vector<Case> loss_cases() { return listed(add_loss_cases); }
std::vector<Case> optimizer_cases() { return listed(add_optimizer_cases); }
std::vector<Case> metric_cases() { return listed(add_metric_cases); }
std::vector<Case> plugin_op_cases() { return listed(add_plugin_op_cases); }

}  // namespace clq::conformance
