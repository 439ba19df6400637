// core/src/compile/mode_states.cpp -- that training and prediction ask for the same states.
// SPDX-License-Identifier: BSD-3-Clause
#include "compile/mode_states.hpp"

#include <algorithm>

#include <calanque/plugin/builder.h>

#include "compile/chain.hpp"

namespace clq {
namespace {

std::string layer_of(const State& state) { return state.name.substr(0, state.name.rfind('.')); }

// Of one row, as a prediction may be: a state whose shape follows the batch is none.
Graph layers_in_prediction(const Build& build) {
  Build one = build;
  one.batch = 1;
  const std::vector<InputField> fields = batch_fields(one, false);
  GraphBuilder builder(build.ops, Mode::infer, fields, build.model.dtype);
  declare_inputs(builder, fields);
  build_network(builder, build.model, build.builders);
  return builder.graph();
}

const State* find(const Graph& graph, const std::string& name) {
  const auto at =
      std::find_if(graph.states.begin(), graph.states.end(), [&](const State& s) { return s.name == name; });
  return at == graph.states.end() ? nullptr : &*at;
}

std::string nearest(const std::string& name, const Graph& graph) {
  std::vector<std::string> names;
  for (const State& state : graph.states) names.push_back(state.name);
  return did_you_mean(name, names);
}

}  // namespace

void require_same_states(const Graph& training, const Build& build) {
  const Graph prediction = layers_in_prediction(build);
  for (const State& state : prediction.states) {
    const State* trained = find(training, state.name);
    CLQ_REQUIRE(trained != nullptr, "{}: prediction has the state '{}', training has not{}", layer_of(state),
                state.name, nearest(state.name, training));
    const TensorDesc &one = prediction.desc(state.before), &batch = training.desc(trained->before);
    CLQ_REQUIRE(one == batch, "{}: the state '{}' is {} {} for a batch of {} rows and {} {} for one row",
                layer_of(state), state.name, dtype_name(batch.dtype), to_string(batch.dims), build.batch,
                dtype_name(one.dtype), to_string(one.dims));
  }
  for (const State& state : training.states)
    CLQ_REQUIRE((state.flags & CLQ_STATE_TRAINABLE) == 0 || find(prediction, state.name) != nullptr,
                "{}: training has the parameter '{}', prediction has not{}", layer_of(state), state.name,
                nearest(state.name, prediction));
}

}  // namespace clq
