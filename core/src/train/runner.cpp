// core/src/train/runner.cpp -- a program on data in the host's memory: copy in, run, copy out, wait.
// SPDX-License-Identifier: BSD-3-Clause
#include "train/runner.hpp"

#include "train/slot_memory.hpp"

namespace clq {

Runner::Runner(Device& device, Stream& stream, CompiledProgram& program, void* workspace)
    : device_(device), stream_(stream), program_(program), done_(device), workspace_at_(workspace) {
  if (workspace_at_ == nullptr && program.workspace_bytes() > 0) {
    workspace_ = Buffer(device, program.workspace_bytes(), CLQ_MEM_DEVICE);
    workspace_at_ = workspace_.data();
  }
  for (const NamedValue& out : graph().outputs) outputs_.emplace_back(graph().desc(out.value));
  if (!device.shares_host_memory()) make_device_memory();
}

void Runner::make_device_memory() {
  std::vector<void*> inputs, outputs;
  for (const NamedValue& in : graph().inputs) {
    device_inputs_.emplace_back(device_, align64(graph().desc(in.value).bytes()), CLQ_MEM_DEVICE);
    inputs.push_back(device_inputs_.back().data());
  }
  for (const NamedValue& out : graph().outputs) {
    device_outputs_.emplace_back(device_, align64(graph().desc(out.value).bytes()), CLQ_MEM_DEVICE);
    outputs.push_back(device_outputs_.back().data());
  }
  device_binding_ = program_.bind(inputs, outputs, workspace_at_);
}

size_t Runner::bind(const std::map<std::string, void*>& inputs, uint32_t kind) {
  Bound bound{nullptr, {}, kind};
  for (const NamedValue& in : graph().inputs) {
    const auto at = inputs.find(in.name);
    if (at == inputs.end()) fail(CLQ_E_INVALID, "the network reads '{}', which nothing feeds", in.name);
    bound.host.push_back(at->second);
  }
  if (!device_binding_) {
    std::vector<void*> outputs;
    for (Tensor& out : outputs_) outputs.push_back(out.bytes());
    bound.binding = program_.bind(bound.host, outputs, workspace_at_);
  }
  bound_.push_back(std::move(bound));
  return bound_.size() - 1;
}

void Runner::run(size_t binding, const CompiledProgram::Scalars& scalars) {
  const Bound& bound = bound_[binding];
  if (device_binding_) copy_in(bound);
  program_.run(device_binding_ ? *device_binding_ : *bound.binding, stream_, scalars);
  if (device_binding_) copy_out();
  done_.record(stream_.c());
  done_.sync(Sync::results_read);
}

void Runner::copy_in(const Bound& bound) {
  for (size_t i = 0; i < bound.host.size(); ++i) {
    const int64_t bytes = graph().desc(graph().inputs[i].value).bytes();
    stream_.copy(device_inputs_[i].data(), CLQ_MEM_DEVICE, bound.host[i], bound.kind, bytes);
  }
}

void Runner::copy_out() {
  for (size_t i = 0; i < outputs_.size(); ++i)
    stream_.copy(outputs_[i].bytes(), CLQ_MEM_HOST, device_outputs_[i].data(), CLQ_MEM_DEVICE,
                 outputs_[i].desc().bytes());
}

const Tensor& Runner::output(const std::string& name) const {
  for (size_t i = 0; i < outputs_.size(); ++i)
    if (graph().outputs[i].name == name) return outputs_[i];
  fail(CLQ_E_INTERNAL, "the program has no output '{}'", name);
}

bool Runner::has_output(const std::string& name) const {
  for (const NamedValue& out : graph().outputs)
    if (out.name == name) return true;
  return false;
}

int64_t Runner::output_bytes() const {
  int64_t bytes = 0;
  for (const Tensor& out : outputs_) bytes += out.desc().bytes();
  return bytes;
}

int64_t Runner::bytes() const {
  int64_t bytes = workspace_.bytes() + output_bytes();
  for (const Buffer& b : device_inputs_) bytes += b.bytes();
  for (const Buffer& b : device_outputs_) bytes += b.bytes();
  return bytes;
}

}  // namespace clq
