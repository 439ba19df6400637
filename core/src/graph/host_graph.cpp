// core/src/graph/host_graph.cpp -- "clq.host-graph/1": the graph builder as plugins see it.
// SPDX-License-Identifier: BSD-3-Clause
#include "graph/host_graph.hpp"

#include <cstring>

#include "base/thread_error.hpp"
#include "graph/c_attrs.hpp"

namespace clq {
namespace {

// Errors stop here: a plugin sees a status, and the words wait for run_builder.
template <class Body>
clq_status guard(Body&& body) noexcept {
  try {
    body();
    return CLQ_OK;
  } catch (const Error& e) {
    set_thread_error(e.what());
    return e.status();
  } catch (const std::bad_alloc&) {
    set_thread_error("out of memory");
    return CLQ_E_NOMEM;
  } catch (const std::exception& e) {
    set_thread_error(e.what());
    return CLQ_E_INTERNAL;
  } catch (...) {  // a plugin's shape rule may be C++
    set_thread_error("unknown C++ exception");
    return CLQ_E_INTERNAL;
  }
}

// What a plugin hands over is looked at before it is followed; the words name the function and its argument.
template <class T>
T& given(T* argument, const char* function, const char* name) {
  CLQ_REQUIRE(argument != nullptr, "{} of the host's graph: {} is NULL", function, name);
  return *argument;
}

std::string text(const char* argument, const char* function, const char* name) {
  return &given(argument, function, name);
}

GraphBuilder& builder(clq_graph* graph, const char* function) {
  return reinterpret_cast<GraphBuilder&>(given(graph, function, "graph"));
}

Value known(const GraphBuilder& builder, uint32_t value) {
  CLQ_REQUIRE(value < builder.graph().values.size(), "value {} is not of this graph", value);
  return Value{value};
}

Json parse(const char* text, const char* what) {
  if (text == nullptr || *text == '\0') return Json::object();
  Json value = Json::parse(text, nullptr, false);
  CLQ_REQUIRE(!value.is_discarded(), "{} is not JSON: {}", what, text);
  return value;
}

// A mode has no status: without a graph there is none, which is 0.
uint32_t CLQ_CALL mode(clq_graph* graph) {
  if (graph == nullptr) return 0;
  return builder(graph, "mode").mode() == Mode::train ? CLQ_MODE_TRAIN : CLQ_MODE_INFER;
}

clq_status CLQ_CALL shape(clq_graph* graph, uint32_t value, clq_tensor_desc* out) {
  return guard([&] {
    const GraphBuilder& of = builder(graph, "shape");
    given(out, "shape", "out") = to_c(of.desc(known(of, value)));
  });
}

clq_status CLQ_CALL constant(clq_graph* graph, const clq_tensor_desc* desc, const void* data, uint32_t* out) {
  return guard([&] {
    GraphBuilder& to = builder(graph, "constant");
    given(out, "constant", "out");
    Tensor tensor(from_c(given(desc, "constant", "desc")));
    CLQ_REQUIRE(data != nullptr || tensor.desc().bytes() == 0, "constant of the host's graph: data is NULL");
    std::memcpy(tensor.bytes(), data, static_cast<size_t>(tensor.desc().bytes()));
    *out = to.constant(tensor).index;
  });
}

clq_status CLQ_CALL scalar(clq_graph* graph, const char* name, uint32_t* out) {
  return guard([&] {
    GraphBuilder& to = builder(graph, "scalar");
    given(out, "scalar", "out") = to.scalar(text(name, "scalar", "name")).index;
  });
}

clq_status CLQ_CALL state(clq_graph* graph, const char* name, const clq_tensor_desc* desc, const char* init_json,
                          uint32_t flags, uint32_t* out) {
  return guard([&] {
    GraphBuilder& to = builder(graph, "state");
    given(out, "state", "out");
    *out = to.state(text(name, "state", "name"), from_c(given(desc, "state", "desc")), parse(init_json, "init"), flags)
               .index;
  });
}

clq_status CLQ_CALL assign(clq_graph* graph, uint32_t state, uint32_t new_value) {
  return guard([&] {
    GraphBuilder& to = builder(graph, "assign");
    CLQ_REQUIRE(to.mode() == Mode::train, "state '{}' is assigned in prediction, which changes none: ask mode()",
                to.state_name(known(to, state)));
    to.assign(known(to, state), known(to, new_value));
  });
}

clq_status CLQ_CALL op(clq_graph* graph, const char* name, const uint32_t* inputs, uint32_t n_inputs,
                       const clq_attr* attrs, uint32_t n_attrs, uint32_t* outputs, uint32_t n_outputs) {
  return guard([&] {
    GraphBuilder& to = builder(graph, "op");
    const std::string op_name = text(name, "op", "name");
    if (n_inputs > 0) given(inputs, "op", "inputs");
    if (n_attrs > 0) given(attrs, "op", "attrs");
    if (n_outputs > 0) given(outputs, "op", "outputs");
    std::vector<Value> values;
    for (uint32_t i = 0; i < n_inputs; ++i) values.push_back(inputs[i] == CLQ_NONE ? Value{} : known(to, inputs[i]));
    const std::vector<Value> made = to.multi_op(op_name, std::move(values), from_c(attrs, n_attrs), n_outputs);
    CLQ_REQUIRE(n_outputs <= made.size(), "{} has {} outputs, asked for {}", name, made.size(), n_outputs);
    for (uint32_t i = 0; i < n_outputs; ++i) outputs[i] = made[i].index;
  });
}

clq_status CLQ_CALL input(clq_graph* graph, const char* field, uint32_t* out) {
  return guard([&] {
    GraphBuilder& to = builder(graph, "input");
    given(out, "input", "out") = to.input(text(field, "input", "field")).index;
  });
}

clq_status CLQ_CALL output(clq_graph* graph, const char* name, uint32_t value) {
  return guard([&] {
    GraphBuilder& to = builder(graph, "output");
    to.output(text(name, "output", "name"), known(to, value));
  });
}

clq_status CLQ_CALL metric(clq_graph* graph, const char* name, uint32_t value, const char* finish_json) {
  return guard([&] {
    GraphBuilder& to = builder(graph, "metric");
    to.metric(text(name, "metric", "name"), known(to, value), parse(finish_json, "finish"));
  });
}

constexpr clq_host_graph kTable = {
    CLQ_TABLE(clq_host_graph), mode, shape, constant, scalar, state, assign, op, input, output, metric};

// "layer a.b of the plugin org.a threw out of a C function: words"
[[noreturn]] void fail_thrown(const clq_builder& builder, const std::string& plugin, const char* words) {
  fail(CLQ_E_INTERNAL, "{} {}{} threw out of a C function{}", builder.kind, builder.name,
       plugin.empty() ? "" : fmt::format(" of the plugin {}", plugin), words);
}

template <class Body>
clq_status not_thrown(const clq_builder& builder, const std::string& plugin, Body&& body) {
  try {
    return body();
  } catch (const std::exception& e) {
    fail_thrown(builder, plugin, fmt::format(": {}", e.what()).c_str());
  } catch (...) {
    fail_thrown(builder, plugin, "");
  }
}

}  // namespace

const clq_host_graph& host_graph_table() { return kTable; }

std::vector<Value> run_builder(const clq_builder& builder, GraphBuilder& graph, const Json& config,
                               std::span<const Value> inputs, const std::string& plugin) {
  constexpr uint32_t kCapacity = 64;
  std::vector<uint32_t> in;
  for (const Value v : inputs) in.push_back(v.index);
  std::vector<uint32_t> out(kCapacity);
  uint32_t n_outputs = 0;
  take_thread_error();
  const clq_status status = not_thrown(builder, plugin, [&] {
    return builder.build(&builder, to_c(graph), config.dump().c_str(), in.data(), narrow<uint32_t>(in.size()),
                         out.data(), kCapacity, &n_outputs);
  });
  if (status < 0) {
    const std::string words = take_thread_error();
    if (!graph.scope().empty() && words.starts_with(graph.scope() + ":")) fail(status, "{}", words);  // an op's
    fail(status, "{}: {}", builder.name, words.empty() ? fmt::format("status {} without words", status) : words);
  }
  CLQ_REQUIRE(n_outputs <= kCapacity, "{}: {} outputs are more than {}", builder.name, n_outputs, kCapacity);
  std::vector<Value> values;
  for (uint32_t i = 0; i < n_outputs; ++i) values.push_back(known(graph, out[i]));
  return values;
}

}  // namespace clq
