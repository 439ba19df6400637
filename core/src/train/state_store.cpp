// core/src/train/state_store.cpp -- the states of a model on a device, by name.
// SPDX-License-Identifier: BSD-3-Clause
#include "graph/init.hpp"
#include "train/session.hpp"

namespace clq {

StateStore::Storage* StateStore::find(const std::string& name) {
  const auto at = states_.find(name);
  return at == states_.end() ? nullptr : &at->second;
}

StateStore::Storage& StateStore::require(const std::string& name) {
  Storage* storage = find(name);
  if (storage == nullptr) fail(CLQ_E_INTERNAL, "no program has the state '{}'", name);
  return *storage;
}

StateStore::Storage& StateStore::add(const std::string& name, const TensorDesc& desc, Executable& owner,
                                     uint32_t index) {
  Storage storage;
  storage.desc = desc;
  storage.layout = owner.layout(index);
  storage.buffer = Buffer(device_, storage.layout.bytes, CLQ_MEM_DEVICE);
  storage.owner = &owner;
  storage.index = index;
  return states_.insert_or_assign(name, std::move(storage)).first->second;
}

int64_t StateStore::bytes() const {
  int64_t bytes = 0;
  for (const auto& [name, storage] : states_) bytes += storage.buffer.bytes();
  return bytes;
}

std::vector<std::string> StateStore::names() const {
  std::vector<std::string> names;
  for (const auto& [name, storage] : states_) names.push_back(name);
  return names;
}

std::map<std::string, Tensor> StateStore::export_all(Stream& stream, const std::vector<std::string>& names) {
  std::map<std::string, Tensor> tensors;
  Event exported(device_);
  for (const std::string& name : names) {
    Storage& storage = require(name);
    Tensor& plain = tensors.insert_or_assign(name, Tensor(storage.desc)).first->second;
    storage.owner->export_state(storage.index, stream, plain.bytes(), storage.buffer.data());
  }
  exported.record(stream.c());
  exported.sync(Sync::states_exported);
  return tensors;
}

// Returns only when the device has read the tensors: callers free them at once.
void StateStore::import_all(Stream& stream, const std::map<std::string, Tensor>& tensors) {
  Event imported(device_);
  for (const auto& [name, tensor] : tensors) {
    Storage* storage = find(name);
    if (storage == nullptr) continue;
    CLQ_REQUIRE(tensor.desc() == storage->desc, "state '{}' is {} {}, expected {} {}", name,
                dtype_name(tensor.desc().dtype), to_string(tensor.desc().dims), dtype_name(storage->desc.dtype),
                to_string(storage->desc.dims));
    storage->owner->import_state(storage->index, stream, storage->buffer.data(), tensor.bytes());
  }
  imported.record(stream.c());
  imported.sync(Sync::states_imported);
}

void StateStore::import_zeros(Stream& stream, const std::vector<std::string>& names) {
  std::map<std::string, Tensor> zeros;
  for (const std::string& name : names) zeros.emplace(name, Tensor(require(name).desc));
  import_all(stream, zeros);
}

std::map<std::string, Tensor> initial_states(const Graph& graph, const std::map<std::string, Tensor>& given,
                                             uint64_t seed) {
  std::map<std::string, Tensor> tensors;
  for (const State& state : graph.states) {
    auto at = given.find(state.name);
    if (at == given.end() && state.name.starts_with(kAverage)) at = given.find(state.name.substr(kAverage.size()));
    tensors.emplace(state.name, at != given.end()
                                    ? at->second
                                    : make_initial(state.init, graph.desc(state.before), seed, state.name));
  }
  return tensors;
}

}  // namespace clq
