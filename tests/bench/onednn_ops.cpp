// tests/bench/onednn_ops.cpp -- how far cpu_onednn's ops are from cpu_ref's: one line an op, tab separated.
// SPDX-License-Identifier: BSD-3-Clause
//
// bench_onednn_ops SEED WINDOWS [fault]: the op, its cases, the worst max |a - b| / max |b| of a tensor. fault: the
// backend under test gets inputs of which one number is wrong.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <map>

#include "plugins/cpu_onednn/op_cases.hpp"

using namespace clq::test;

namespace {

struct Worst {
  int cases = 0;
  double distance = 0;
};

OpCase faulty(OpCase c) {
  for (Array& a : c.inputs) {
    if (a.dtype != CLQ_F32) continue;
    auto values = a.as<float>();
    values[0] += 0.25f;
    a = array<float>(a.dims, values);
    break;
  }
  return c;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) return 2;
  TestTeam team(2);
  Session reference(load_backend("cpu_ref"), &team), onednn(load_backend("cpu_onednn"), &team);
  std::map<std::string, Worst> ops;
  for (const OpCase& c : op_cases(std::strtoull(argv[1], nullptr, 10), std::atoi(argv[2]))) {
    const auto want = run_case(reference, c), got = run_case(onednn, argc > 3 ? faulty(c) : c);
    Worst& worst = ops[c.op];
    ++worst.cases;
    for (size_t i = 0; i < want.size(); ++i) worst.distance = std::max(worst.distance, distance(got[i], want[i]));
  }
  for (const auto& [op, worst] : ops) std::printf("%s\t%d\t%.3g\n", op.c_str(), worst.cases, worst.distance);
}
