// tests/core/ops/cases.hpp -- the cases that every op must have.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdlib>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "ops/op_table.hpp"
#include "support/test_tensor.hpp"

namespace clq::test {

using BuildCase = std::function<Value(GraphBuilder&, std::span<const Value>)>;

struct GradientCase {
  std::string op;
  std::vector<Tensor> inputs;  // F64, all of them differentiated
  BuildCase build;
  bool zero = false;  // by definition, whatever differences say
};
std::vector<GradientCase> gradient_cases();

struct ClosedFormCase {
  std::string op;
  std::vector<Tensor> inputs;
  BuildCase build;
  Tensor expected;
};
std::vector<ClosedFormCase> closed_form_cases();
void add_window_closed_forms(std::vector<ClosedFormCase>& out);
void add_resampling_closed_forms(std::vector<ClosedFormCase>& out);

// Without those of the op CLQ_CASES_WITHOUT, where it is set: then the table of cases has a hole.
template <class Case>
std::vector<Case> as_environment_says(std::vector<Case> all) {
  if (const char* op = std::getenv("CLQ_CASES_WITHOUT")) std::erase_if(all, [op](const auto& c) { return c.op == op; });
  return all;
}

// g++ 12 warns of overlap, wrongly, where "x" + std::to_string(i) would do.
inline std::string numbered(const char* stem, size_t i) { return fmt::format("{}{}", stem, i); }

inline std::vector<InputField> fields_of(const std::vector<Tensor>& inputs) {
  std::vector<InputField> fields;
  for (size_t i = 0; i < inputs.size(); ++i) fields.push_back({numbered("x", i), inputs[i].desc()});
  return fields;
}

// One of several outputs.
inline BuildCase output(const std::string& op, size_t which, clq::Attrs attrs = {}) {
  return [=](GraphBuilder& b, std::span<const Value> x) {
    return b.op("identity/1", {b.multi_op(op, {x.begin(), x.end()}, attrs)[which]});
  };
}

// y = op(x...), with nothing else around it.
inline BuildCase just(const std::string& op, clq::Attrs attrs = {}) {
  return [=](GraphBuilder& b, std::span<const Value> x) { return b.op(op, {x.begin(), x.end()}, attrs); };
}

}  // namespace clq::test
