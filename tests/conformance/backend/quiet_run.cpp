// tests/conformance/backend/quiet_run.cpp -- a run allocates nothing of its own.
// SPDX-License-Identifier: BSD-3-Clause
#include "conformance/allocation_count.hpp"
#include "conformance/backend/lists.hpp"
#include "conformance/backend/under_test.hpp"

namespace clq::conformance {
namespace {

using test::Dims;
using test::SegmentBuilder;

// One layer and its update: products, sums, a state; what a backend does not take is left out.
void build(SegmentBuilder& b, bool with_loss) {
  const int64_t n = 64, k = 32;
  const uint32_t x = b.input(CLQ_F32, {n, k}), w = b.state(CLQ_F32, {k, k});
  const uint32_t h = b.op1("relu/1", {b.op1("matmul/1", {x, w}, CLQ_F32, {n, k})}, CLQ_F32, {n, k});
  const uint32_t diff = b.op1("matmul/1", {x, h}, CLQ_F32, {k, k}, {{"transpose_a", int64_t{1}}});
  b.assign(w, b.op1("sub/1", {w, diff}, CLQ_F32, {k, k}));
  b.output(with_loss ? b.op1("reduce_mean/1", {h}, CLQ_F32, {}) : h);
}

void allocates_nothing(const Subject& subject, Findings& findings) {
  UnderTest tested(subject);
  SegmentBuilder whole, part;
  build(whole, true);
  build(part, false);
  SegmentBuilder& b = refusal(tested.session(), whole.c()).empty() ? whole : part;
  if (std::string why = refusal(tested.session(), b.c()); !why.empty()) throw Unsupported(why);
  test::Program program(tested.session(), b);
  program.set_state(0, test::random_array<float>({32, 32}, subject.seed));
  program.run({test::random_array<float>({64, 32}, subject.seed + 1)});  // the first may still prepare
  count_allocations_of(subject.file);
  clq_status status = CLQ_OK;
  for (int i = 0; i < 10 && status == CLQ_OK; ++i) status = program.run_only({});
  const int64_t allocations = stop_counting_allocations();
  test::check(status);
  tested.session().sync();
  findings.expect(allocations == 0,
                  "10 runs of a bound segment allocated {} times in the plugin's own code, 0 is right", allocations);
}

}  // namespace

void add_quiet_run_cases(std::vector<Case>& cases) {
  cases.push_back({"run.allocations", "a run allocates nothing in the plugin's own code", allocates_nothing});
}

}  // namespace clq::conformance
