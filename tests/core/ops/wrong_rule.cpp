// tests/core/ops/wrong_rule.cpp -- an op table with one gradient rule that is wrong by a factor.
// SPDX-License-Identifier: BSD-3-Clause
#include "core/ops/wrong_rule.hpp"

#include <cstdlib>
#include <sstream>

#include <calanque/core/error.hpp>

namespace clq::test {
namespace {

// The table has no way to change a rule, and should have none: an explicit instantiation may name what is private.
auto& entries_of(OpTable& ops);
template <auto Member>
struct Opened {
  friend auto& entries_of(OpTable& ops) { return ops.*Member; }
};
template struct Opened<&OpTable::entries_>;

GradientRule right = nullptr;
double wrong_by = 1;

std::vector<Value> wrong(GraphBuilder& builder, const Op& op, std::span<const Value> diff_outputs) {
  std::vector<Value> diffs = right(builder, op, diff_outputs);
  for (Value& diff : diffs)
    if (diff) diff = builder.op("mul/1", {diff, builder.constant(wrong_by, builder.dtype(diff))});
  return diffs;
}

}  // namespace

void plant_wrong_rule(OpTable& ops, const std::string& op, double factor) {
  for (auto& [name, entry] : entries_of(ops)) {
    if (name != op) continue;
    CLQ_REQUIRE(entry.rule.gradient != nullptr, "{} has no gradient rule", op);
    right = entry.rule.gradient;
    wrong_by = factor;
    entry.rule.gradient = wrong;
    return;
  }
  clq::fail(CLQ_E_INVALID, "no op {}", op);
}

void plant_wrong_rule_of_environment(OpTable& ops) {
  const char* text = std::getenv("CLQ_WRONG_RULE");
  if (text == nullptr) return;
  std::istringstream in(text);
  std::string op;
  double factor = 1;
  in >> op >> factor;
  plant_wrong_rule(ops, op, factor);
}

}  // namespace clq::test
