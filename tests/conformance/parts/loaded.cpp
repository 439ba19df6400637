// tests/conformance/parts/loaded.cpp -- the plugin in a registry beside cpu_ref, and what its parts are given.
// SPDX-License-Identifier: BSD-3-Clause
#include "conformance/parts/loaded.hpp"

#include <algorithm>
#include <cmath>

#include "graph/init.hpp"

namespace clq::conformance {
namespace {

double bound_of(const Json& schema, const char* closed, const char* open, double absent) {
  if (schema.contains(closed)) return schema[closed].get<double>();
  return schema.contains(open) ? schema[open].get<double>() : absent;
}

// A whole number from 2 on where there are no bounds, else a number between them.
Json number_for(const Json& schema, bool whole) {
  const double low = bound_of(schema, "minimum", "exclusiveMinimum", whole ? 2 : 0);
  const double high = bound_of(schema, "maximum", "exclusiveMaximum", whole ? std::max(low, 2.0) : low + 1);
  if (whole) return static_cast<int64_t>(std::clamp(2.0, low, high));
  return (low + high) / 2;
}

Json value_for(const Json& schema) {
  if (schema.contains("default")) return schema["default"];
  for (const char* list : {"examples", "enum"})
    if (schema.contains(list) && !schema[list].empty()) return schema[list].front();
  const auto type = schema.value("type", std::string("object"));
  if (type == "integer" || type == "number") return number_for(schema, type == "integer");
  if (type == "boolean") return false;
  if (type == "string") return "";
  Json table = Json::object();
  const Json properties = schema.value("properties", Json::object());
  for (const Json& key : schema.value("required", Json::array()))
    table[key.get<std::string>()] = value_for(properties.value(key.get<std::string>(), Json::object()));
  return type == "array" ? Json::array() : table;
}

}  // namespace

const Loaded& load(const Subject& subject) {
  static const std::unique_ptr<const Loaded> loaded = [&] {
    auto made = std::make_unique<Loaded>();
    made->seed = subject.seed;
    made->registry.load_file(subject.reference);
    if (subject.file != subject.reference) made->registry.load_file(subject.file);
    made->ops = made->registry.ops();
    return made;
  }();
  return *loaded;
}

test::Runner Loaded::on_reference(const Graph& graph) const {
  test::Runner runner(graph, *registry.device("cpu_ref:0").api, 0);
  for (const State& state : graph.states)
    runner.set_state(state.name, make_initial(state.init, graph.desc(state.before), seed, state.name));
  return runner;
}

Json options_for(const char* schema) {
  if (schema == nullptr || *schema == '\0') return Json::object();
  Json table = value_for(Json::parse(schema));
  return table.is_object() ? table : Json::object();
}

std::vector<Inputs> taken_inputs(const std::vector<Inputs>& offered, const std::function<void(const Inputs&)>& build) {
  std::vector<Inputs> taken;
  std::string words;
  for (const Inputs& inputs : offered) {
    try {
      build(inputs);
      taken.push_back(inputs);
    } catch (const Error& e) {
      words = e.what();
    }
  }
  if (taken.empty()) throw Unsupported(words);
  return taken;
}

std::vector<Value> values_of(GraphBuilder& graph, size_t n) {
  std::vector<Value> values;
  for (size_t i = 0; i < n; ++i) values.push_back(graph.input(test::numbered("x", i)));
  return values;
}

test::Tensors named_inputs(const Inputs& inputs) {
  test::Tensors out;
  for (size_t i = 0; i < inputs.size(); ++i) out[test::numbered("x", i)] = inputs[i];
  return out;
}

Tensor first_rows(const Tensor& tensor, int64_t n) {
  Shape dims = tensor.desc().dims;
  const int64_t row = tensor.desc().count() / dims.at(0);
  dims[0] = n;
  const std::vector<double> all = test::numbers(tensor);
  return test::tensor(dims, {all.begin(), all.begin() + n * row}, tensor.desc().dtype);
}

Inputs first_rows(const Inputs& inputs, int64_t n) {
  Inputs out;
  for (const Tensor& tensor : inputs) out.push_back(first_rows(tensor, n));
  return out;
}

void for_each(const std::vector<std::string>& names, Findings& findings,
              const std::function<void(const std::string& name)>& body) {
  std::string reason;
  size_t ran = 0;
  for (const std::string& name : names) {
    try {
      body(name);
      ++ran;
    } catch (const Unsupported& e) {
      reason = fmt::format("{}: {}", name, e.what());
      findings.note("not tried", reason);
    } catch (const Error& e) {
      const std::string words = e.what();
      findings.expect(false, "{}", words.starts_with(name) ? words : fmt::format("{}: {}", name, words));
      ++ran;
    }
  }
  if (ran == 0) throw Unsupported(reason);
  findings.note("parts", fmt::format("{}", ran));
}

bool all_finite(const Tensor& tensor) {
  const std::vector<double> all = test::numbers(tensor);
  return std::all_of(all.begin(), all.end(), [](double v) { return std::isfinite(v); });
}

}  // namespace clq::conformance
