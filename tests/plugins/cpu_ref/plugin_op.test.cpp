// tests/plugins/cpu_ref/plugin_op.test.cpp -- another plugin's op runs through its own kernel.
// SPDX-License-Identifier: BSD-3-Clause
#include "plugins/cpu_ref/near.hpp"

namespace clq::test {
namespace {

clq_status prepare(const clq_op_def*, const clq_op*, const clq_tensor_desc*, int64_t* workspace_bytes) {
  *workspace_bytes = 100;
  return CLQ_OK;
}

// dst = factor x, for every element; says so in its workspace.
clq_status scale(const clq_op_def*, const clq_op* op, const clq_tensor_desc* values, void* const* data, void* workspace,
                 const clq_host_threads* threads, clq_team* team) {
  if (threads->thread_count(team) < 1 || op->inputs[1] != CLQ_NONE || data[1] != nullptr) return CLQ_E_INTERNAL;
  std::memset(workspace, 0x5A, 100);
  const double factor = *static_cast<const double*>(op->attrs[0].value);
  const float* x = static_cast<const float*>(data[op->inputs[0]]);
  float* y = static_cast<float*>(data[op->outputs[0]]);
  for (int64_t i = 0; i < values[op->inputs[0]].dims[0]; ++i) y[i] = static_cast<float>(factor * x[i]);
  return factor < 0 ? CLQ_E_DATA : CLQ_OK;
}

const clq_op_def kScale = {
    sizeof(clq_op_def), CLQ_OP_NO_GRADIENT, nullptr, "org.test.scale/1", "{}", nullptr, nullptr, prepare, scale};

class PluginOp : public ::testing::Test {
 protected:
  void SetUp() override { host_ops() = {&kScale}; }
  void TearDown() override { host_ops().clear(); }
  uint32_t scaled(SegmentBuilder& b, uint32_t x, double factor) {
    const uint32_t y = b.value(CLQ_F32, {3});
    b.op("org.test.scale/1", {x, CLQ_NONE}, {y}, {{"factor", factor}, {"unit", std::string("nMgy")}});
    return y;
  }
};

TEST_F(PluginOp, RunsAmongTheOthers) {
  Session session(load_backend("cpu_ref"));
  auto b = std::make_unique<SegmentBuilder>();
  const uint32_t x = b->input(CLQ_F32, {3}), n = b->op1("neg/1", {x}, CLQ_F32, {3});
  b->output(b->op1("add/1", {scaled(*b, n, 2), x}, CLQ_F32, {3}));
  Program p(session, *b);
  EXPECT_EQ(p.run({array<float>({3}, {1, 2, 3})})[0].as<float>(), (std::vector<float>{-1, -2, -3}));
  EXPECT_TRUE(p.guards_intact());
}

TEST_F(PluginOp, ThatFailsEndsTheRunBeforeAnyStateChanges) {
  Session session(load_backend("cpu_ref"));
  SegmentBuilder b;
  const uint32_t w = b.state(CLQ_F32, {3});
  b.assign(w, b.op1("neg/1", {w}, CLQ_F32, {3}));
  b.output(scaled(b, w, -1));
  Program p(session, b);
  p.set_state(0, array<float>({3}, {1, 2, 3}));
  EXPECT_EQ(p.run_only({}), CLQ_E_DATA);
  EXPECT_EQ(p.state(0).as<float>(), (std::vector<float>{1, 2, 3}));
}

}  // namespace
}  // namespace clq::test
