// core/src/train/lane.cpp -- one replica: a device with the network's states on it and the programs of a step.
// SPDX-License-Identifier: BSD-3-Clause
#include "train/lane.hpp"

#include <algorithm>
#include <map>

#include "compile/step_sums.hpp"
#include "train/slot_memory.hpp"

namespace clq {

Lane::Lane(std::unique_ptr<Device> device, const Build& build, const StepPlan& plan, uint32_t flags)
    : device_(std::move(device)), stream_(*device_), states_(*device_), end_(*device_) {
  const auto compile = [&](ProgramKind kind, const StepPlan& of) {
    return std::make_unique<CompiledProgram>(*device_, states_, build(kind, of), flags);
  };
  StepPlan of = plan;
  const ProgramKind kind = plan.in_one() ? ProgramKind::step : ProgramKind::gradients;
  std::map<int, CompiledProgram*> variants;
  for (of.piece = 0; of.piece < plan.pieces; ++of.piece) {
    CompiledProgram*& program = variants[of.variant()];
    if (program == nullptr) program = compiled_.emplace_back(compile(kind, of)).get();
    of_piece_.push_back(program);
  }
  if (!plan.in_one()) apply_ = compile(ProgramKind::apply, plan);
}

std::vector<CompiledProgram*> Lane::programs() const {
  std::vector<CompiledProgram*> all;
  for (const auto& program : compiled_) all.push_back(program.get());
  if (apply_) all.push_back(apply_.get());
  return all;
}

uint32_t Lane::buckets() const {
  uint32_t most = 0;
  for (const CompiledProgram* p : programs()) most = std::max(most, count_buckets(p->program().graph));
  return most;
}

int64_t Lane::resident_bytes() const {
  int64_t bytes = 0;
  for (const CompiledProgram* p : programs()) bytes += p->resident_bytes();
  return bytes;
}

void Lane::make_workspace(int64_t least_bytes) {
  int64_t bytes = least_bytes;
  for (const CompiledProgram* p : programs()) bytes = std::max(bytes, p->workspace_bytes());
  if (bytes > 0) workspace_ = Buffer(*device_, align64(bytes), CLQ_MEM_DEVICE);
}

void Lane::mark() { end_.record(stream_.c()); }

void Lane::wait_for_mark() { end_.sync(Sync::lane_settled); }

void Lane::settle() {
  mark();
  wait_for_mark();
}

}  // namespace clq
