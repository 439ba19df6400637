// core/src/config/expression.hpp -- the one grammar of `where` and other expressions.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace clq {

// numbers, names (`e_B-V` where one is no plain word), + - * / **, comparisons, && || !, and the functions of
// kFunctions (expression_parse.cpp); a null (NaN) makes a comparison false. A parse error shows the text and a caret
// under the place, in one line: "where: ... at column 7 ...".
class Expression {
 public:
  static Expression parse(const std::string& text, const std::string& key);
  const std::vector<std::string>& names() const { return names_; }
  // values[k][i]: names()[k] in row i; all of length n. [any-thread]
  void evaluate(std::span<const double* const> values, int64_t n, double* out) const;
  // One row: values[k] is names()[k]. Allocates nothing. [any-thread]
  static constexpr size_t kRowNames = 64;  // and operands at once, at most
  double evaluate_row(const double* values) const noexcept;

 private:
  struct Node;
  std::vector<std::string> names_;
  std::shared_ptr<const Node> root_;
};

}  // namespace clq
