// core/src/config/expression.cpp -- evaluates expressions over columns, block by block.
// SPDX-License-Identifier: BSD-3-Clause
#include "config/expression.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include <calanque/core/error.hpp>

#include "config/expression_code.hpp"

namespace clq {

struct Expression::Node : ExpressionCode {};

namespace {

constexpr int64_t kRows = 512;  // of a block: a stack of some columns stays in the first-level cache
constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

bool is_true(double x) { return x != 0 && !std::isnan(x); }  // a null is not true; nor is its opposite
bool is_null(double x, double y) { return std::isnan(x) || std::isnan(y); }

// Half the square of e, linear where |e| is above delta.
double huber(double e, double delta) {
  const double size = std::fabs(e);
  if (is_null(e, delta)) return kNan;
  const double q = std::min(size, delta);
  return q * (size - q / 2);
}

template <class Body>
void map1(double* a, int64_t n, Body body) {
  for (int64_t i = 0; i < n; ++i) a[i] = body(a[i]);
}

template <class Body>
void map2(double* a, const double* b, int64_t n, Body body) {
  for (int64_t i = 0; i < n; ++i) a[i] = body(a[i], b[i]);
}

void run1(Instr what, double* a, int64_t n) {
  switch (what) {
    case Instr::negate:
      return map1(a, n, [](double x) { return -x; });
    case Instr::logical_not:
      return map1(a, n, [](double x) { return x == 0 ? 1.0 : 0.0; });
    case Instr::isnan:
      return map1(a, n, [](double x) { return std::isnan(x) ? 1.0 : 0.0; });
    case Instr::abs:
      return map1(a, n, [](double x) { return std::fabs(x); });
    case Instr::sqrt:
      return map1(a, n, [](double x) { return std::sqrt(x); });
    case Instr::log:
      return map1(a, n, [](double x) { return std::log(x); });
    case Instr::log10:
      return map1(a, n, [](double x) { return std::log10(x); });
    case Instr::exp:
      return map1(a, n, [](double x) { return std::exp(x); });
    case Instr::floor:
      return map1(a, n, [](double x) { return std::floor(x); });
    case Instr::square:
      return map1(a, n, [](double x) { return x * x; });
    case Instr::softplus:
      return map1(a, n, [](double x) { return std::max(x, 0.0) + std::log1p(std::exp(-std::fabs(x))); });
    case Instr::sigmoid:
      return map1(a, n, [](double x) { return 1 / (1 + std::exp(-x)); });
    case Instr::tanh:
      return map1(a, n, [](double x) { return std::tanh(x); });
    case Instr::erf:
      return map1(a, n, [](double x) { return std::erf(x); });
    default:
      fail(CLQ_E_INTERNAL, "instruction {} takes no single operand", static_cast<int>(what));
  }
}

void run2(Instr what, double* a, const double* b, int64_t n) {
  switch (what) {
    case Instr::add:
      return map2(a, b, n, [](double x, double y) { return x + y; });
    case Instr::subtract:
      return map2(a, b, n, [](double x, double y) { return x - y; });
    case Instr::multiply:
      return map2(a, b, n, [](double x, double y) { return x * y; });
    case Instr::divide:
      return map2(a, b, n, [](double x, double y) { return x / y; });
    case Instr::power:
      return map2(a, b, n, [](double x, double y) { return std::pow(x, y); });
    case Instr::less:
      return map2(a, b, n, [](double x, double y) { return x < y ? 1.0 : 0.0; });
    case Instr::less_equal:
      return map2(a, b, n, [](double x, double y) { return x <= y ? 1.0 : 0.0; });
    case Instr::greater:
      return map2(a, b, n, [](double x, double y) { return x > y ? 1.0 : 0.0; });
    case Instr::greater_equal:
      return map2(a, b, n, [](double x, double y) { return x >= y ? 1.0 : 0.0; });
    case Instr::equal:
      return map2(a, b, n, [](double x, double y) { return x == y ? 1.0 : 0.0; });
    case Instr::not_equal:
      return map2(a, b, n, [](double x, double y) { return x < y || x > y ? 1.0 : 0.0; });
    case Instr::logical_and:
      return map2(a, b, n, [](double x, double y) { return is_true(x) && is_true(y) ? 1.0 : 0.0; });
    case Instr::logical_or:
      return map2(a, b, n, [](double x, double y) { return is_true(x) || is_true(y) ? 1.0 : 0.0; });
    case Instr::minimum:
      return map2(a, b, n, [](double x, double y) { return is_null(x, y) ? kNan : std::min(x, y); });
    case Instr::maximum:
      return map2(a, b, n, [](double x, double y) { return is_null(x, y) ? kNan : std::max(x, y); });
    case Instr::huber:
      return map2(a, b, n, huber);
    default:
      fail(CLQ_E_INTERNAL, "instruction {} takes no two operands", static_cast<int>(what));
  }
}

// The second where the first is true, else the third.
void choose(double* a, const double* b, const double* c, int64_t n) {
  for (int64_t i = 0; i < n; ++i) a[i] = is_true(a[i]) ? b[i] : c[i];
}

// `stack` has columns of `stride` rows; fill puts the n rows of a name into one.
template <class Fill>
void run_block(const ExpressionCode& program, Fill fill, int64_t n, int64_t stride, double* stack) {
  double* top = stack;  // the next free column
  for (const Code& code : program.code) {
    if (code.what == Instr::number || code.what == Instr::name) {
      if (code.what == Instr::number)
        std::fill_n(top, n, code.number);
      else
        fill(code.name, top);
      top += stride;
    } else if (code.what < Instr::add) {
      run1(code.what, top - stride, n);
    } else if (code.what == Instr::where) {
      top -= 2 * stride;
      choose(top - stride, top, top + stride, n);
    } else {
      top -= stride;
      run2(code.what, top - stride, top, n);
    }
  }
}

}  // namespace

Expression Expression::parse(const std::string& text, const std::string& key) {
  Expression expression;
  Node node{parse_expression(text, key)};
  CLQ_REQUIRE(node.depth <= kRowNames, "{}: the expression is nested too deeply", key);
  expression.names_ = node.names;
  expression.root_ = std::make_shared<const Node>(std::move(node));
  return expression;
}

void Expression::evaluate(std::span<const double* const> values, int64_t n, double* out) const {
  CLQ_REQUIRE(values.size() == names_.size(), "{} columns for {} names", values.size(), names_.size());
  std::vector<double> stack(root_->depth * static_cast<size_t>(kRows));
  for (int64_t first = 0; first < n; first += kRows) {
    const int64_t rows = std::min(kRows, n - first);
    const auto fill = [&](uint32_t name, double* column) { std::copy_n(values[name] + first, rows, column); };
    run_block(*root_, fill, rows, kRows, stack.data());
    std::copy_n(stack.data(), rows, out + first);
  }
}

double Expression::evaluate_row(const double* values) const noexcept {
  std::array<double, kRowNames> stack;
  run_block(
      *root_, [values](uint32_t name, double* column) { *column = values[name]; }, 1, 1, stack.data());
  return stack[0];
}

}  // namespace clq
