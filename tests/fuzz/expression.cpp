// tests/fuzz/expression.cpp -- the text of a `where` or a derived input, and its value over blocks and over rows.
// SPDX-License-Identifier: BSD-3-Clause
#include "config/expression.hpp"

#include <cmath>
#include <limits>

#include <calanque/core/error.hpp>

#include "fuzz.hpp"

namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinite = std::numeric_limits<double>::infinity();
constexpr double kValues[] = {0, 1, -1.5, kNan, kInfinite, 1e300, 3, -0.0};
constexpr int64_t kRows = 8;

bool same(double a, double b) { return a == b || (std::isnan(a) && std::isnan(b)); }

// Row by row it is what it is over the block.
void compare(const clq::Expression& expression) {
  const size_t n_names = expression.names().size();
  std::vector<std::vector<double>> columns(n_names, std::vector<double>(kRows));
  std::vector<const double*> addresses;
  for (size_t k = 0; k < n_names; ++k) {
    for (size_t row = 0; row < kRows; ++row) columns[k][row] = kValues[(row + k * 3) % std::size(kValues)];
    addresses.push_back(columns[k].data());
  }
  double block[kRows];
  expression.evaluate(addresses, kRows, block);
  for (size_t row = 0; row < kRows; ++row) {
    std::vector<double> values;
    for (const auto& column : columns) values.push_back(column[row]);
    clq::fuzz::require(same(expression.evaluate_row(values.data()), block[row]),
                       "a row has another value than its block");
  }
}

}  // namespace

int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  clq::Expression expression;
  const clq_status status =
      clq::fuzz::status_of<clq::Error>([&] { expression = clq::Expression::parse(text, "where"); });
  clq::fuzz::require(status == CLQ_OK || status == CLQ_E_INVALID, "an expression is one, or it is invalid");
  if (status == CLQ_OK) compare(expression);
  return 0;
}
