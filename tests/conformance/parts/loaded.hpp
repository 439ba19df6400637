// tests/conformance/parts/loaded.hpp -- the plugin in a registry beside cpu_ref, which computes what its parts write.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "conformance/case.hpp"
#include "core/ops/cases.hpp"
#include "runtime/registry.hpp"
#include "support/run_graph.hpp"

namespace clq::conformance {

struct Loaded {
  Registry registry;
  OpTable ops;
  uint64_t seed = 1;
  test::Runner on_reference(const Graph& graph) const;  // its states as they begin
};
const Loaded& load(const Subject& subject);  // once in this process

// Options that a schema takes: of the required keys the default, an example, one of `enum` or what lies in the bounds.
Json options_for(const char* schema);

// A builder's inputs, F64: those of the offered ones that it takes; Unsupported with its last words where it takes
// none.
using Inputs = std::vector<Tensor>;
std::vector<Inputs> taken_inputs(const std::vector<Inputs>& offered, const std::function<void(const Inputs&)>& build);
std::vector<Value> values_of(GraphBuilder& graph, size_t n);  // its inputs x0, x1 ...
test::Tensors named_inputs(const Inputs& inputs);             // the same for a run
Tensor first_rows(const Tensor& tensor, int64_t n);
Inputs first_rows(const Inputs& inputs, int64_t n);

// Runs the body for each name; one that throws Unsupported is a note, and the case is none where all do.
void for_each(const std::vector<std::string>& names, Findings& findings,
              const std::function<void(const std::string& name)>& body);

// How far the gradient of what `build` gives, by inputs and parameters, is from central differences, in units of the
// largest entry; in training, in F64. Truncation ~ h^2 and rounding ~ 1e-16 / h leave 1e-9 of it.
struct Off {
  double distance = 0;
  std::string by;  // "x0", "gain"
};
Off worst_gradient(const Loaded& loaded, const test::BuildCase& build, const Inputs& inputs, size_t n_by);
inline constexpr double kGradientBound = 1e-6;

bool all_finite(const Tensor& tensor);

}  // namespace clq::conformance
