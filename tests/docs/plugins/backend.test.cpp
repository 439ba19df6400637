// tests/docs/plugins/backend.test.cpp -- the backend of docs/writing-a-plugin.md beside the reference.
// SPDX-License-Identifier: BSD-3-Clause
#include <gmock/gmock.h>

#include "docs/plugins/examples.hpp"
#include "runtime/device.hpp"

namespace clq::test {
namespace {

TEST(ExamplePlugins, AreLoadedAndOfferWhatThePageSays) {
  std::map<std::string, std::vector<std::string>> offers;
  for (const PluginReport& report : examples().reports()) {
    EXPECT_EQ(report.problem, "") << report.file;
    offers[report.id] = report.offers;
  }
  using testing::ElementsAre;
  EXPECT_THAT(offers["org.example.spectra"], ElementsAre("data-source spectra"));
  EXPECT_THAT(offers["org.example.excite"], ElementsAre("layer example.excite"));
  EXPECT_THAT(offers["org.example.pinball"], ElementsAre("loss example.pinball"));
  EXPECT_THAT(offers["org.example.lion"], ElementsAre("optimizer example.lion"));
  EXPECT_THAT(offers["org.example.redshift"], ElementsAre("task example.redshift", "metric example.redshift"));
  EXPECT_THAT(offers["org.example.asinh"], ElementsAre("layer example.asinh", "op org.example.asinh/1"));
  EXPECT_THAT(offers["org.example.mini"], ElementsAre("backend"));
}

// y = relu(x W^T + b) (c + y0), and W becomes W + relu(W) where `on` is not 0.
Graph all_ops(const OpTable& ops) {
  GraphBuilder b(ops, Mode::infer, {{"x", {CLQ_F32, {7, 5}}}, {"on", {CLQ_U8, {}}}});
  const Value x = b.input("x"), w = b.param("w", {6, 5}, Json{{"use", "zeros"}});
  const Value bias = b.param("b", {6}, Json{{"use", "zeros"}});
  const Value product = b.op("matmul/1", {x, w}, {{"transpose_b", attr(1)}});
  const Value y = b.op("relu/1", {b.op("add/1", {product, bias})});
  const Value column = b.constant(uniform({7, 1}, -1, 1, 3, CLQ_F32));
  b.output("y", b.op("identity/1", {b.op("mul/1", {y, b.op("add/1", {column, y})})}));
  b.output("gram", b.op("matmul/1", {x, y}, {{"transpose_a", attr(1)}}));
  b.assign(w, b.op("add/1", {w, b.op("relu/1", {w})}), b.input("on"));
  return b.graph();
}

// Sums in the same order, without contraction: the same bits.
TEST(ExampleBackend, ComputesTheBitsOfTheReference) {
  const Graph graph = all_ops(examples().ops());
  Runner one = on("cpu_ref", graph), other = on("mini", graph);
  for (Runner* runner : {&one, &other}) {
    runner->set_state("w", uniform({6, 5}, -1, 1, 1, CLQ_F32));
    runner->set_state("b", uniform({6}, -1, 1, 2, CLQ_F32));
  }
  const Tensor before = one.state("w");
  for (const double flag : {1.0, 0.0}) {
    const Tensors batch = {{"x", uniform({7, 5}, -2, 2, 9, CLQ_F32)}, {"on", tensor({}, {flag}, CLQ_U8)}};
    const Tensors a = one.run(batch), b = other.run(batch);
    EXPECT_EQ(numbers(a.at("y")), numbers(b.at("y")));
    EXPECT_EQ(numbers(a.at("gram")), numbers(b.at("gram")));
    EXPECT_EQ(numbers(one.state("w")), numbers(other.state("w")));
  }
  EXPECT_GT(distance(one.state("w"), before), 0.1);
}

TEST(ExampleBackend, SaysWhichOpsItHasNot) {
  const OpTable ops = examples().ops();
  GraphBuilder b(ops, Mode::infer, {{"x", {CLQ_F32, {4}}}, {"wide", {CLQ_F64, {4}}}});
  const GraphBuilder::Scope scope(b, "head");
  b.output("y", b.op("tanh/1", {b.input("x")}));
  b.output("z", b.op("relu/1", {b.input("wide")}));
  const Segment segment(b.graph(), 0);
  const Device device(examples().device("mini"), "{}", 1);
  const auto ask = [&] { device.require_support(segment); };
  EXPECT_EQ(error_of(ask),
            "mini:0 cannot run head (tanh/1): tanh/1: mini computes add, mul, relu, identity and matmul alone; "
            "head (relu/1): relu/1: mini computes in f32 alone");
}

}  // namespace
}  // namespace clq::test
