// plugins/cpu_ref/kernels/kernel.hpp -- one prepared op: what it needs, what it may overwrite, how it runs.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>

#include <calanque/plugin/backend.h>

namespace clq::ref {

// What a run may use beside its operands. team may be NULL: everything then runs in the caller.
struct Context {
  const clq_host_threads* threads;
  clq_team* team;
  const clq_comm* comm;
  std::atomic<const char*>* problem = nullptr;  // the words of a failed run, whatever thread finds it

  // `text` is a literal.
  clq_status fail(clq_status status, const char* text) const noexcept {
    if (problem != nullptr) problem->store(text, std::memory_order_relaxed);
    return status;
  }
};

// Addresses in the order of the op; NULL where an optional operand was left out.
struct Operands {
  void* const* src;
  void* const* dst;
  std::byte* workspace;

  template <class T>
  const T* in(size_t i) const {
    return static_cast<const T*>(src[i]);
  }
  template <class T>
  T* out(size_t i) const {
    return static_cast<T*>(dst[i]);
  }
};

struct KernelTraits {
  int64_t workspace_bytes = 0;
  uint32_t in_place = 0;  // bit i: dst 0 may lie exactly on src i
  bool can_fail = false;  // a run may end here, so nothing that must survive is overwritten before
};

class Kernel {
 public:
  explicit Kernel(const KernelTraits& traits) : traits_(traits) {}
  virtual ~Kernel() = default;
  const KernelTraits& traits() const { return traits_; }
  virtual clq_status run(const Operands&, const Context&) const noexcept = 0;  // hot
  // What runs in a binding in place of this kernel, made for these operands; nullptr: the kernel itself.
  virtual std::unique_ptr<Kernel> bound(const Operands&) const { return nullptr; }

 private:
  KernelTraits traits_;
};

// A kernel from a closure: void or clq_status body(const Operands&, const Context&), which must not throw.
template <class Body>
std::unique_ptr<Kernel> make_kernel(Body body, const KernelTraits& traits = {}) {
  class Closure final : public Kernel {
   public:
    Closure(Body&& b, const KernelTraits& t) : Kernel(t), body_(std::move(b)) {}
    clq_status run(const Operands& io, const Context& context) const noexcept override {
      if constexpr (std::is_void_v<decltype(body_(io, context))>) {
        body_(io, context);
        return CLQ_OK;
      } else {
        return body_(io, context);
      }
    }

   private:
    Body body_;
  };
  return std::make_unique<Closure>(std::move(body), traits);
}

// Cuts [0, n) into chunks of one size, at most `grain`, so that threads end together; the last may be smaller. Runs
// body(begin, end) on each. A body must give the same bits however it is cut: every output element is computed by one
// call, in an order of its own.
template <class Body>
void parallel(const Context& context, int64_t n, int64_t grain, const Body& body) {
  if (n <= 0) return;
  grain = std::max<int64_t>({grain, 1, n >> 16});
  const int64_t chunks = (n + grain - 1) / grain;
  if (chunks == 1 || context.team == nullptr) return body(int64_t{0}, n);
  grain = (n + chunks - 1) / chunks;
  struct Job {
    const Body* body;
    int64_t n, grain;
  } job{&body, n, grain};
  context.threads->parallel_for(
      context.team, static_cast<uint32_t>(chunks),
      [](void* arg, uint32_t i, uint32_t) {
        const Job& j = *static_cast<const Job*>(arg);
        (*j.body)(i * j.grain, std::min((i + 1) * j.grain, j.n));
      },
      &job);
}

// Elements a chunk for loops of cheap (add), dear (exp) elements.
inline constexpr int64_t kCheapGrain = 16384;
inline constexpr int64_t kDearGrain = 2048;

}  // namespace clq::ref
