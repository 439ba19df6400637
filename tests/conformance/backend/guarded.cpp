// tests/conformance/backend/guarded.cpp -- mapping the memory, binding it, running once.
// SPDX-License-Identifier: BSD-3-Clause
#include "conformance/backend/guarded.hpp"

#include <algorithm>
#include <cstring>
#include <new>

#include <sys/mman.h>
#include <unistd.h>

namespace clq::conformance {
namespace {

constexpr std::byte kFill{0xA5};

size_t round_up(size_t n, size_t to) { return (n + to - 1) / to * to; }

std::vector<void*> addresses(std::deque<GuardedBytes>& list) {
  std::vector<void*> all;
  for (GuardedBytes& bytes : list) all.push_back(bytes.data());
  return all;
}

// Executable and binding, ended in the right order.
struct Bound {
  const clq_backend_api& api;
  clq_executable* executable = nullptr;
  clq_binding* binding = nullptr;
  ~Bound() {
    api.binding_destroy(binding);
    api.executable_destroy(executable);
  }
};

}  // namespace

GuardedBytes::GuardedBytes(int64_t bytes) : bytes_(bytes) {
  const auto page = static_cast<size_t>(sysconf(_SC_PAGESIZE));
  const size_t rounded = round_up(std::max<size_t>(1, static_cast<size_t>(bytes)), 64);
  readable_ = round_up(rounded + 1, page);
  whole_ = readable_ + page;
  void* pages = mmap(nullptr, whole_, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (pages == MAP_FAILED) throw std::bad_alloc();
  pages_ = static_cast<std::byte*>(pages);
  data_ = pages_ + readable_ - rounded;
  std::memset(pages_, static_cast<int>(kFill), readable_);
  mprotect(pages_ + readable_, page, PROT_NONE);
}

GuardedBytes::~GuardedBytes() { munmap(pages_, whole_); }

void GuardedBytes::write(const test::Array& from) {
  if (!from.data.empty()) std::memcpy(data_, from.data.data(), from.data.size());
}

test::Array GuardedBytes::read(int32_t dtype, const test::Dims& dims) const {
  test::Array to = test::empty(dtype, dims);
  if (!to.data.empty()) std::memcpy(to.data.data(), data_, to.data.size());
  return to;
}

void GuardedBytes::make_read_only() { mprotect(pages_, readable_, PROT_READ); }

bool GuardedBytes::slack_intact() const {
  const auto filled = [](const std::byte* from, const std::byte* to) {
    return std::all_of(from, to, [](std::byte b) { return b == kFill; });
  };
  return filled(pages_, data_) && filled(data_ + bytes_, pages_ + readable_);
}

std::vector<test::Array> run_guarded(UnderTest& tested, test::SegmentBuilder& builder,
                                     const std::vector<test::Array>& inputs, const std::vector<uint64_t>& cells,
                                     Findings& findings, const std::string& what) {
  test::Session& session = tested.session();
  Bound bound{tested.api()};
  const clq_segment segment = builder.c();
  test::check(tested.api().compile(session.backend, &segment, nullptr, &bound.executable));
  clq_executable_info info{};
  info.struct_size = sizeof info;
  test::check(tested.api().executable_info(bound.executable, &info));
  std::deque<GuardedBytes> in, out, workspace;
  for (size_t i = 0; i < builder.inputs().size(); ++i) {
    in.emplace_back(builder.bytes(builder.inputs()[i])).write(inputs[i]);
    in.back().make_read_only();
  }
  for (const uint32_t v : builder.outputs()) out.emplace_back(builder.bytes(v));
  workspace.emplace_back(info.workspace_bytes);
  const auto to_read = addresses(in), to_write = addresses(out);
  const clq_bind_args args{sizeof args, 0, to_read.data(), to_write.data(), nullptr, workspace[0].data(), nullptr};
  test::check(tested.api().bind(bound.executable, &args, &bound.binding));
  const clq_run_args run{sizeof run, static_cast<uint32_t>(cells.size()), cells.data()};
  test::check(tested.api().run(bound.binding, session.stream, &run));
  session.sync();
  std::vector<test::Array> results;
  for (size_t i = 0; i < out.size(); ++i) {
    const clq_tensor_desc& d = builder.desc(builder.outputs()[i]);
    results.push_back(out[i].read(d.dtype, test::Dims(d.dims, d.dims + d.rank)));
    findings.expect(out[i].slack_intact(), "{}: wrote outside its output {} of {} bytes", what, i, out[i].bytes());
  }
  findings.expect(workspace[0].slack_intact(), "{}: wrote outside the workspace of {} bytes that it asked for", what,
                  info.workspace_bytes);
  return results;
}

}  // namespace clq::conformance
