// tests/conformance/op_cases.hpp -- every op of docs/ops.md in F32 over shapes that hurt, for two backends.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "conformance/backend_host.hpp"

namespace clq::test {

struct OpCase {
  std::string op;
  std::vector<Array> inputs;
  std::vector<OutputSpec> outputs;
  Attrs attrs;
  std::vector<uint64_t> cells = {};  // scalars that stand before the inputs
  bool behind_convs = false;         // images come from convolutions that change nothing, in the formats of those
  uint32_t flags = 0;                // of the segment
};

std::vector<OpCase> op_cases(uint64_t seed, int windows);
std::vector<OpCase> resampling_cases(uint64_t seed, int windows);  // those of them that make maps larger
std::vector<OpCase> edge_cases(uint64_t seed);                     // empty batches, broadcasts, few and many channels
Array positive_array(const Dims& dims, uint64_t seed);             // 0.1 and above

// The segment of one case, and the arrays of its inputs.
struct BuiltCase {
  explicit BuiltCase(const OpCase& c);
  SegmentBuilder builder;
  std::vector<Array> inputs;
};

bool is_image(const Array& a);  // F32 and of rank 3 or 4
// The outputs of one case; throws where the guards of a memory are not intact.
std::vector<Array> run_case(Session& session, const OpCase& c);
// max |a - b| / max |b|; integers: 0 when all are equal, else 1.
double distance(const Array& a, const Array& b);

}  // namespace clq::test
