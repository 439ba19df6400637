// tests/conformance/backend/queues.cpp -- memory, and the order of what streams were given.
// SPDX-License-Identifier: BSD-3-Clause
#include "conformance/backend/lists.hpp"
#include "conformance/backend/under_test.hpp"

namespace clq::conformance {
namespace {

using test::Array;
using test::SegmentBuilder;

struct Ends {  // of what a case makes beside its session
  const clq_backend_api& api;
  clq_stream* stream = nullptr;
  clq_event *first = nullptr, *last = nullptr;
  explicit Ends(test::Session& session) : api(session.api) {
    test::check(api.stream_create(session.backend, &stream));
    test::check(api.event_create(session.backend, &first));
    test::check(api.event_create(session.backend, &last));
  }
  ~Ends() {
    api.event_destroy(first);
    api.event_destroy(last);
    api.stream_destroy(stream);
  }
  Ends(const Ends&) = delete;
  Ends& operator=(const Ends&) = delete;
};

// A segment without states, bound to these addresses.
class BoundTo {
 public:
  BoundTo(test::Session& session, SegmentBuilder& builder, std::vector<void*> inputs, std::vector<void*> outputs)
      : session_(session) {
    const clq_segment segment = builder.c();
    test::check(session.api.compile(session.backend, &segment, nullptr, &executable_));
    clq_executable_info info{};
    info.struct_size = sizeof info;
    test::check(session.api.executable_info(executable_, &info));
    workspace_.emplace_back(session, info.workspace_bytes);
    const clq_bind_args args{sizeof args, 0, inputs.data(), outputs.data(), nullptr, workspace_[0].data(), nullptr};
    test::check(session.api.bind(executable_, &args, &binding_));
  }
  ~BoundTo() {
    session_.api.binding_destroy(binding_);
    session_.api.executable_destroy(executable_);
  }
  BoundTo(const BoundTo&) = delete;
  BoundTo& operator=(const BoundTo&) = delete;
  clq_status run(const std::vector<uint64_t>& cells) {
    const clq_run_args args{sizeof args, static_cast<uint32_t>(cells.size()), cells.data()};
    return session_.api.run(binding_, session_.stream, &args);
  }

 private:
  test::Session& session_;
  std::deque<test::DeviceArray> workspace_;
  clq_executable* executable_ = nullptr;
  clq_binding* binding_ = nullptr;
};

void memory(const Subject& subject, Findings& findings) {
  UnderTest tested(subject);
  const clq_backend_api& api = tested.api();
  clq_backend* backend = tested.session().backend;
  for (const uint32_t kind : {CLQ_MEM_HOST, CLQ_MEM_HOST_PINNED, CLQ_MEM_DEVICE})
    for (const int64_t bytes : {int64_t{1}, int64_t{63}, int64_t{64}, int64_t{1} << 20}) {
      void* p = nullptr;
      const clq_status status = api.alloc(backend, bytes, kind, &p);
      findings.require(status == CLQ_OK && p != nullptr, "alloc of {} bytes of kind {}: {}", bytes, kind,
                       test::error_text());
      findings.expect(reinterpret_cast<uintptr_t>(p) % 64 == 0, "alloc of {} bytes of kind {}: not aligned to 64",
                      bytes, kind);
      api.free(backend, p, kind);
    }
  void* p = nullptr;
  expect_refused(findings, "alloc of -1 bytes", api.alloc(backend, -1, CLQ_MEM_HOST, &p));
  expect_refused(findings, "alloc of memory kind 9", api.alloc(backend, 64, 9, &p));
  expect_refused(findings, "alloc of 2^62 bytes", api.alloc(backend, int64_t{1} << 62, CLQ_MEM_DEVICE, &p),
                 {CLQ_E_NOMEM});
}

void copies(const Subject& subject, Findings& findings) {
  UnderTest tested(subject);
  for (const int64_t n : {1, 5, 16, 1031, 1 << 18}) {
    const Array sent = test::random_array<float>({n}, subject.seed);
    test::DeviceArray one(tested.session(), n * 4), two(tested.session(), n * 4);
    one.write(sent);
    test::check(
        tested.api().copy(tested.session().stream, two.data(), CLQ_MEM_DEVICE, one.data(), CLQ_MEM_DEVICE, n * 4));
    findings.expect(two.read(CLQ_F32, {n}).data == sent.data, "copy of {} floats over the device: other bytes", n);
    findings.expect(one.guard_intact() && two.guard_intact(), "copy of {} floats: wrote behind its target", n);
  }
}

// Nothing waits between the copies and the run: the stream's order alone makes the result right.
void order(const Subject& subject, Findings& findings) {
  UnderTest tested(subject);
  test::Session& session = tested.session();
  SegmentBuilder b;
  const int64_t n = 4096;
  const uint32_t x = b.input(CLQ_F32, {n});
  b.output(b.op1("add/1", {x, x}, CLQ_F32, {n}));
  test::DeviceArray in(session, n * 4), out(session, n * 4);
  BoundTo bound(session, b, {in.data()}, {out.data()});
  Ends ends(session);
  for (uint64_t round = 0; round < 16; ++round) {
    const Array sent = test::random_array<float>({n}, subject.seed + round);
    Array back = test::empty(CLQ_F32, {n});
    test::check(tested.api().copy(session.stream, in.data(), CLQ_MEM_DEVICE, sent.data.data(), CLQ_MEM_HOST, n * 4));
    test::check(bound.run({}));
    test::check(tested.api().copy(session.stream, back.data.data(), CLQ_MEM_HOST, out.data(), CLQ_MEM_DEVICE, n * 4));
    test::check(tested.api().event_record(ends.first, session.stream));
    test::check(tested.api().event_sync(ends.first));
    const auto x_sent = sent.as<float>(), doubled = back.as<float>();
    for (size_t i = 0; i < doubled.size(); ++i)
      if (!findings.expect(doubled[i] == 2 * x_sent[i], "round {}: element {} is {}, {} would be right", round, i,
                           doubled[i], 2 * x_sent[i]))
        break;
  }
}

void waits(const Subject& subject, Findings& findings) {
  UnderTest tested(subject);
  test::Session& session = tested.session();
  const clq_backend_api& api = tested.api();
  Ends ends(session);
  findings.expect(api.event_query(ends.first) == CLQ_OK, "event_query of an event never recorded is not CLQ_OK");
  findings.expect(api.event_sync(ends.first) == CLQ_OK, "event_sync of an event never recorded is not CLQ_OK");
  const int64_t n = 4096;
  test::DeviceArray device(session, n * 4);
  for (uint64_t round = 0; round < 16; ++round) {
    const Array sent = test::random_array<float>({n}, subject.seed + round);
    Array back = test::empty(CLQ_F32, {n});
    test::check(api.copy(session.stream, device.data(), CLQ_MEM_DEVICE, sent.data.data(), CLQ_MEM_HOST, n * 4));
    test::check(api.event_record(ends.first, session.stream));
    test::check(api.stream_wait(ends.stream, ends.first));
    test::check(api.copy(ends.stream, back.data.data(), CLQ_MEM_HOST, device.data(), CLQ_MEM_DEVICE, n * 4));
    test::check(api.event_record(ends.last, ends.stream));
    test::check(api.event_sync(ends.last));
    findings.expect(back.data == sent.data, "round {}: a stream that waits for another read too early", round);
    findings.expect(api.event_query(ends.last) == CLQ_OK, "round {}: event_query after event_sync is not CLQ_OK",
                    round);
  }
}

// The cells are the host's again as soon as run returns.
void cells(const Subject& subject, Findings& findings) {
  UnderTest tested(subject);
  SegmentBuilder b;
  const uint32_t rate = b.scalar(CLQ_F64);
  b.output(b.op1("square/1", {rate}, CLQ_F64, {}));
  if (std::string why = refusal(tested.session(), b.c()); !why.empty()) throw Unsupported(why);
  test::DeviceArray out(tested.session(), 8);
  BoundTo bound(tested.session(), b, {}, {out.data()});
  std::vector<uint64_t> given = {test::cell(3.0)};
  test::check(bound.run(given));
  given[0] = test::cell(5.0);
  const double got = out.read(CLQ_F64, {}).as<double>()[0];
  findings.expect(got == 9, "square of the cell 3: {}, 9 would be right", got);
}

clq_status start_sum(const clq_comm*, uint32_t, void*, int64_t, int32_t, uint32_t) { return CLQ_OK; }
clq_status lose_peer(const clq_comm*, uint32_t) { return CLQ_E_PEER; }

// A peer is lost inside a run: the error comes by run or by a later event, no state changes, and everything ends well.
void errors(const Subject& subject, Findings& findings) {
  UnderTest tested(subject);
  if (!tested.on_cpu()) throw Unsupported("its replicas meet by clq.collective/1, where this error cannot be made");
  test::Session& session = tested.session();
  const clq_comm comm{sizeof comm, 0, 2, 0, nullptr, start_sum, lose_peer};
  SegmentBuilder b;
  const uint32_t w = b.state(CLQ_F32, {2}), x = b.input(CLQ_F32, {2});
  b.assign(w, b.op1("neg/1", {w}, CLQ_F32, {2}));
  b.output(b.op1("all_reduce/1", {x}, CLQ_F32, {2}, {{"bucket", int64_t{0}}}));
  if (std::string why = refusal(session, b.c()); !why.empty()) throw Unsupported(why);
  test::Program program(session, b, &comm);
  program.set_state(0, test::array<float>({2}, {3, 4}));
  clq_status status = program.run_only({});
  Ends ends(session);
  if (status == CLQ_OK) status = tested.api().event_record(ends.first, session.stream);
  if (status == CLQ_OK) status = tested.api().event_sync(ends.first);
  expect_refused(findings, "a run that loses a peer, and the event behind it", status, {CLQ_E_PEER});
  test::Session again(tested.api(), nullptr, "{}", subject.device);
  SegmentBuilder small;
  small.output(small.op1("relu/1", {small.input(CLQ_F32, {2})}, CLQ_F32, {2}));
  test::Program after(again, small);
  const auto out = after.run({test::array<float>({2}, {-1, 2})})[0].as<float>();
  findings.expect(out == std::vector<float>{0, 2}, "a device opened after the error gives other numbers");
}

}  // namespace

void add_queue_cases(std::vector<Case>& cases) {
  cases.push_back(
      {"memory.alloc", "aligned to 64 bytes; too much, too little and kinds that are none are refused", memory});
  cases.push_back({"memory.copy", "bytes go to the device, over it and back", copies});
  cases.push_back({"stream.order", "copies and runs of a stream follow one another without a wait", order});
  cases.push_back({"stream.wait", "a stream waits for another's event, the host for both", waits});
  cases.push_back({"stream.cells", "cells are read before run returns", cells});
  cases.push_back({"stream.errors", "an error inside a run is told, and ends nothing else", errors});
}

}  // namespace clq::conformance
