// tests/lazy_ref/lazy_ref.test.cpp -- the test backend is as lazy as it says, and has cpu_ref's bits.
// SPDX-License-Identifier: BSD-3-Clause
#include "plugins/cpu_ref/near.hpp"

namespace clq::test {
namespace {

const clq_backend_api& lazy() { return load_backend("lazy_ref", CLQ_TEST_PLUGIN_DIR); }

// A graph drawn from a seed: elementwise ops, products, sums and random numbers over [n, n] values.
void draw_graph(SegmentBuilder& b, uint64_t seed, int64_t n) {
  const auto next = [&seed] { return (seed = seed * 6364136223846793005u + 1442695040888963407u) >> 33; };
  const Dims square = {n, n};
  const uint32_t s = b.scalar(CLQ_U64), step = b.scalar(CLQ_I64), w = b.state(CLQ_F32, square);
  std::vector<uint32_t> values = {b.input(CLQ_F32, square), w};
  values.push_back(b.op1("random/1", {s, step, step}, CLQ_F32, square, {{"shape", square}, {"stream", int64_t{5}}}));
  const auto any = [&] { return values[next() % values.size()]; };
  for (int i = 0; i < 40; ++i) {
    switch (next() % 6) {
      case 0:
        values.push_back(b.op1("tanh/1", {any()}, CLQ_F32, square));
        break;
      case 1:
        values.push_back(b.op1("add/1", {any(), any()}, CLQ_F32, square));
        break;
      case 2:
        values.push_back(b.op1("softmax/1",
                               {b.op1("matmul/1", {any(), any()}, CLQ_F32, square, {{"transpose_a", int64_t{1}}})},
                               CLQ_F32, square));
        break;
      case 3:
        values.push_back(b.op1("mul/1", {any(), b.op1("reduce_mean/1", {any()}, CLQ_F32, {n}, {{"axes", Dims{0}}})},
                               CLQ_F32, square));
        break;
      case 4:
        values.push_back(b.op1("transpose/1", {any()}, CLQ_F32, square, {{"perm", Dims{1, 0}}}));
        break;
      default:
        values.push_back(b.op1("reshape/1", {any()}, CLQ_F32, square, {{"shape", Dims{n, -1}}}));
    }
  }
  b.assign(w, b.op1("tanh/1", {any()}, CLQ_F32, square), b.op1("all_finite/1", {any()}, CLQ_U8, {}));
  b.output(values.back());
  b.output(any());
}

TEST(LazyRef, HasTheBitsOfCpuRef) {
  for (uint64_t seed = 1; seed <= 12; ++seed) {
    const int64_t n = 33;
    TestTeam team(2);
    Session eager(load_backend("cpu_ref"), &team), late(lazy(), nullptr, "{\"seed\": 3}");
    SegmentBuilder b;
    draw_graph(b, seed, n);
    Program here(eager, b), there(late, b);
    here.set_state(0, random_array<float>({n, n}));
    there.set_state(0, random_array<float>({n, n}));
    for (int64_t step = 0; step < 3; ++step) {
      const Array x = random_array<float>({n, n}, seed + 100 + static_cast<uint64_t>(step));
      const auto a = here.run({x}, {9, cell(step)}), c = there.run({x}, {9, cell(step)});
      for (size_t i = 0; i < a.size(); ++i) ASSERT_EQ(a[i].data, c[i].data) << "graph " << seed << " output " << i;
    }
    ASSERT_EQ(here.state(0).data, there.state(0).data);
    EXPECT_TRUE(here.guards_intact() && there.guards_intact());
  }
}

class Lazy : public ::testing::Test {
 protected:
  ~Lazy() override {
    for (clq_event* e : events) lazy().event_destroy(e);
  }
  clq_event* event() {
    clq_event* e = nullptr;
    check(lazy().event_create(session.backend, &e));
    return events.emplace_back(e);
  }
  clq_status upload(DeviceArray& to, const Array& from, clq_stream* stream) {
    return lazy().copy(stream, to.data(), CLQ_MEM_DEVICE, from.data.data(), CLQ_MEM_HOST,
                       static_cast<int64_t>(from.data.size()));
  }
  Session session{lazy()};
  std::vector<clq_event*> events;
};
using LazyDeathTest = Lazy;

TEST_F(Lazy, ReadsHostMemoryOnlyWhenTheHostWaits) {
  DeviceArray d(session, 16);
  Array a = array<float>({4}, {1, 2, 3, 4});
  ASSERT_EQ(upload(d, a, session.stream), CLQ_OK);
  const float nine = 9;
  std::memcpy(a.data.data(), &nine, sizeof nine);  // too early: the copy has not run
  EXPECT_EQ(d.read(CLQ_F32, {4}).as<float>()[0], 9);
}

TEST_F(Lazy, CopiesTheCellsOfARunAtOnce) {
  SegmentBuilder b;
  b.output(b.op1("square/1", {b.scalar(CLQ_F64)}, CLQ_F64, {}));
  Program p(session, b);
  std::vector<uint64_t> cells = {cell(3.0)};
  const Array out = [&] {
    check(p.run_only(cells));
    cells[0] = cell(5.0);
    return p.run({}, {cell(4.0)})[0];
  }();
  EXPECT_EQ(out.as<double>()[0], 16);
}

TEST_F(LazyDeathTest, FaultsWhenTheHostTouchesDeviceMemory) {
  DeviceArray d(session, 16);
  EXPECT_DEATH({ *static_cast<volatile char*>(d.data()) = 1; }, "");
}

TEST_F(Lazy, EventsThatWereNeverRecordedHavePassed) {
  EXPECT_EQ(lazy().event_query(event()), CLQ_OK);
  EXPECT_EQ(lazy().event_sync(event()), CLQ_OK);
}

TEST_F(Lazy, AQueryMakesALittleProgress) {
  DeviceArray d(session, 16);
  const Array a = array<float>({4}, {1, 2, 3, 4});
  clq_event* e = event();
  for (int i = 0; i < 3; ++i) upload(d, a, session.stream);
  lazy().event_record(e, session.stream);
  int pending = 0;
  while (lazy().event_query(e) == CLQ_PENDING) ++pending;
  EXPECT_EQ(pending, 3);
}

TEST_F(Lazy, StreamWaitOrdersTwoQueues) {
  for (uint64_t seed = 0; seed < 8; ++seed) {
    Session s(lazy(), nullptr, ("{\"seed\": " + std::to_string(seed) + "}").c_str());
    clq_stream* second = nullptr;
    clq_event *ready = nullptr, *end = nullptr;
    check(s.api.stream_create(s.backend, &second));
    check(s.api.event_create(s.backend, &ready));
    check(s.api.event_create(s.backend, &end));
    DeviceArray d(s, 16);
    const Array a = array<float>({4}, {1, 2, 3, 4});
    Array back = empty(CLQ_F32, {4});
    s.api.copy(s.stream, d.data(), CLQ_MEM_DEVICE, a.data.data(), CLQ_MEM_HOST, 16);
    s.api.event_record(ready, s.stream);
    s.api.stream_wait(second, ready);
    s.api.copy(second, back.data.data(), CLQ_MEM_HOST, d.data(), CLQ_MEM_DEVICE, 16);
    s.api.event_record(end, second);
    check(s.api.event_sync(end));
    EXPECT_EQ(back.data, a.data) << seed;
    s.api.event_destroy(ready);
    s.api.event_destroy(end);
    s.api.stream_destroy(second);
  }
}

TEST_F(Lazy, WithoutAWaitSomeSeedGivesOtherBits) {
  int wrong = 0;
  for (uint64_t seed = 0; seed < 16; ++seed) {
    Session s(lazy(), nullptr, ("{\"seed\": " + std::to_string(seed) + "}").c_str());
    clq_stream* second = nullptr;
    clq_event* end = nullptr;
    check(s.api.stream_create(s.backend, &second));
    check(s.api.event_create(s.backend, &end));
    DeviceArray d(s, 16);
    const Array a = array<float>({4}, {1, 2, 3, 4});
    Array back = empty(CLQ_F32, {4});
    s.api.copy(s.stream, d.data(), CLQ_MEM_DEVICE, a.data.data(), CLQ_MEM_HOST, 16);
    s.api.copy(second, back.data.data(), CLQ_MEM_HOST, d.data(), CLQ_MEM_DEVICE, 16);
    s.api.event_record(end, second);
    check(s.api.event_sync(end));
    wrong += back.data != a.data ? 1 : 0;
    s.api.event_destroy(end);
    s.api.stream_destroy(second);
  }
  EXPECT_GT(wrong, 2);
  EXPECT_LT(wrong, 16);
}

TEST_F(Lazy, ErrorsOfQueuedWorkAreToldOnceThenTheObjectIsLost) {
  Session s(lazy(), nullptr, "{\"fail_run\": 2}");
  SegmentBuilder b;
  b.output(b.op1("square/1", {b.scalar(CLQ_F64)}, CLQ_F64, {}));
  {
    Program p(s, b);
    EXPECT_EQ(p.run({}, {cell(2.0)})[0].as<double>()[0], 4);
    clq_event* e = nullptr;
    check(s.api.event_create(s.backend, &e));
    EXPECT_EQ(p.run_only({cell(2.0)}), CLQ_OK);  // it is only queued
    EXPECT_EQ(s.api.event_record(e, s.stream), CLQ_OK);
    EXPECT_EQ(s.api.event_sync(e), CLQ_E_DEVICE);
    EXPECT_EQ(s.api.event_query(e), CLQ_E_LOST);
    EXPECT_EQ(p.run_only({cell(2.0)}), CLQ_E_DEVICE);
    EXPECT_EQ(p.run_only({cell(2.0)}), CLQ_E_LOST);
    s.api.event_destroy(e);
  }
}

TEST_F(Lazy, ABindingDestroyedTooEarlyIsAnError) {
  SegmentBuilder b;
  b.output(b.op1("square/1", {b.scalar(CLQ_F64)}, CLQ_F64, {}));
  {
    Program p(session, b);
    EXPECT_EQ(p.run_only({cell(2.0)}), CLQ_OK);
  }
  clq_event* e = event();
  check(lazy().event_record(e, session.stream));
  EXPECT_EQ(lazy().event_sync(e), CLQ_E_INVALID);
}

TEST_F(Lazy, BindRefusesHostMemory) {
  SegmentBuilder b;
  b.output(b.op1("neg/1", {b.input(CLQ_F32, {2})}, CLQ_F32, {2}));
  const clq_segment segment = b.c();
  clq_executable* executable = nullptr;
  check(lazy().compile(session.backend, &segment, nullptr, &executable));
  void* host = nullptr;
  check(lazy().alloc(session.backend, 64, CLQ_MEM_HOST_PINNED, &host));
  const clq_bind_args args{sizeof args, 0, &host, &host, nullptr, nullptr, nullptr};
  clq_binding* binding = nullptr;
  EXPECT_EQ(lazy().bind(executable, &args, &binding), CLQ_E_INVALID);
  lazy().free(session.backend, host, CLQ_MEM_HOST_PINNED);
  lazy().executable_destroy(executable);
}

}  // namespace
}  // namespace clq::test
