// core/src/train/session.cpp -- one program compiled on a device.
// SPDX-License-Identifier: BSD-3-Clause
#include "train/session.hpp"

#include <algorithm>
#include <cstring>
#include <iterator>

namespace clq {
namespace {

constexpr const char* kCells[] = {"learning_rate", "step", "seed", "first_sample", "batch_count"};

template <class T>
uint64_t cell(T value) noexcept {
  static_assert(sizeof(T) == sizeof(uint64_t));
  uint64_t bits = 0;
  std::memcpy(&bits, &value, sizeof bits);
  return bits;
}

uint64_t cell_of(int kind, const CompiledProgram::Scalars& s) noexcept {
  switch (kind) {
    case 0:
      return cell(s.learning_rate);
    case 1:
      return cell(s.step);
    case 2:
      return s.seed;
    case 3:
      return cell(s.first_sample);
    default:
      return cell(s.batch_count);
  }
}

}  // namespace

CompiledProgram::CompiledProgram(Device& device, StateStore& states, Program program, uint32_t flags)
    : device_(device), states_(states), program_(std::move(program)) {
  make_cells();
  segment_ = std::make_unique<Segment>(program_.graph, flags);
  device_.require_support(*segment_);
  std::vector<const clq_state_layout*> wanted;
  for (const State& state : program_.graph.states) {
    const StateStore::Storage* storage = states_.find(state.name);
    wanted.push_back(storage == nullptr ? nullptr : &storage->layout);
  }
  executable_ = std::make_unique<Executable>(device_, *segment_, wanted);
  add_states();
}

void CompiledProgram::make_cells() {
  for (const NamedValue& scalar : program_.graph.scalars) {
    const auto at = std::find(std::begin(kCells), std::end(kCells), scalar.name);
    if (at == std::end(kCells)) fail(CLQ_E_INTERNAL, "no cell feeds the scalar '{}'", scalar.name);
    cell_kinds_.push_back(static_cast<int>(at - std::begin(kCells)));
  }
  cells_.resize(cell_kinds_.size());
}

void CompiledProgram::add_states() {
  const Graph& graph = program_.graph;
  for (size_t i = 0; i < graph.states.size(); ++i) {
    const auto index = static_cast<uint32_t>(i);
    const TensorDesc& desc = graph.desc(graph.states[i].before);
    const StateStore::Storage* storage = states_.find(graph.states[i].name);
    if (storage == nullptr) {
      states_.add(graph.states[i].name, desc, *executable_, index);
    } else if (storage->desc != desc || executable_->layout(index).id != storage->layout.id) {
      fail(CLQ_E_INTERNAL, "state '{}' differs between two programs of one model", graph.states[i].name);
    }
  }
}

int64_t CompiledProgram::workspace_bytes() const { return executable_->info().workspace_bytes; }
int64_t CompiledProgram::resident_bytes() const { return executable_->info().resident_bytes; }

std::unique_ptr<Binding> CompiledProgram::bind(const std::vector<void*>& inputs, const std::vector<void*>& outputs,
                                               void* workspace, const clq_comm* comm) {
  std::vector<void*> states;
  for (const State& state : program_.graph.states) states.push_back(states_.require(state.name).buffer.data());
  return std::make_unique<Binding>(device_, *executable_, inputs, outputs, states, workspace, comm);
}

void CompiledProgram::run(Binding& binding, Stream& stream, const Scalars& scalars) {
  for (size_t i = 0; i < cells_.size(); ++i) cells_[i] = cell_of(cell_kinds_[i], scalars);
  const clq_status status = binding.run(stream, cells_.data(), static_cast<uint32_t>(cells_.size()));
  if (status != CLQ_OK) device_.check(status, "run");
}

}  // namespace clq
