// tests/core/runtime/plugins/layers.cpp -- a layer and an op of a C++ plugin; its op is found by way of its host.
// SPDX-License-Identifier: BSD-3-Clause
#include <cstring>

#include <calanque/plugin/builder.h>
#include <calanque/plugin/sdk.hpp>

#ifndef TOY_ID
#define TOY_ID "org.test.layers"
#endif
#ifndef TOY_LAYER
#define TOY_LAYER "toy.identity"
#endif
#ifndef TOY_SCHEMA
#define TOY_SCHEMA "{\"additionalProperties\": false}"
#endif
#ifndef TOY_LAYERS
#define TOY_LAYERS 1
#endif

namespace {

clq_status build(const clq_builder*, clq_graph*, const char*, const uint32_t*, uint32_t, uint32_t*, uint32_t,
                 uint32_t*) {
  return CLQ_E_UNSUPPORTED;
}

clq_status infer(const clq_op_def*, const clq_op*, const clq_tensor_desc*, clq_tensor_desc*) {
  return CLQ_E_UNSUPPORTED;
}

// Status > 0 tells the test that the host hands this op out by name.
clq_status kernel(const clq_op_def*, const clq_op*, const clq_tensor_desc*, void* const*, void*,
                  const clq_host_threads*, clq_team*) {
  const auto* ops = static_cast<const clq_host_ops*>(clq::sdk::host->get_extension(clq::sdk::host, CLQ_HOST_OPS_ID));
  return ops->find(clq::sdk::host, "org.test.twice/1") != nullptr ? CLQ_PENDING : CLQ_E_INTERNAL;
}

constexpr clq_builder kLayer = {sizeof(clq_builder), 0, nullptr, "layer", TOY_LAYER, TOY_SCHEMA, build};
constexpr const clq_builder* kLayers[] = {&kLayer, &kLayer};
constexpr clq_builder_list kBuilders = {sizeof(clq_builder_list), TOY_LAYERS, kLayers};
constexpr clq_op_def kTwice = {
    sizeof(clq_op_def), CLQ_OP_NO_GRADIENT, nullptr, "org.test.twice/1", "{}", infer, nullptr, nullptr, kernel};
constexpr const clq_op_def* kOps[] = {&kTwice};
constexpr clq_op_list kOpList = {sizeof(clq_op_list), 1, kOps};

clq_status init(const clq_host* host) {
  clq::sdk::host = host;
  return CLQ_OK;
}

void deinit() { clq::sdk::host = nullptr; }

const void* get_factory(const char* id) {
  if (std::strcmp(id, CLQ_BUILDER_ID) == 0) return &kBuilders;
  return std::strcmp(id, CLQ_OPS_ID) == 0 ? &kOpList : nullptr;
}

}  // namespace

extern "C" CLQ_EXPORT const clq_plugin_entry clq_plugin =
    CLQ_PLUGIN_ENTRY_INIT(TOY_ID, "0.1.0", "BSD-3-Clause", init, deinit, get_factory);
