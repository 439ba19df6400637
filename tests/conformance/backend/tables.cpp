// tests/conformance/backend/tables.cpp -- sizes, flags, and what must be refused, with words.
// SPDX-License-Identifier: BSD-3-Clause
#include <algorithm>
#include <cstring>

#include "conformance/backend/lists.hpp"
#include "conformance/backend/under_test.hpp"

namespace clq::conformance {
namespace {

using test::Dims;
using test::SegmentBuilder;

// x -> relu(x), which every backend takes in F32.
SegmentBuilder small_segment() {
  SegmentBuilder b;
  b.output(b.op1("relu/1", {b.input(CLQ_F32, {3})}, CLQ_F32, {3}));
  return b;
}

clq_status compile(UnderTest& tested, const clq_segment& segment) {
  clq_executable* executable = nullptr;
  const clq_status status = tested.api().compile(tested.session().backend, &segment, nullptr, &executable);
  if (status >= 0) tested.api().executable_destroy(executable);
  return status;
}

// An out struct with room behind it: what a newer host would have there stays as it was.
template <class T>
struct Roomy {
  T value{};
  unsigned char behind[64];
  Roomy() {
    value.struct_size = sizeof(T);
    std::memset(behind, 0x5A, sizeof behind);
  }
  bool intact() const {
    return std::all_of(std::begin(behind), std::end(behind), [](unsigned char b) { return b == 0x5A; });
  }
};

template <class T, class Call>
void check_out_struct(Findings& findings, const char* name, Call call) {
  for (const uint32_t size : {0u, 4u}) {
    T small{};
    small.struct_size = size;
    expect_refused(findings, fmt::format("{} with struct_size {}", name, size), call(&small), {CLQ_E_ABI});
  }
  Roomy<T> roomy;
  findings.expect(call(&roomy.value) == CLQ_OK, "{}: failed: {}", name, test::error_text());
  findings.expect(roomy.intact(), "{}: wrote behind the struct_size that it was given", name);
}

void devices(const Subject& subject, Findings& findings) {
  UnderTest tested(subject);
  const clq_backend_api& api = tested.api();
  const uint32_t n = api.device_count();
  findings.expect(n > subject.device, "device_count is {}, and device {} was opened", n, subject.device);
  check_out_struct<clq_device_info>(findings, "device_info",
                                    [&](clq_device_info* out) { return api.device_info(subject.device, out); });
  clq_device_info info{};
  info.struct_size = sizeof info;
  for (uint32_t device = 0; device < n; ++device)
    findings.expect(api.device_info(device, &info) == CLQ_OK, "device_info of device {} of {}: {}", device, n,
                    test::error_text());
  test::check(api.device_info(subject.device, &info));
  findings.expect(info.kind == CLQ_DEV_CPU || info.kind == CLQ_DEV_GPU, "device_info: kind {} is none", info.kind);
  findings.expect(info.name != nullptr && *info.name != '\0', "device_info: no name");
  findings.expect(info.description != nullptr, "device_info: no description");
  findings.expect(info.memory_total >= info.memory_free && info.memory_free >= 0,
                  "device_info: {} of {} bytes are free", info.memory_free, info.memory_total);
  expect_refused(findings, fmt::format("device_info of device {}", n), api.device_info(n, &info));
  clq_backend* none = nullptr;
  expect_refused(findings, fmt::format("open of device {}", n), api.open(n, "{}", nullptr, &none));
}

void null_ends(const Subject& subject, Findings&) {
  UnderTest tested(subject);
  const clq_backend_api& api = tested.api();
  api.stream_destroy(nullptr);
  api.event_destroy(nullptr);
  api.executable_destroy(nullptr);
  api.binding_destroy(nullptr);
  api.free(tested.session().backend, nullptr, CLQ_MEM_HOST);
  api.close(nullptr);
}

void reopens(const Subject& subject, Findings& findings) {
  const clq_backend_api& api = *open_plugin(subject.file).backend;
  for (int round = 0; round < 8; ++round) {
    clq_backend *one = nullptr, *two = nullptr;
    const clq_status first = api.open(subject.device, "{}", nullptr, &one);
    const clq_status second = api.open(subject.device, "{}", nullptr, &two);
    findings.require(first == CLQ_OK && second == CLQ_OK, "open twice, round {}: {} and {}: {}", round, first, second,
                     test::error_text());
    api.close(one);
    api.close(two);
  }
}

void segments(const Subject& subject, Findings& findings) {
  UnderTest tested(subject);
  SegmentBuilder b = small_segment();
  clq_segment segment = b.c();
  findings.require(refusal(tested.session(), segment).empty(), "{}", refusal(tested.session(), segment));
  findings.expect(compile(tested, segment) == CLQ_OK, "compile of relu/1: {}", test::error_text());
  for (const uint32_t size : {0u, 4u}) {
    segment.struct_size = size;
    expect_refused(findings, fmt::format("compile with struct_size {}", size), compile(tested, segment), {CLQ_E_ABI});
  }
  segment.struct_size = sizeof segment + 64;
  findings.expect(compile(tested, segment) == CLQ_OK, "compile with a longer struct_size: {}", test::error_text());
  segment.struct_size = sizeof segment;
  segment.flags = CLQ_SEG_DETERMINISTIC | CLQ_SEG_TRAINING | CLQ_SEG_STRICT_F32;
  findings.expect(compile(tested, segment) == CLQ_OK, "compile with every flag: {}", test::error_text());
  segment.flags = 1u << 30;
  expect_refused(findings, "compile with flag 0x40000000", compile(tested, segment), {CLQ_E_UNSUPPORTED});
}

void out_structs(const Subject& subject, Findings& findings) {
  UnderTest tested(subject);
  const clq_backend_api& api = tested.api();
  SegmentBuilder b = small_segment();
  const uint32_t w = b.state(CLQ_F32, {3});
  b.output(b.op1("relu/1", {w}, CLQ_F32, {3}));
  const clq_segment segment = b.c();
  check_out_struct<clq_support>(
      findings, "supports", [&](clq_support* out) { return api.supports(tested.session().backend, &segment, 0, out); });
  clq_executable* executable = nullptr;
  test::check(api.compile(tested.session().backend, &segment, nullptr, &executable));
  check_out_struct<clq_executable_info>(findings, "executable_info",
                                        [&](clq_executable_info* out) { return api.executable_info(executable, out); });
  check_out_struct<clq_state_layout>(findings, "state_layout",
                                     [&](clq_state_layout* out) { return api.state_layout(executable, 0, out); });
  clq_state_layout layout{};
  layout.struct_size = sizeof layout;
  expect_refused(findings, "state_layout of state 1 of 1", api.state_layout(executable, 1, &layout));
  api.executable_destroy(executable);
}

void unknown_ops(const Subject& subject, Findings& findings) {
  UnderTest tested(subject);
  SegmentBuilder b;
  b.output(b.op1("org.example.nothing/7", {b.input(CLQ_F32, {3})}, CLQ_F32, {3}));
  const clq_segment segment = b.c();
  clq_support support{};
  support.struct_size = sizeof support;
  test::check(tested.api().supports(tested.session().backend, &segment, 0, &support));
  const std::string reason(support.reason, strnlen(support.reason, sizeof support.reason));
  findings.expect(support.score == 0, "supports of org.example.nothing/7: score {}, 0 would be right", support.score);
  findings.expect(reason.find("org.example.nothing/7") != std::string::npos,
                  "supports: the reason '{}' does not name org.example.nothing/7", reason);
  expect_refused(findings, "compile of org.example.nothing/7", compile(tested, segment));
}

void odd_segments(const Subject& subject, Findings& findings) {
  UnderTest tested(subject);
  const auto refuse = [&](const char* what, SegmentBuilder& b) {
    expect_refused(findings, what, compile(tested, b.c()));
  };
  SegmentBuilder twice = small_segment(), early, outside, huge, other;
  twice.op("relu/1", {0}, {1});
  refuse("compile where a value is written twice", twice);
  early.output(early.op1("relu/1", {early.value(CLQ_F32, {3})}, CLQ_F32, {3}));
  refuse("compile where a value is read that nothing writes", early);
  outside.op("relu/1", {99}, {98});
  refuse("compile where an op reads value 99 of none", outside);
  huge.input(CLQ_F32, {int64_t{1} << 40, int64_t{1} << 40});
  refuse("compile with a shape of 2^80 elements", huge);
  other.output(other.op1("add/1", {other.input(CLQ_F32, {3}), other.input(CLQ_F32, {4})}, CLQ_F32, {3}));
  refuse("compile of add/1 of [3] and [4]", other);
}

void addresses_and_cells(const Subject& subject, Findings& findings) {
  UnderTest tested(subject);
  SegmentBuilder b = small_segment();
  test::Program program(tested.session(), b);
  expect_refused(findings, "run with 1 cell where the segment has none", program.run_only({1}));
  expect_refused(findings, "run without arguments",
                 tested.api().run(program.binding(), tested.session().stream, nullptr));
  if (!tested.on_cpu()) return;
  const clq_segment segment = b.c();
  clq_executable* executable = nullptr;
  test::check(tested.api().compile(tested.session().backend, &segment, nullptr, &executable));
  alignas(64) std::byte memory[256];
  void *good = memory, *bad = memory + 4;
  clq_binding* binding = nullptr;
  clq_bind_args args{sizeof args, 0, &good, &bad, nullptr, memory + 128, nullptr};
  expect_refused(findings, "bind of an output at 4 bytes beyond 64", tested.api().bind(executable, &args, &binding));
  args = {0, 0, &good, &good, nullptr, memory + 128, nullptr};
  expect_refused(findings, "bind with struct_size 0", tested.api().bind(executable, &args, &binding), {CLQ_E_ABI});
  tested.api().executable_destroy(executable);
}

}  // namespace

void add_table_cases(std::vector<Case>& cases) {
  cases.push_back({"device.info", "every device says what it is; there are no more than it counts", devices});
  cases.push_back({"device.null", "what ends an object takes NULL", null_ends});
  cases.push_back({"device.reopen", "opens twice at once, again and again", reopens});
  cases.push_back({"segment.sizes", "struct_size and flags as docs/abi.md has them", segments});
  cases.push_back({"segment.outs", "out structs: too small is refused, nothing is written behind them", out_structs});
  cases.push_back({"segment.unknown", "an op that it has not: score 0 and a reason that names it", unknown_ops});
  cases.push_back({"segment.odd", "segments that make no sense are refused", odd_segments});
  cases.push_back({"segment.bind", "addresses that are not aligned and wrong cells are refused", addresses_and_cells});
}

}  // namespace clq::conformance
