// tests/conformance/parts/layers.cpp -- layers: shapes, states, gradients, and that a row is predicted by itself.
// SPDX-License-Identifier: BSD-3-Clause
#include <map>

#include <calanque/plugin/builder.h>

#include "compile/parts.hpp"
#include "conformance/parts/lists.hpp"
#include "conformance/parts/loaded.hpp"

namespace clq::conformance {
namespace {

constexpr int64_t kLayerRows = 4;

Tensor drawn(const Shape& dims, uint64_t seed) { return test::uniform(dims, -2, 2, seed); }

// A table, series, images; the same twice, for layers of two inputs.
std::vector<Inputs> offered_to_layers() {
  std::vector<Inputs> all;
  for (const Shape& dims :
       {Shape{kLayerRows, 6}, Shape{kLayerRows, 4, 8}, Shape{kLayerRows, 4, 6, 6}, Shape{kLayerRows, 4, 16, 16}})
    all.push_back({drawn(dims, 1)});
  for (size_t i = 0; i < 3; ++i) all.push_back({all[i][0], drawn(all[i][0].desc().dims, 2)});
  return all;
}

struct Built {
  GraphBuilder graph;
  Value y;
};

class OneLayer {
 public:
  OneLayer(const Loaded& loaded, const std::string& name) : loaded_(loaded) {
    const Json options = options_for(loaded.registry.find("layer", name)->config_schema);
    layer_ = find_layer(name, Config(options, "options"), loaded.registry);
    inputs = taken_inputs(offered_to_layers(), [&](const Inputs& some) { build(Mode::train, some); }).front();
  }

  Built build(Mode mode, const Inputs& of, DType dtype = CLQ_F64) const {
    std::vector<InputField> fields = test::fields_of(of);
    for (InputField& field : fields) field.desc.dtype = dtype;
    Built built{GraphBuilder(loaded_.ops, mode, fields, dtype), {}};
    built.y = layer_->build(built.graph, values_of(built.graph, of.size()));
    return built;
  }

  Inputs inputs;  // F64, kLayerRows rows

 private:
  const Loaded& loaded_;
  std::unique_ptr<Layer> layer_;
};

void has_shapes(const OneLayer& layer, const std::string& name, Findings& findings) {
  const Built whole = layer.build(Mode::train, layer.inputs);
  for (const DType dtype : {CLQ_F32, CLQ_F64})
    for (const Mode mode : {Mode::train, Mode::infer})
      for (const int64_t n : {int64_t{2}, kLayerRows}) {
        const Built built = layer.build(mode, first_rows(layer.inputs, n), dtype);
        TensorDesc wanted = whole.graph.desc(whole.y);
        wanted.dtype = dtype;
        if (!wanted.dims.empty()) wanted.dims[0] = n;
        const TensorDesc got = built.graph.desc(built.y);
        findings.expect(got == wanted, "{}: for {} rows of {} in {} it gives {} {}, {} {} is right", name, n,
                        dtype_name(dtype), mode == Mode::train ? "training" : "prediction", dtype_name(got.dtype),
                        to_string(got.dims), dtype_name(wanted.dtype), to_string(wanted.dims));
      }
}

std::map<std::string, std::pair<Shape, uint32_t>> states_of(const Built& built) {
  std::map<std::string, std::pair<Shape, uint32_t>> states;
  for (const State& state : built.graph.graph().states)
    states[state.name] = {built.graph.shape(state.before), state.flags};
  return states;
}

void has_states(const OneLayer& layer, const std::string& name, Findings& findings) {
  const auto training = states_of(layer.build(Mode::train, layer.inputs));
  const auto fewer = states_of(layer.build(Mode::train, first_rows(layer.inputs, 2)));
  const auto prediction = states_of(layer.build(Mode::infer, first_rows(layer.inputs, 2)));
  findings.expect(training == fewer, "{}: its states depend on the number of rows", name);
  for (const auto& [state, facts] : prediction) {
    const auto at = training.find(state);
    findings.expect(at != training.end() && at->second == facts,
                    "{}: prediction asks for the state '{}', training for none of that name, shape and flags", name,
                    state);
  }
  for (const auto& [state, facts] : training)
    findings.expect((facts.second & CLQ_STATE_TRAINABLE) == 0 || prediction.contains(state),
                    "{}: training has the parameter '{}', prediction has not", name, state);
}

void has_gradient(const Loaded& loaded, const OneLayer& layer, const std::string& name, const Json& options,
                  Findings& findings) {
  const auto built = find_layer(name, Config(options, "options"), loaded.registry);
  const auto build = [&](GraphBuilder& b, std::span<const Value> x) { return built->build(b, x); };
  const Off worst = worst_gradient(loaded, build, layer.inputs, layer.inputs.size());
  findings.expect(worst.distance <= kGradientBound,
                  "{}: its gradient by {} is {:.1e} off central differences, {:.0e} is right", name, worst.by,
                  worst.distance, kGradientBound);
}

// A batch is filled up as it happens to be: a prediction that looked at its neighbours would be another one each time.
void predicts_a_row(const Loaded& loaded, const OneLayer& layer, const std::string& name, Findings& findings) {
  const auto run = [&](const Inputs& inputs) {
    Built built = layer.build(Mode::infer, inputs);
    built.graph.output("y", built.graph.op("identity/1", {built.y}));
    return loaded.on_reference(built.graph.graph()).run(named_inputs(inputs)).at("y");
  };
  const Tensor all = run(layer.inputs), one = run(first_rows(layer.inputs, 1));
  findings.expect(all_finite(all), "{}: the prediction of finite numbers is not finite", name);
  const double apart = test::distance(first_rows(all, 1), one, 1e-3);
  findings.expect(apart <= 1e-12, "{}: a row is predicted {:.1e} off what it is alone, 1e-12 is right", name, apart);
}

template <class Body>
void add_layer_case(std::vector<Case>& cases, const char* name, const char* what, Body body) {
  cases.push_back({name, what, [body](const Subject& subject, Findings& findings) {
                     const Loaded& loaded = load(subject);
                     for_each(loaded.registry.builder_names("layer"), findings, [&](const std::string& layer) {
                       body(loaded, OneLayer(loaded, layer), layer, findings);
                     });
                   }});
}

}  // namespace

void add_layer_cases(std::vector<Case>& cases) {
  add_layer_case(
      cases, "layer.shapes", "a row's shape is the same for any number of rows, in both modes, in f32 and f64",
      [](const Loaded&, const OneLayer& layer, const std::string& name, Findings& f) { has_shapes(layer, name, f); });
  add_layer_case(
      cases, "layer.states", "training and prediction ask for the same parameters",
      [](const Loaded&, const OneLayer& layer, const std::string& name, Findings& f) { has_states(layer, name, f); });
  add_layer_case(cases, "layer.gradients", "by inputs and parameters agrees with central differences",
                 [](const Loaded& loaded, const OneLayer& layer, const std::string& name, Findings& f) {
                   has_gradient(loaded, layer, name, options_for(loaded.registry.find("layer", name)->config_schema),
                                f);
                 });
  add_layer_case(cases, "layer.prediction", "a row's prediction is finite, and that of the row alone",
                 [](const Loaded& loaded, const OneLayer& layer, const std::string& name, Findings& f) {
                   predicts_a_row(loaded, layer, name, f);
                 });
}

}  // namespace clq::conformance
