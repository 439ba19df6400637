// tests/conformance/backend/op_cases.cpp -- what each op gives is what cpu_ref gives, again and again.
// SPDX-License-Identifier: BSD-3-Clause
#include <algorithm>
#include <cmath>
#include <set>

#include "conformance/allocation_count.hpp"
#include "conformance/backend/each_case.hpp"
#include "conformance/backend/guarded.hpp"
#include "conformance/backend/lists.hpp"
#include "conformance/hurting.hpp"
#include "ops/op_words.hpp"

namespace clq::conformance {
namespace {

using test::OpCase;

void agrees(const Subject& subject, const std::string& op, Findings& findings) {
  UnderTest tested(subject);
  test::Session reference(reference_of(subject));
  const double near = tolerance(op, CLQ_F32);
  double farthest = 0;
  test::Kinds kinds;
  each_case(tested, op, subject.seed, findings, [&](const OpCase& c) {
    test::count_kinds(c, kinds);
    const auto want = test::run_case(reference, c), got = test::run_case(tested.session(), c);
    for (size_t i = 0; i < want.size(); ++i) {
      const double d = test::distance(got[i], want[i]);
      farthest = std::isnan(d) ? d : std::max(farthest, d);
      findings.expect(d <= near, "{}: output {} is {:.3g} of its largest value from cpu_ref's, at most {:.0g} is right",
                      text_of(c), i, d, near);
    }
  });
  findings.note("largest distance", fmt::format("{:.2g}", farthest));
  findings.note("within", fmt::format("{:.0g}", near));
  findings.note("shapes", test::text_of(kinds));
  std::string lacks;
  for (const std::string& kind : test::kinds_wanted(op))
    if (!kinds.contains(kind)) lacks += (lacks.empty() ? "" : ", ") + kind;
  if (!lacks.empty()) findings.note("no shape with", lacks);
}

void repeats(const Subject& subject, const std::string& op, Findings& findings) {
  UnderTest tested(subject);
  each_case(tested, op, subject.seed + 1, findings, [&](const OpCase& c) {
    const auto first = test::run_case(tested.session(), c), second = test::run_case(tested.session(), c);
    for (size_t i = 0; i < first.size(); ++i)
      findings.expect(first[i].data == second[i].data, "{}: output {} has other bits the second time", text_of(c), i);
  });
}

void runs_quietly(const Subject& subject, const std::string& op, Findings& findings) {
  UnderTest tested(subject);
  each_case(tested, op, subject.seed + 4, findings, [&](const OpCase& c) {
    test::BuiltCase built(c);
    test::Program program(tested.session(), built.builder);
    program.run(built.inputs, c.cells);  // the first may still prepare
    count_allocations_of(subject.file);
    const clq_status status = program.run_only(c.cells);
    const int64_t n = stop_counting_allocations();
    test::check(status);
    tested.session().sync();
    findings.expect(n == 0, "{}: the second run allocated {} times in the plugin's own code, 0 is right", text_of(c),
                    n);
  });
}

void stays_inside(const Subject& subject, const std::string& op, Findings& findings) {
  UnderTest tested(subject);
  if (!tested.on_cpu()) throw Unsupported("the device's memory is its own: its tools look for writes outside");
  each_case(tested, op, subject.seed + 2, findings, [&](const OpCase& c) {
    test::BuiltCase built(c);
    run_guarded(tested, built.builder, built.inputs, c.cells, findings, text_of(c));
  });
}

}  // namespace

void add_op_cases(std::vector<Case>& cases) {
  std::set<std::string> ops;
  for (const OpCase& c : test::op_cases(1, 1)) ops.insert(c.op);
  struct Kind {
    const char *name, *what;
    void (*run)(const Subject&, const std::string&, Findings&);
  };
  constexpr Kind kKinds[] = {
      {"reference", "over shapes that hurt, as near to cpu_ref as docs/ops.md says", agrees},
      {"repeat", "the same bits the second time", repeats},
      {"allocations", "the second run allocates nothing in the plugin's own code", runs_quietly},
      {"inside", "reads and writes its own memory alone; inputs are read-only", stays_inside},
      {"non_finite", "NaN and each infinity where cpu_ref has them, and nowhere else", keeps_non_finite}};
  for (const std::string& op : ops)
    for (const Kind& kind : kKinds)
      cases.push_back({fmt::format("op.{}.{}", op.substr(0, op.find('/')), kind.name), kind.what,
                       [op, run = kind.run](const Subject& s, Findings& f) { run(s, op, f); }});
}

}  // namespace clq::conformance
