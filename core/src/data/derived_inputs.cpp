// core/src/data/derived_inputs.cpp -- inputs computed from the columns of a row, before any transform.
// SPDX-License-Identifier: BSD-3-Clause
#include "data/derived_inputs.hpp"

#include <array>

namespace clq {
namespace {

size_t place_of(const std::string& name, const BatchLayout& layout, const std::string& key) {
  const int64_t scalars = layout.tensor("scalars");
  std::vector<std::string> known;
  for (const LayoutColumn& column : layout.columns) {
    if (column.tensor != scalars) continue;
    known.push_back(column.name);
    if (column.name != name) continue;
    CLQ_REQUIRE(column.count == 1, "{}: {} has {} values a row, one is needed", key, name, column.count);
    return static_cast<size_t>(column.offset);
  }
  fail(CLQ_E_INVALID, "{}: '{}' is not a column of data.scalars{}", key, name, did_you_mean(name, known));
}

}  // namespace

DerivedInputs::DerivedInputs(const BatchLayout& layout) : first_(static_cast<size_t>(layout.columns_width())) {
  for (const DerivedColumn& derived : layout.derived) {
    const std::string key = "data.derived." + derived.name;
    Input input{Expression::parse(derived.expression, key), {}};
    for (const std::string& name : input.expression.names()) input.columns.push_back(place_of(name, layout, key));
    CLQ_REQUIRE(input.columns.size() <= Expression::kRowNames, "{}: {} columns, at most {} can be used", key,
                input.columns.size(), Expression::kRowNames);
    inputs_.push_back(std::move(input));
  }
}

void DerivedInputs::apply(float* row) const noexcept {
  std::array<double, Expression::kRowNames> values;
  for (size_t d = 0; d < inputs_.size(); ++d) {
    const Input& input = inputs_[d];
    for (size_t k = 0; k < input.columns.size(); ++k) values[k] = static_cast<double>(row[input.columns[k]]);
    row[first_ + d] = static_cast<float>(input.expression.evaluate_row(values.data()));
  }
}

}  // namespace clq
