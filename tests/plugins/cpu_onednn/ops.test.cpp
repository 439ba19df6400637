// tests/plugins/cpu_onednn/ops.test.cpp -- every op of cpu_onednn gives what cpu_ref gives.
// SPDX-License-Identifier: BSD-3-Clause
#include <gtest/gtest.h>

#include <cmath>
#include <sstream>

#include "conformance/op_cases.hpp"
#include "ops/op_words.hpp"

namespace clq::test {
namespace {

std::string text_of(const OpCase& c) {
  std::ostringstream text;
  text << c.op;
  for (const Array& a : c.inputs) {
    text << " [";
    for (const int64_t d : a.dims) text << ' ' << d;
    text << " ]";
  }
  if (c.behind_convs) text << " behind convolutions";
  for (const auto& [name, value] : c.attrs) {
    text << ' ' << name;
    if (const auto* list = std::get_if<Dims>(&value))
      for (const int64_t v : *list) text << ' ' << v;
  }
  return text.str();
}

TEST(OneDnnOps, AgreeWithTheReference) {
  TestTeam team(2);
  Session reference(load_backend("cpu_ref"), &team), onednn(load_backend("cpu_onednn"), &team);
  for (const OpCase& c : op_cases(1, 4)) {
    const auto want = run_case(reference, c), got = run_case(onednn, c);
    for (size_t i = 0; i < want.size(); ++i)
      EXPECT_LE(distance(got[i], want[i]), tolerance(c.op, CLQ_F32)) << text_of(c) << ": " << i;
  }
}

TEST(OneDnnOps, GiveTheSameBitsAgain) {
  TestTeam team(2);
  Session session(load_backend("cpu_onednn"), &team);
  for (const OpCase& c : op_cases(2, 1)) {
    const auto first = run_case(session, c), second = run_case(session, c);
    for (size_t i = 0; i < first.size(); ++i) EXPECT_EQ(first[i].data, second[i].data) << text_of(c);
  }
}

int64_t count(const Dims& dims) {
  int64_t n = 1;
  for (const int64_t d : dims) n *= d;
  return n;
}

// Whether all convolutions and products of the case are too small for OpenMP's team.
bool is_small(const OpCase& c) {
  if (c.op == "matmul/1") return c.inputs[0].count() * c.outputs[0].dims[1] < int64_t{1} << 25;
  if (c.op == "batch_matmul/1") return c.inputs[0].count() * c.outputs[0].dims.back() < int64_t{1} << 25;
  int64_t work = 0;  // multiplications
  const auto convolve = [&](const Dims& dst, const Dims& weights) { work += count(dst) / dst[1] * count(weights); };
  if (c.op == "conv/1") convolve(c.outputs[0].dims, c.inputs[1].dims);
  if (c.op == "conv_grad_src/1") convolve(c.inputs[1].dims, c.inputs[0].dims);
  if (c.op == "conv_transpose/1") convolve(c.inputs[0].dims, c.inputs[1].dims);
  if (c.op == "conv_grad_weights/1") convolve(c.inputs[1].dims, c.outputs[0].dims);
  for (const Array& a : c.inputs)
    if (c.behind_convs && a.dims.size() >= 3) convolve(a.dims, {a.dims[1], a.dims[1]});
  return work <= int64_t{1} << 22;
}

TEST(OneDnnOps, HaveTheSameBitsOnAnyNumberOfThreads) {
  TestTeam two(2), five(5);
  Session alone(load_backend("cpu_onednn")), pair(load_backend("cpu_onednn"), &two),
      many(load_backend("cpu_onednn"), &five);
  for (const OpCase& c : op_cases(3, 4)) {
    if (!is_small(c)) continue;
    const auto want = run_case(alone, c);
    for (Session* session : {&pair, &many}) {
      const auto got = run_case(*session, c);
      for (size_t i = 0; i < want.size(); ++i) EXPECT_EQ(got[i].data, want[i].data) << text_of(c) << ": " << i;
    }
  }
}

TEST(OneDnnOps, SumRowsToTheBitsOfTheReferenceOnAnyNumberOfThreads) {
  TestTeam five(5);
  Session reference(load_backend("cpu_ref")), alone(load_backend("cpu_onednn")),
      many(load_backend("cpu_onednn"), &five);
  for (const Dims& d : {Dims{257, 1009}, Dims{1024, 100}, Dims{3, 2}}) {
    const OpCase c{"reduce_sum/1", {random_array<float>(d, 1)}, {{CLQ_F32, {d[1]}}}, {{"axes", Dims{0}}}};
    const auto want = run_case(reference, c)[0].data;
    EXPECT_EQ(run_case(alone, c)[0].data, want) << text_of(c);
    EXPECT_EQ(run_case(many, c)[0].data, want) << text_of(c);
  }
}

// They lie as images do, and a convolution in groups wants them with an axis more.
TEST(OneDnnOps, TakeWeightsOfGroupsFromAConvolution) {
  Session reference(load_backend("cpu_ref")), onednn(load_backend("cpu_onednn"));
  OpCase c{"conv/1",
           {random_array<float>({2, 32, 7, 7}, 1), random_array<float>({64, 16, 3, 3}, 2)},
           {{CLQ_F32, {2, 64, 5, 5}}},
           {{"groups", int64_t{2}}}};
  c.behind_convs = true;
  EXPECT_LE(distance(run_case(onednn, c)[0], run_case(reference, c)[0]), tolerance(c.op, CLQ_F32));
}

TEST(OneDnnOps, KeepANanInAMaximum) {
  Session session(load_backend("cpu_onednn"));
  std::vector<float> x(2 * 16 * 4 * 4, 1.0f);
  x[5] = NAN;
  const OpCase c{"max_pool/1",
                 {array<float>({2, 16, 4, 4}, x)},
                 {{CLQ_F32, {2, 16, 2, 2}}},
                 {{"kernel", Dims{2, 2}}, {"strides", Dims{2, 2}}}};
  const auto pooled = run_case(session, c)[0].as<float>();
  EXPECT_TRUE(std::isnan(pooled[0]));
  EXPECT_EQ(pooled[1], 1.0f);
}

}  // namespace
}  // namespace clq::test
