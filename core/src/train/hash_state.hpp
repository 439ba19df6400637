// core/src/train/hash_state.hpp -- a state of XXH3 that is given back.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <memory>
#include <new>

#include <xxhash.h>

namespace clq {

struct FreeHash {
  void operator()(XXH3_state_t* state) const { XXH3_freeState(state); }
};
using HashState = std::unique_ptr<XXH3_state_t, FreeHash>;

inline HashState make_hash_state() {
  HashState state(XXH3_createState());
  if (!state) throw std::bad_alloc();
  return state;
}

}  // namespace clq
