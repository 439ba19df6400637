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

GraphBuilder& builder(clq_graph* graph) { return *reinterpret_cast<GraphBuilder*>(graph); }

Value known(clq_graph* graph, uint32_t value) {
  CLQ_REQUIRE(value < builder(graph).graph().values.size(), "value {} is not of this graph", value);
  return Value{value};
}

Json parse(const char* text, const char* what) {
  if (text == nullptr || *text == '\0') return Json::object();
  Json value = Json::parse(text, nullptr, false);
  CLQ_REQUIRE(!value.is_discarded(), "{} is not JSON: {}", what, text);
  return value;
}

uint32_t CLQ_CALL mode(clq_graph* graph) {
  return builder(graph).mode() == Mode::train ? CLQ_MODE_TRAIN : CLQ_MODE_INFER;
}

clq_status CLQ_CALL shape(clq_graph* graph, uint32_t value, clq_tensor_desc* out) {
  return guard([&] { *out = to_c(builder(graph).desc(known(graph, value))); });
}

clq_status CLQ_CALL constant(clq_graph* graph, const clq_tensor_desc* desc, const void* data, uint32_t* out) {
  return guard([&] {
    Tensor tensor(from_c(*desc));
    CLQ_REQUIRE(data != nullptr || tensor.desc().bytes() == 0, "a constant without data");
    std::memcpy(tensor.bytes(), data, static_cast<size_t>(tensor.desc().bytes()));
    *out = builder(graph).constant(tensor).index;
  });
}

clq_status CLQ_CALL scalar(clq_graph* graph, const char* name, uint32_t* out) {
  return guard([&] { *out = builder(graph).scalar(name).index; });
}

clq_status CLQ_CALL state(clq_graph* graph, const char* name, const clq_tensor_desc* desc, const char* init_json,
                          uint32_t flags, uint32_t* out) {
  return guard([&] { *out = builder(graph).state(name, from_c(*desc), parse(init_json, "init"), flags).index; });
}

clq_status CLQ_CALL assign(clq_graph* graph, uint32_t state, uint32_t new_value) {
  return guard([&] { builder(graph).assign(known(graph, state), known(graph, new_value)); });
}

clq_status CLQ_CALL op(clq_graph* graph, const char* name, const uint32_t* inputs, uint32_t n_inputs,
                       const clq_attr* attrs, uint32_t n_attrs, uint32_t* outputs, uint32_t n_outputs) {
  return guard([&] {
    std::vector<Value> values;
    for (uint32_t i = 0; i < n_inputs; ++i) values.push_back(inputs[i] == CLQ_NONE ? Value{} : known(graph, inputs[i]));
    const std::vector<Value> made = builder(graph).multi_op(name, std::move(values), from_c(attrs, n_attrs), n_outputs);
    CLQ_REQUIRE(n_outputs <= made.size(), "{} has {} outputs, asked for {}", name, made.size(), n_outputs);
    for (uint32_t i = 0; i < n_outputs; ++i) outputs[i] = made[i].index;
  });
}

clq_status CLQ_CALL input(clq_graph* graph, const char* field, uint32_t* out) {
  return guard([&] { *out = builder(graph).input(field).index; });
}

clq_status CLQ_CALL output(clq_graph* graph, const char* name, uint32_t value) {
  return guard([&] { builder(graph).output(name, known(graph, value)); });
}

clq_status CLQ_CALL metric(clq_graph* graph, const char* name, uint32_t value, const char* finish_json) {
  return guard([&] { builder(graph).metric(name, known(graph, value), parse(finish_json, "finish")); });
}

constexpr clq_host_graph kTable = {
    CLQ_TABLE(clq_host_graph), mode, shape, constant, scalar, state, assign, op, input, output, metric};

}  // namespace

const clq_host_graph& host_graph_table() { return kTable; }

std::vector<Value> run_builder(const clq_builder& plugin, GraphBuilder& graph, const Json& config,
                               std::span<const Value> inputs) {
  constexpr uint32_t kCapacity = 64;
  std::vector<uint32_t> in;
  for (const Value v : inputs) in.push_back(v.index);
  std::vector<uint32_t> out(kCapacity);
  uint32_t n_outputs = 0;
  take_thread_error();
  const clq_status status = plugin.build(&plugin, to_c(graph), config.dump().c_str(), in.data(),
                                         narrow<uint32_t>(in.size()), out.data(), kCapacity, &n_outputs);
  if (status < 0) {
    const std::string words = take_thread_error();
    fail(status, "{}: {}", plugin.name, words.empty() ? fmt::format("status {} without words", status) : words);
  }
  CLQ_REQUIRE(n_outputs <= kCapacity, "{}: {} outputs are more than {}", plugin.name, n_outputs, kCapacity);
  std::vector<Value> values;
  for (uint32_t i = 0; i < n_outputs; ++i) values.push_back(known(to_c(graph), out[i]));
  return values;
}

}  // namespace clq
