// core/src/train/runner.hpp -- a program on data in the host's memory, one call at a time.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "train/session.hpp"

namespace clq {

class Runner {  // [one thread]
 public:
  // workspace: nullptr gives it one of its own.
  Runner(Device& device, Stream& stream, CompiledProgram& program, void* workspace = nullptr);
  // Host addresses by input's name, 64-byte aligned, memory of `kind`; the number is for run().
  size_t bind(const std::map<std::string, void*>& inputs, uint32_t kind = CLQ_MEM_HOST);
  void run(size_t binding, const CompiledProgram::Scalars& scalars);  // the outputs are ready when it returns
  const Tensor& output(const std::string& name) const;
  bool has_output(const std::string& name) const;
  const Graph& graph() const { return program_.program().graph; }
  int64_t bytes() const;
  int64_t output_bytes() const;  // of these, the outputs in the host's memory

 private:
  struct Bound {
    std::unique_ptr<Binding> binding;
    std::vector<void*> host;
    uint32_t kind;
  };
  void make_device_memory();
  void copy_in(const Bound& bound);
  void copy_out();
  Device& device_;
  Stream& stream_;
  CompiledProgram& program_;
  Event done_;
  Buffer workspace_;
  void* workspace_at_;
  std::vector<Tensor> outputs_;
  std::vector<Buffer> device_inputs_, device_outputs_;  // empty where the device computes in the host's memory
  std::unique_ptr<Binding> device_binding_;
  std::vector<Bound> bound_;
};

}  // namespace clq
