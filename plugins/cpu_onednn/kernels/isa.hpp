// plugins/cpu_onednn/kernels/isa.hpp -- one loop compiled for several instruction sets, the best one taken at run time.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <type_traits>

namespace clq::onednn {

#define CLQ_INLINE [[gnu::always_inline]] inline
#define CLQ_VECTORISED __attribute__((always_inline))  // after a lambda's parameters: it takes the set of its caller

namespace isa {

template <int bytes>
struct Width {};  // of a register of the set

template <class Width, class Body>
CLQ_INLINE void call(const Body& body) {
  if constexpr (std::is_invocable_v<Body, Width>) {
    body(Width{});
  } else {
    body();
  }
}

template <class Body>
void baseline(const Body& body) {
  call<Width<16>>(body);
}
#if defined(__x86_64__)
template <class Body>
[[gnu::target("avx2")]] void avx2(const Body& body) {
  call<Width<32>>(body);
}
template <class Body>
[[gnu::target("avx512f,avx512dq,avx512bw,avx512vl,prefer-vector-width=512")]] void avx512(const Body& body) {
  call<Width<64>>(body);
}
#endif

}  // namespace isa

// Runs body() or body(isa::Width<bytes>), a lambda marked CLQ_VECTORISED, as are all that it calls in its loops. The
// bits are the same in every set: nothing is contracted, and sums name their lanes.
template <class Body>
void vectorised(const Body& body) {  // hot
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512bw") &&
      __builtin_cpu_supports("avx512vl"))
    return isa::avx512(body);
  if (__builtin_cpu_supports("avx2")) return isa::avx2(body);
#endif
  isa::baseline(body);
}

}  // namespace clq::onednn
