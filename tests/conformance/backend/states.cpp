// tests/conformance/backend/states.cpp -- what outlives a run: kept, updated, moved in and out, shared by programs.
// SPDX-License-Identifier: BSD-3-Clause
#include <cmath>

#include "conformance/backend/lists.hpp"
#include "conformance/backend/under_test.hpp"

namespace clq::conformance {
namespace {

using test::Array;
using test::Dims;
using test::SegmentBuilder;

void require_taken(UnderTest& tested, SegmentBuilder& b) {
  if (std::string why = refusal(tested.session(), b.c()); !why.empty()) throw Unsupported(why);
}

void keeps_when_zero(const Subject& subject, Findings& findings) {
  UnderTest tested(subject);
  SegmentBuilder b;
  const Dims dims = {33, 5};
  const uint32_t w = b.state(CLQ_F32, dims), x = b.input(CLQ_F32, dims), when = b.input(CLQ_U8, {});
  b.assign(w, b.op1("add/1", {w, x}, CLQ_F32, dims), when);
  require_taken(tested, b);
  test::Program program(tested.session(), b);
  auto values = test::random_array<float>(dims, subject.seed).as<float>();
  values[1] = -0.0f, values[2] = std::nanf("7"), values[3] = INFINITY, values[4] = 1e-42f;
  const Array start = test::array<float>(dims, values), one = test::array<float>(dims, std::vector<float>(165, 1.0f));
  program.set_state(0, start);
  program.run({one, test::array<uint8_t>({}, {0})});
  findings.expect(program.state(0).data == start.data, "a state with `when` 0 has other bits after the run");
  program.run({one, test::array<uint8_t>({}, {1})});
  const auto after = program.state(0).as<float>();
  findings.expect(after[0] == values[0] + 1, "a state with `when` 1 is {}, {} would be right", after[0], values[0] + 1);
  findings.expect(program.guards_intact(), "wrote beyond a memory that it was bound to");
}

// A state ends in the storage of its old value once every read of that is done.
void reads_come_first(const Subject& subject, Findings& findings) {
  UnderTest tested(subject);
  SegmentBuilder b;
  const Dims dims = {4};
  const uint32_t w = b.state(CLQ_F32, dims), x = b.input(CLQ_F32, dims);
  const uint32_t next = b.op1("add/1", {w, x}, CLQ_F32, dims);
  b.assign(w, next);
  b.output(b.op1("mul/1", {w, next}, CLQ_F32, dims));
  require_taken(tested, b);
  test::Program program(tested.session(), b);
  program.set_state(0, test::array<float>(dims, {1, 2, 3, 4}));
  const auto out = program.run({test::array<float>(dims, {1, 1, 1, 1})})[0].as<float>();
  findings.expect(out == std::vector<float>{2, 6, 12, 20}, "an op behind the assignment read the new value");
  findings.expect(program.state(0).as<float>() == std::vector<float>{2, 3, 4, 5}, "the state has not the new value");
}

void moves_of(UnderTest& tested, int32_t dtype, const Dims& dims, uint64_t seed, Findings& findings) {
  SegmentBuilder b;
  const uint32_t w = b.state(dtype, dims);
  b.assign(w, b.op1("identity/1", {w}, dtype, dims));
  if (!refusal(tested.session(), b.c()).empty()) return;
  test::Program program(tested.session(), b);
  Array sent = test::empty(dtype, dims);
  for (size_t i = 0; i < sent.data.size(); ++i) sent.data[i] = static_cast<unsigned char>(seed * 31 + i * 7 + i / 251);
  if (dtype == CLQ_F32) sent = test::random_array<float>(dims, seed);
  if (dtype == CLQ_F64) sent = test::random_array<double>(dims, seed);
  program.set_state(0, sent);
  const std::string what = fmt::format("a state of dtype {} and shape [{}]", dtype, fmt::join(dims, ", "));
  findings.expect(program.state(0).data == sent.data, "{}: other bits come out than went in", what);
  program.run({});
  findings.expect(program.state(0).data == sent.data, "{}: identity changed its bits", what);
  findings.expect(program.guards_intact(), "{}: wrote beyond its storage", what);
}

void moves(const Subject& subject, Findings& findings) {
  UnderTest tested(subject);
  for (const int32_t dtype : {CLQ_F32, CLQ_F64, CLQ_I64, CLQ_U8})
    for (const Dims& dims : {Dims{}, Dims{1}, Dims{92}, Dims{33, 5}, Dims{17, 3, 5, 5}, Dims{64, 32, 3, 3}})
      moves_of(tested, dtype, dims, subject.seed, findings);
}

// Weights in a convolution may lie as the backend likes; another program of the model takes the same storage.
void shares_layouts(const Subject& subject, Findings& findings) {
  UnderTest tested(subject);
  test::Session& session = tested.session();
  const clq_backend_api& api = tested.api();
  const auto convolution = [](int64_t rows) {
    SegmentBuilder b;
    const uint32_t w = b.state(CLQ_F32, {32, 16, 3, 3});
    b.output(b.op1("conv/1", {b.input(CLQ_F32, {rows, 16, 8, 8}), w}, CLQ_F32, {rows, 32, 6, 6}));
    return b;
  };
  SegmentBuilder train = convolution(8), one = convolution(1);
  require_taken(tested, train);
  clq_executable *first = nullptr, *second = nullptr;
  const clq_segment segment = train.c(), other = one.c();
  test::check(api.compile(session.backend, &segment, nullptr, &first));
  clq_state_layout layout{}, again{};
  layout.struct_size = again.struct_size = sizeof layout;
  test::check(api.state_layout(first, 0, &layout));
  const clq_state_layout* wanted[] = {&layout};
  const clq_status status = api.compile(session.backend, &other, wanted, &second);
  findings.expect(status == CLQ_OK, "compile with the layout that another program chose: {}", test::error_text());
  if (status == CLQ_OK) {
    test::check(api.state_layout(second, 0, &again));
    findings.expect(again.id == layout.id && again.bytes == layout.bytes, "wanted layout {} of {} bytes, got {} of {}",
                    layout.id, layout.bytes, again.id, again.bytes);
  }
  findings.expect(layout.align >= 0 && layout.align <= 64, "a state wants {} bytes of alignment, 64 are given",
                  layout.align);
  api.executable_destroy(first);
  api.executable_destroy(second);
}

}  // namespace

void add_state_cases(std::vector<Case>& cases) {
  cases.push_back({"state.when", "`when` 0 keeps every bit, 1 takes the new value", keeps_when_zero});
  cases.push_back({"state.reads", "every read of the old value is done before the new one is there", reads_come_first});
  cases.push_back({"state.moves", "what is imported comes out of the export, bit for bit", moves});
  cases.push_back({"state.layout", "a second program takes the layout that the first chose", shares_layouts});
}

}  // namespace clq::conformance
