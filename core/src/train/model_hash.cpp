// core/src/train/model_hash.cpp -- what a model is called: the hash of its tensors.
// SPDX-License-Identifier: BSD-3-Clause
#include <calanque/core/model.hpp>

#include "train/hash_state.hpp"

namespace clq {
namespace {

void update(XXH3_state_t* state, const void* data, int64_t bytes) {
  XXH3_128bits_update(state, data, static_cast<size_t>(bytes));
}

}  // namespace

// In order of names: name, NUL, dtype and dims as text, NUL, the plain bytes.
std::string Model::hash() const {
  const HashState state = make_hash_state();
  XXH3_128bits_reset(state.get());
  for (const auto& [name, tensor] : states) {
    const std::string head =
        fmt::format("{}{}{}{}{}", name, '\0', dtype_name(tensor.desc().dtype), to_string(tensor.desc().dims), '\0');
    update(state.get(), head.data(), static_cast<int64_t>(head.size()));
    update(state.get(), tensor.bytes(), tensor.desc().bytes());
  }
  const XXH128_hash_t hash = XXH3_128bits_digest(state.get());
  return fmt::format("{:016x}{:016x}", hash.high64, hash.low64);
}

std::string Model::id() const { return hash().substr(0, 12); }

}  // namespace clq
