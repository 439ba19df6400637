// core/src/train/lane.hpp -- one replica: a device with the network's states on it and the programs of a step.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "train/session.hpp"

namespace clq {

// A step is the program step, or gradients for each of the replica's micro-batches and apply. [one thread at a time]
class Lane {
 public:
  using Build = std::function<Program(ProgramKind, const StepPlan&)>;
  // plan.piece is not looked at.
  Lane(std::unique_ptr<Device> device, const Build& build, const StepPlan& plan, uint32_t flags);
  Device& device() { return *device_; }
  bool in_host_memory() const { return device_->shares_host_memory(); }
  Stream& stream() { return stream_; }
  StateStore& states() { return states_; }
  const StateStore& states() const { return states_; }
  int64_t pieces() const { return static_cast<int64_t>(of_piece_.size()); }
  int64_t rows() const { return of_piece_.front()->program().batch; }  // of a micro-batch
  CompiledProgram& program(int64_t piece) { return *of_piece_[static_cast<size_t>(piece)]; }
  CompiledProgram* apply() { return apply_.get(); }  // nullptr: step does it
  std::vector<CompiledProgram*> programs() const;    // each once
  uint32_t buckets() const;                          // sums over replicas in a program, at most
  int64_t resident_bytes() const;
  int64_t workspace_bytes() const { return workspace_.bytes(); }
  // One block for all programs: they run one behind the other on one stream.
  void make_workspace(int64_t least_bytes);
  void* workspace() const { return workspace_.data(); }
  void settle();         // waits for all that the stream was given
  void mark();           // hot
  void wait_for_mark();  // for all that it was given until then

 private:
  std::unique_ptr<Device> device_;
  Stream stream_;
  StateStore states_;
  std::vector<std::unique_ptr<CompiledProgram>> compiled_;
  std::vector<CompiledProgram*> of_piece_;
  std::unique_ptr<CompiledProgram> apply_;
  Buffer workspace_;
  Event end_;
};

}  // namespace clq
