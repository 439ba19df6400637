// core/src/data/derived_inputs.hpp -- inputs computed from the columns of a row, before any transform.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <vector>

#include "config/expression.hpp"
#include "data/batch_layout.hpp"

namespace clq {

// data.derived: each expression over columns of data.scalars with one value a row gives one input, behind the columns
// in the order written.
class DerivedInputs {
 public:
  DerivedInputs() = default;
  explicit DerivedInputs(const BatchLayout& layout);  // an expression that names no such column: one clear line
  void apply(float* row) const noexcept;              // fills the end of a row whose columns are read [any-thread]

 private:
  struct Input {
    Expression expression;
    std::vector<size_t> columns;  // where the names of the expression are in the row
  };
  std::vector<Input> inputs_;
  size_t first_ = 0;  // the columns of a row
};

}  // namespace clq
