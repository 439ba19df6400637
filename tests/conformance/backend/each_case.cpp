// tests/conformance/backend/each_case.cpp -- the cases of an op, one after the other.
// SPDX-License-Identifier: BSD-3-Clause
#include "conformance/backend/each_case.hpp"

namespace clq::conformance {

std::string text_of(const test::OpCase& c) {
  std::string text = c.op;
  for (const test::Array& a : c.inputs) text += fmt::format(" [{}]", fmt::join(a.dims, ", "));
  if (c.behind_convs) text += " behind convolutions";
  for (const auto& [name, value] : c.attrs) {
    if (const auto* list = std::get_if<test::Dims>(&value)) text += fmt::format(" {} {}", name, fmt::join(*list, ","));
    if (const auto* number = std::get_if<int64_t>(&value)) text += fmt::format(" {} {}", name, *number);
  }
  return text;
}

void each_case(UnderTest& tested, const std::string& op, uint64_t seed, Findings& findings,
               const std::function<void(const test::OpCase&)>& look) {
  size_t all = 0, refused = 0;
  std::string reason;
  for (const test::OpCase& c : test::op_cases(seed, 4)) {
    if (c.op != op) continue;
    ++all;
    test::BuiltCase built(c);
    if (std::string why = refusal(tested.session(), built.builder.c()); !why.empty()) {
      if (refused++ == 0) reason = why;
      continue;
    }
    look(c);
  }
  if (refused == all) throw Unsupported(reason);
  findings.note("cases", fmt::format("{} of {}", all - refused, all));
  if (refused > 0) findings.note("refused", reason);
}

}  // namespace clq::conformance
