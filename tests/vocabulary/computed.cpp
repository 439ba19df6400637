// tests/vocabulary/computed.cpp -- layers, or a loss, on numbers that both sides of a comparison draw by themselves.
// SPDX-License-Identifier: BSD-3-Clause
#include "vocabulary/computed.hpp"

#include <cmath>
#include <limits>

#include <fmt/format.h>

#include <calanque/plugin/builder.h>

#include "compile/autodiff.hpp"
#include "compile/chain.hpp"
#include "compile/passes/passes.hpp"
#include "core/losses/run_loss.hpp"

namespace clq::test {
namespace {

Tensor drawn(const Json& of, uint64_t seed, DType dtype) {
  const Shape dims = of.at("dims").get<Shape>();
  std::vector<double> values = numbers(uniform(dims, of.at("low"), of.at("high"), seed));
  if (of.value("whole", false))
    for (double& value : values) value = std::floor(value);
  for (const size_t place : of.value("nan", std::vector<size_t>{}))
    values.at(place) = std::numeric_limits<double>::quiet_NaN();
  return tensor(dims, values, dtype);
}

Json range_of(const Json& task, const std::string& state) {
  const Json ranges = task.value("states", Json::object());
  return ranges.value(state.substr(state.rfind('.') + 1), Json{-1, 1});
}

// The layers of a task in a graph, with the gradients.
class Network {
 public:
  Network(const Json& task, DType dtype)
      : task_(task), seed_(task.at("seed").get<uint64_t>()), inputs_(inputs(task, seed_, dtype)), b_(builder(dtype)) {
    ModelSpec model;
    for (const auto& [name, unused] : task.at("inputs").items()) {
      const TensorDesc desc = inputs_.at(name).desc();
      model.inputs.push_back({name, {dtype, Shape(desc.dims.begin() + 1, desc.dims.end())}});
    }
    model.layers = task.at("layers");
    model.dtype = dtype;
    const Value y = build_network(b_, model, NoBuilders())[0];
    for (const State& state : b_.graph().states) answer_.states.push_back({state.name, b_.shape(state.before)});
    b_.output("y", b_.op("identity/1", {y}));
    differentiate_by_all(y, dtype);
  }

  Computed run(const std::string& device) {
    const bool trains = b_.mode() == Mode::train;
    const Graph& graph = b_.graph();
    Runner runner(remove_dead(merge_equal(remove_dead(graph))), device, trains ? CLQ_SEG_TRAINING : 0);
    uint64_t place = seed_ + inputs_.size();
    for (const State& state : graph.states) {
      const Json range = range_of(task_, state.name);
      const TensorDesc desc = graph.desc(state.before);
      runner.set_state(state.name, uniform(desc.dims, range[0], range[1], place++, desc.dtype));
    }
    answer_.tensors = runner.run(inputs_, task_.value("cells", Json::object()).get<Scalars>());
    for (const State& state : graph.states)
      if (state.after) answer_.tensors["next." + state.name] = runner.state(state.name);
    return answer_;
  }

 private:
  static Tensors inputs(const Json& task, uint64_t seed, DType dtype) {
    Tensors out;
    for (const auto& [name, of] : task.at("inputs").items()) out[name] = drawn(of, seed++, dtype);
    return out;
  }

  GraphBuilder builder(DType dtype) const {
    static const OpTable ops;
    std::vector<InputField> fields;
    for (const auto& [name, unused] : task_.at("inputs").items()) fields.push_back({name, inputs_.at(name).desc()});
    return {ops, task_.at("mode") == "train" ? Mode::train : Mode::infer, fields, dtype};
  }

  void differentiate_by_all(Value y, DType dtype) {
    const uint64_t place = seed_ + inputs_.size() + answer_.states.size();
    const Value cotangent = b_.constant(uniform(b_.shape(y), -1, 1, place, dtype));
    const Value loss = b_.op("reduce_sum/1", {b_.op("mul/1", {y, cotangent})});
    std::vector<Value> wrt;
    std::vector<std::string> names;
    for (const auto& [name, unused] : inputs_) {
      wrt.push_back(b_.input(name));
      names.push_back(name);
    }
    for (const Value parameter : b_.trainable()) {
      wrt.push_back(parameter);
      names.push_back(b_.state_name(parameter));
    }
    const std::vector<Value> diffs = differentiate(b_, loss, wrt);
    for (size_t i = 0; i < diffs.size(); ++i) b_.output(fmt::format("d.{}", names[i]), b_.op("identity/1", {diffs[i]}));
  }

  const Json& task_;
  uint64_t seed_;
  Tensors inputs_;
  GraphBuilder b_;
  Computed answer_;
};

Computed loss_on(const Json& task, const std::string& device, DType dtype) {
  const auto seed = task.at("seed").get<uint64_t>();
  Json options = task.at("loss");
  const std::string use = options.at("use");
  options.erase("use");
  LossCase c = {use, options, drawn(task.at("output"), seed, dtype), drawn(task.at("target"), seed + 1, CLQ_F64)};
  c.weights = task.at("weights").get<std::vector<double>>();
  c.device = device;
  return {Json::array(), run_loss(c)};
}

}  // namespace

Computed computed(const Json& task, const std::string& device, DType dtype) {
  return task.contains("loss") ? loss_on(task, device, dtype) : Network(task, dtype).run(device);
}

}  // namespace clq::test
