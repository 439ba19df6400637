// tests/plugins/cpu_onednn/both.cpp -- running a segment on two backends, and comparing.
// SPDX-License-Identifier: BSD-3-Clause
#include "plugins/cpu_onednn/both.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace clq::test {
namespace {

std::vector<double> wide(const Array& a) {
  const auto copy = [](const auto& values) { return std::vector<double>(values.begin(), values.end()); };
  if (a.dtype == CLQ_F32) return copy(a.as<float>());
  return a.dtype == CLQ_F64 ? a.as<double>() : copy(a.as<uint8_t>());
}

// The largest difference in units of max(1, |want|).
double farthest(const Array& got, const Array& want) {
  const std::vector<double> a = wide(got), b = wide(want);
  double most = 0;
  for (size_t i = 0; i < b.size(); ++i) {
    if (a[i] == b[i] || (std::isnan(a[i]) && std::isnan(b[i]))) continue;
    const double d = std::abs(a[i] - b[i]) / std::max(1.0, std::abs(b[i]));
    most = std::isnan(d) ? INFINITY : std::max(most, d);
  }
  return most;
}

}  // namespace

Array in_one(const Dims& dims, uint64_t seed) {
  auto values = random_array<float>(dims, seed).as<float>();
  for (float& v : values) v /= 2;
  return array<float>(dims, values);
}

std::vector<Array> results_of(const std::string& backend, SegmentBuilder& builder, const std::vector<Array>& inputs) {
  TestTeam team(2);
  Session session(load_backend(backend), &team);
  Program program(session, builder);
  for (uint32_t i = 0; i < builder.states().size(); ++i) {
    const clq_tensor_desc& d = builder.desc(builder.states()[i].before);
    program.set_state(i, in_one(Dims(d.dims, d.dims + d.rank), 100 + i));
  }
  auto results = program.run(inputs);
  for (uint32_t i = 0; i < builder.states().size(); ++i) results.push_back(program.state(i));
  EXPECT_TRUE(program.guards_intact());
  return results;
}

void expect_reference(SegmentBuilder& builder, const std::vector<Array>& inputs, double tolerance) {
  const auto want = results_of("cpu_ref", builder, inputs), got = results_of("cpu_onednn", builder, inputs);
  for (size_t i = 0; i < want.size(); ++i) EXPECT_LE(farthest(got[i], want[i]), tolerance) << "result " << i;
}

}  // namespace clq::test
