// core/src/train/session.hpp -- a model's programs compiled on one device, with the storage of their states.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include <calanque/core/model.hpp>

#include "compile/segment.hpp"
#include "runtime/device.hpp"

namespace clq {

// States by name live once on the device, in the layout that the first program asked for; later ones accept it.
class StateStore {
 public:
  explicit StateStore(Device& device) : device_(device) {}
  struct Storage {
    TensorDesc desc;
    clq_state_layout layout{};
    Buffer buffer;
    Executable* owner = nullptr;
    uint32_t index = 0;
  };
  Storage* find(const std::string& name);
  Storage& require(const std::string& name);
  Storage& add(const std::string& name, const TensorDesc& desc, Executable& owner, uint32_t index);
  int64_t bytes() const;
  // Plain host copies, one synchronisation for all. [the trainer's thread]
  std::map<std::string, Tensor> export_all(Stream& stream, const std::vector<std::string>& names);
  void import_all(Stream& stream, const std::map<std::string, Tensor>& tensors);  // unknown names are left out
  void import_zeros(Stream& stream, const std::vector<std::string>& names);
  std::vector<std::string> names() const;

 private:
  Device& device_;
  std::map<std::string, Storage> states_;
};

// One program ready to run on a device.
class CompiledProgram {
 public:
  CompiledProgram(Device& device, StateStore& states, Program program, uint32_t flags);
  const Program& program() const { return program_; }
  int64_t workspace_bytes() const;
  int64_t resident_bytes() const;
  // Addresses in the order of graph.inputs / graph.outputs; workspace is shared by bindings that never run at once.
  // comm: what sums over replicas; nullptr: there is one.
  std::unique_ptr<Binding> bind(const std::vector<void*>& inputs, const std::vector<void*>& outputs, void* workspace,
                                const clq_comm* comm = nullptr);
  // Fills cells in the order of graph.scalars.
  struct Scalars {
    double learning_rate = 0;
    int64_t step = 0;
    uint64_t seed = 0;
    int64_t first_sample = 0;
    double batch_count = 0;
  };
  void run(Binding& binding, Stream& stream, const Scalars& scalars);  // hot

 private:
  void make_cells();
  void add_states();
  Device& device_;
  StateStore& states_;
  Program program_;
  std::unique_ptr<Segment> segment_;
  std::unique_ptr<Executable> executable_;
  std::vector<uint64_t> cells_;
  std::vector<int> cell_kinds_;  // which Scalars member feeds cell i
};

// The states of a program at their start: from `given` by name, otherwise from their initialisers. An average starts as
// its parameter.
std::map<std::string, Tensor> initial_states(const Graph& graph, const std::map<std::string, Tensor>& given,
                                             uint64_t seed);

}  // namespace clq
