// tests/support/run_graph.hpp -- a graph compiled and run by a backend plugin, straight through its C table.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>

#include "compile/programs.hpp"
#include "support/test_tensor.hpp"

namespace clq::test {

using Tensors = std::map<std::string, Tensor>;
using Scalars = std::map<std::string, double>;

// One device, one stream, one binding; states live from run to run.
class Runner {
 public:
  explicit Runner(const Graph& graph, const std::string& plugin = "cpu_ref", uint32_t flags = 0, uint64_t seed = 1);
  Runner(const Graph& graph, const clq_backend_api& api, uint32_t device);  // its plugin was initialised elsewhere
  ~Runner();
  Runner(Runner&&) noexcept;
  Tensors run(const Tensors& inputs = {}, const Scalars& scalars = {});  // the outputs by name; scalars left out are 0
  // The run alone, on the inputs that lie there, and cells of 0; `after` is called before it waits.
  void run_again(const std::function<void()>& after);
  Tensor state(const std::string& name) const;
  void set_state(const std::string& name, const Tensor& value);
  void copy_states_from(const Runner& other);  // those that both have
  std::vector<std::string> state_names() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

Tensors run_graph(const Graph& graph, const Tensors& inputs = {}, const Scalars& scalars = {});

class NoBuilders final : public BuilderLookup {
 public:
  const clq_builder* find(const std::string&, const std::string&) const override { return nullptr; }
};

}  // namespace clq::test
