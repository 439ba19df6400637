// core/src/config/loss_formula.hpp -- a loss written as an expression of y, what the network gives, and z, the target.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <string>
#include <vector>

#include "config/expression_code.hpp"

namespace clq {

struct FormulaName {
  bool is_output;      // y or y_<number>; else z or z_<number>
  int64_t number = 0;  // counted from 1; 0: y or z as a whole
};

struct LossFormula {
  ExpressionCode code;
  std::vector<FormulaName> names;  // of code.names
  // The largest number of a y; 0: none has one.
  int64_t outputs() const;
  bool is_numbered() const;  // a y or z is
};

// "huber(y - z, 0.05)"; "mse" and "plugin.loss" are names.
bool is_formula(const std::string& loss);
// Refuses other names, an expression that the output does not move, and a constant delta of huber that is not positive.
LossFormula parse_loss_formula(const std::string& text, const std::string& key);

}  // namespace clq
