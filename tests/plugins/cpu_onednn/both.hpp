// tests/plugins/cpu_onednn/both.hpp -- one segment on cpu_ref and on cpu_onednn.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "conformance/backend_host.hpp"

namespace clq::test {

Array in_one(const Dims& dims, uint64_t seed);  // repeatable numbers in [-1, 1)

// The outputs of a run with two threads, then the states, which start with such numbers.
std::vector<Array> results_of(const std::string& backend, SegmentBuilder& builder, const std::vector<Array>& inputs);
// Every result within tolerance x max(1, |that of cpu_ref|); NaN only where cpu_ref has one.
void expect_reference(SegmentBuilder& builder, const std::vector<Array>& inputs, double tolerance = 1e-4);

}  // namespace clq::test
