// tests/core/runtime/device.test.cpp -- devices: handles end with their owners, errors carry the backend's words.
// SPDX-License-Identifier: BSD-3-Clause
#include "runtime/device.hpp"

#include <filesystem>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/runtime/fake_backend.hpp"

namespace clq {
namespace {

using test::counts;
using test::fake_entry;
using ::testing::HasSubstr;

template <class Body>
std::string error_of(Body&& body) {
  try {
    body();
  } catch (const Error& e) {
    return e.what();
  }
  return "no error";
}

// x [4] through a chain of ops to the output "y".
Segment chain(const OpTable& table, const std::vector<std::string>& ops) {
  GraphBuilder graph(table, Mode::infer, {{"x", {CLQ_F32, {4}}}});
  Value value = graph.input("x");
  for (const std::string& op : ops) {
    const GraphBuilder::Scope scope(graph, "layer" + std::to_string(graph.graph().ops.size()));
    value = graph.op(op, {value});
  }
  graph.output("y", value);
  return Segment(graph.graph(), 0);
}

TEST(Device, GivesEverythingBackWhenItsOwnersEnd) {
  {
    Device device(fake_entry(), "{}", 3);
    EXPECT_EQ(test::fake_threads, 3u);
    Buffer a(device, 100, CLQ_MEM_DEVICE), b(device, 0, CLQ_MEM_HOST);
    EXPECT_EQ(b.data(), nullptr);
    b = std::move(a);
    EXPECT_EQ(b.bytes(), 100);
    Stream stream(device);
    Event event(device);
    EXPECT_FALSE(event.passed(Sync::slot_passed));
    const OpTable table;
    Executable executable(device, chain(table, {"relu"}), {});
    EXPECT_EQ(executable.info().workspace_bytes, 640);
    Binding binding(device, executable, {b.data()}, {b.data()}, {}, nullptr);
    const uint64_t cells[] = {1, 2};
    EXPECT_EQ(binding.run(stream, cells, 2), CLQ_OK);
    EXPECT_EQ(counts.runs, 2);
    EXPECT_THAT(error_of([&] { Binding(device, executable, {}, {b.data()}, {}, nullptr); }),
                HasSubstr("0 inputs, 1 outputs, 0 states given, 1, 1, 0 expected"));
  }
  EXPECT_EQ(counts.open + counts.memory + counts.streams + counts.events + counts.executables + counts.bindings, 0);
}

std::string words_of_info(const clq_executable_info& info) {
  Device device(fake_entry(), "{}", 1);
  const clq_executable_info good = std::exchange(test::fake_info, info);
  const std::string words = error_of([&] { Executable(device, chain(OpTable(), {"relu"}), {}); });
  test::fake_info = good;
  return words;
}

std::string words_of_layout(const clq_state_layout& layout) {
  Device device(fake_entry(), "{}", 1);
  const Executable executable(device, chain(OpTable(), {"relu"}), {});
  const clq_state_layout good = std::exchange(test::fake_layout, layout);
  const std::string words = error_of([&] { executable.layout(0); });
  test::fake_layout = good;
  return words;
}

TEST(Device, RefusesWhatABackendAsksForAndItDoesNotGive) {
  const std::string flags = " sets flags 0x6 that this host does not know", align = ", at most 64 are given";
  EXPECT_EQ(words_of_info({0, 6, 640, 64, 0}), "fake:0: executable_info" + flags);
  EXPECT_EQ(words_of_info({0, 0, 640, 4096, 0}), "fake:0: executable_info wants memory aligned to 4096 bytes" + align);
  EXPECT_EQ(words_of_info({0, 0, 640, 48, 0}), "fake:0: executable_info wants memory aligned to 48 bytes" + align);
  EXPECT_EQ(words_of_layout({0, 6, 16, 64, 0}), "fake:0: state_layout" + flags);
  EXPECT_EQ(words_of_layout({0, 0, 16, 128, 0}), "fake:0: state_layout wants memory aligned to 128 bytes" + align);
  EXPECT_EQ(words_of_layout({0, 0, 16, -8, 0}), "fake:0: state_layout wants memory aligned to -8 bytes" + align);
  for (const int64_t enough : {0, 1, 32, 64}) {
    EXPECT_EQ(words_of_info({0, 0, 640, enough, 0}), "no error");
    EXPECT_EQ(words_of_layout({0, 0, 16, enough, 0}), "no error");
  }
}

TEST(Device, CopiesInTheOrderOfItsStream) {
  Device device(fake_entry(), "{}", 1);
  Stream stream(device);
  Event event(device);
  Buffer there(device, 16, CLQ_MEM_DEVICE);
  const float sent[4] = {1, 2, 3, 4};
  float back[4] = {};
  stream.copy(there.data(), CLQ_MEM_DEVICE, sent, CLQ_MEM_HOST, 16);
  event.record(stream.c());
  stream.wait(event, Sync::input_copied);
  stream.copy(back, CLQ_MEM_HOST, there.data(), CLQ_MEM_DEVICE, 16);
  EXPECT_EQ(back[3], 4.0f);
}

TEST(Device, RepeatsTheBackendsWordsOrNamesTheCall) {
  EXPECT_EQ(error_of([] { Device(fake_entry(), "fail", 1); }), "fake:0: the card has fallen off the bus");
  EXPECT_EQ(error_of([] { Device(fake_entry(), "silent", 1); }), "fake:0: open returned status -12");
  Device device(fake_entry(), "{}", 1);
  Event event(device);
  EXPECT_EQ(error_of([&] { event.sync(Sync::results_read); }), "fake:0: event_sync returned status -12");
  EXPECT_EQ(error_of([&] { Buffer(device, 2'000'000, CLQ_MEM_DEVICE); }), "fake:0: alloc returned status -3");
  EXPECT_THAT(error_of([&] { Buffer(device, -1, CLQ_MEM_DEVICE); }), HasSubstr("-1 bytes"));
}

TEST(Device, ScoresASegmentByItsWeakestOp) {
  Device device(fake_entry(), "{}", 1);
  const OpTable table;
  EXPECT_EQ(device.score(chain(table, {"exp"})), 100u);
  EXPECT_EQ(device.score(chain(table, {"exp", "relu"})), 40u);
  EXPECT_EQ(device.score(chain(table, {"exp", "sqrt"})), 0u);
  device.require_support(chain(table, {"exp", "relu"}));
}

TEST(Device, ListsEveryOpItCannotRunWithItsLayer) {
  Device device(fake_entry(), "{}", 1);
  const OpTable table;
  EXPECT_EQ(error_of([&] {
              device.require_support(chain(table, {"exp", "sqrt", "relu", "sqrt"}));
            }),
            "fake:0 cannot run layer1 (sqrt/1): no square roots here; layer3 (sqrt/1): no square roots here");
  const std::vector<std::string> many(10, "sqrt");
  const std::string text = error_of([&] { device.require_support(chain(table, many)); });
  EXPECT_THAT(text, HasSubstr("layer7 (sqrt/1)"));
  EXPECT_THAT(text, ::testing::EndsWith("; and 2 more"));
  EXPECT_THAT(text, ::testing::Not(HasSubstr("layer8")));
}

TEST(Device, RunsOnTheReferenceBackend) {
  const auto plugin = std::filesystem::path(CLQ_PLUGIN_DIR) / "clq_cpu_ref.so";
  if (!std::filesystem::exists(plugin)) GTEST_SKIP() << plugin << " is not built";
  Registry registry;
  registry.load(plugin);
  Device device(registry.device("cpu"), "{}", 2);
  EXPECT_EQ(registry.device("cpu_ref").name, registry.device("cpu_ref:0").name);
  const Segment segment = chain(registry.ops(), {"relu", "square"});
  device.require_support(segment);
  Executable executable(device, segment, {});
  Buffer x(device, 16, CLQ_MEM_DEVICE), y(device, 16, CLQ_MEM_DEVICE);
  Buffer workspace(device, executable.info().workspace_bytes, CLQ_MEM_DEVICE);
  Binding binding(device, executable, {x.data()}, {y.data()}, {}, workspace.data());
  Stream stream(device);
  Event done(device);
  const float sent[4] = {-1, 0, 2, 3};
  float back[4] = {};
  stream.copy(x.data(), CLQ_MEM_DEVICE, sent, CLQ_MEM_HOST, 16);
  ASSERT_EQ(binding.run(stream, nullptr, 0), CLQ_OK);
  stream.copy(back, CLQ_MEM_HOST, y.data(), CLQ_MEM_DEVICE, 16);
  done.record(stream.c());
  done.sync(Sync::results_read);
  EXPECT_THAT(back, ::testing::ElementsAre(0, 0, 4, 9));
}

}  // namespace
}  // namespace clq
