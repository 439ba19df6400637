// tests/plugins/cpu_ref/abi.test.cpp -- sizes, flags, addresses and words of refusal; replicas.
// SPDX-License-Identifier: BSD-3-Clause
#include "plugins/cpu_ref/near.hpp"

namespace clq::test {
namespace {

class Abi : public ::testing::Test {
 protected:
  Abi() {
    const uint32_t x = b.input(CLQ_F32, {3});
    b.output(b.op1("neg/1", {x}, CLQ_F32, {3}));
    segment = b.c();
  }
  clq_status compile() {
    clq_executable* e = nullptr;
    const clq_status status = session.api.compile(session.backend, &segment, nullptr, &e);
    session.api.executable_destroy(e);
    return status;
  }
  Session session{load_backend("cpu_ref")};
  SegmentBuilder b;
  clq_segment segment;
};

TEST_F(Abi, SizesAreComparedWithTheFirstEdition) {
  EXPECT_EQ(compile(), CLQ_OK);
  for (const uint32_t size : {0u, 4u}) {
    segment.struct_size = size;
    EXPECT_EQ(compile(), CLQ_E_ABI);
  }
  segment.struct_size = sizeof segment + 64;
  EXPECT_EQ(compile(), CLQ_OK);
  clq_device_info info{};
  EXPECT_EQ(session.api.device_info(0, &info), CLQ_E_ABI);
  info.struct_size = sizeof info;
  EXPECT_EQ(session.api.device_info(0, &info), CLQ_OK);
  EXPECT_STREQ(info.name, "cpu_ref");
  EXPECT_EQ(info.kind, static_cast<uint32_t>(CLQ_DEV_CPU));
  EXPECT_EQ(session.api.device_info(1, &info), CLQ_E_NOT_FOUND);
}

TEST_F(Abi, FlagsThatAreNotKnownAreRefused) {
  segment.flags = CLQ_SEG_DETERMINISTIC | CLQ_SEG_TRAINING | CLQ_SEG_STRICT_F32;
  EXPECT_EQ(compile(), CLQ_OK);
  segment.flags = 8;
  EXPECT_EQ(compile(), CLQ_E_UNSUPPORTED);
}

TEST_F(Abi, SupportsGivesAReason) {
  const uint32_t h = b.value(CLQ_F16, {3});
  b.op("neg/1", {h}, {h});
  b.op("conv/9", {h}, {h});
  segment = b.c();
  clq_support support{};
  EXPECT_EQ(session.api.supports(session.backend, &segment, 0, &support), CLQ_E_ABI);
  support.struct_size = sizeof support;
  EXPECT_EQ(session.api.supports(session.backend, &segment, 0, &support), CLQ_OK);
  EXPECT_GE(support.score, 1u);
  EXPECT_STREQ(support.reason, "");
  session.api.supports(session.backend, &segment, 1, &support);
  EXPECT_EQ(support.score, 0u);
  EXPECT_STREQ(support.reason, "neg/1 (test.layer): dtype must be f32 or f64, got f16");
  session.api.supports(session.backend, &segment, 2, &support);
  EXPECT_STREQ(support.reason, "conv/9 (test.layer): no such op here or in a plugin");
}

TEST_F(Abi, AttributesOfMoreDimensionsThanATensorHasAreRefused) {
  const uint32_t seed = b.scalar(CLQ_U64), step = b.scalar(CLQ_I64);
  b.op1("random/1", {seed, step, step}, CLQ_F32, {1}, {{"shape", Dims(100, 1)}});
  segment = b.c();
  EXPECT_EQ(compile(), CLQ_E_INVALID);
}

TEST_F(Abi, BindWantsAlignedAddresses) {
  clq_executable* e = nullptr;
  ASSERT_EQ(session.api.compile(session.backend, &segment, nullptr, &e), CLQ_OK);
  alignas(64) std::byte memory[256];
  void *good = memory, *bad = memory + 4;
  clq_binding* binding = nullptr;
  clq_bind_args args{sizeof args, 0, &good, &bad, nullptr, nullptr, nullptr};
  EXPECT_EQ(session.api.bind(e, &args, &binding), CLQ_E_INVALID);
  EXPECT_EQ(error_text(), "bind: output 0 is not aligned to 64 bytes");
  args.inputs = nullptr;
  EXPECT_EQ(session.api.bind(e, &args, &binding), CLQ_E_INVALID);
  session.api.executable_destroy(e);
}

TEST_F(Abi, RunChecksItsCells) {
  Program p(session, b);
  EXPECT_EQ(p.run_only({1}), CLQ_E_INVALID);
  EXPECT_EQ(session.api.run(p.binding(), session.stream, nullptr), CLQ_E_ABI);
}

TEST_F(Abi, SegmentsThatMakeNoSenseAreRefused) {
  SegmentBuilder twice;
  const uint32_t x = twice.input(CLQ_F32, {3}), y = twice.value(CLQ_F32, {3});
  twice.op("neg/1", {x}, {y});
  twice.op("neg/1", {x}, {y});
  EXPECT_THROW(Program(session, twice), CallError);
  SegmentBuilder early;
  const uint32_t never = early.value(CLQ_F32, {3});
  early.output(early.op1("neg/1", {never}, CLQ_F32, {3}));
  EXPECT_THROW(Program(session, early), CallError);
  SegmentBuilder outside;
  outside.op("neg/1", {99}, {98});
  EXPECT_THROW(Program(session, outside), CallError);
  SegmentBuilder huge;
  huge.input(CLQ_F32, {int64_t{1} << 40, int64_t{1} << 40});
  EXPECT_THROW(Program(session, huge), CallError);
}

// Two replicas whose other half is always 10.
struct FakeComm {
  std::vector<std::string> log;
  static clq_status start(const clq_comm* c, uint32_t bucket, void* data, int64_t count, int32_t, uint32_t) {
    static_cast<FakeComm*>(c->ctx)->log.push_back("start " + std::to_string(bucket));
    for (int64_t i = 0; i < count; ++i) static_cast<float*>(data)[i] += 10;
    return CLQ_OK;
  }
  static clq_status finish(const clq_comm* c, uint32_t bucket) {
    static_cast<FakeComm*>(c->ctx)->log.push_back("finish " + std::to_string(bucket));
    return bucket == 9 ? CLQ_E_PEER : CLQ_OK;
  }
};

TEST(AllReduce, IsFinishedBeforeItsFirstUse) {
  FakeComm fake;
  const clq_comm comm{sizeof comm, 0, 2, 0, &fake, FakeComm::start, FakeComm::finish};
  Session session(load_backend("cpu_ref"));
  SegmentBuilder b;
  const uint32_t x = b.input(CLQ_F32, {2});
  const uint32_t r1 = b.op1("all_reduce/1", {x}, CLQ_F32, {2}, {{"bucket", int64_t{1}}});
  const uint32_t r2 = b.op1("all_reduce/1", {x}, CLQ_F32, {2}, {{"bucket", int64_t{2}}});
  b.output(b.op1("add/1", {r1, r1}, CLQ_F32, {2}));
  b.output(r2);
  const Array in = array<float>({2}, {1, 2});
  Program together(session, b, &comm), alone(session, b);
  const auto out = together.run({in});
  EXPECT_EQ(out[0].as<float>(), (std::vector<float>{22, 24}));
  EXPECT_EQ(out[1].as<float>(), (std::vector<float>{11, 12}));
  EXPECT_EQ(fake.log, (std::vector<std::string>{"start 1", "start 2", "finish 1", "finish 2"}));
  EXPECT_EQ(alone.run({in})[1].as<float>(), (std::vector<float>{1, 2}));
}

TEST(AllReduce, ThatLosesAPeerChangesNoState) {
  FakeComm fake;
  const clq_comm comm{sizeof comm, 0, 2, 0, &fake, FakeComm::start, FakeComm::finish};
  Session session(load_backend("cpu_ref"));
  SegmentBuilder b;
  const uint32_t w = b.state(CLQ_F32, {2}), x = b.input(CLQ_F32, {2});
  b.assign(w, b.op1("neg/1", {w}, CLQ_F32, {2}));
  b.output(b.op1("all_reduce/1", {x}, CLQ_F32, {2}, {{"bucket", int64_t{9}}}));
  Program p(session, b, &comm);
  p.set_state(0, array<float>({2}, {3, 4}));
  EXPECT_EQ(p.run_only({}), CLQ_E_PEER);
  EXPECT_EQ(p.state(0).as<float>(), (std::vector<float>{3, 4}));
}

}  // namespace
}  // namespace clq::test
