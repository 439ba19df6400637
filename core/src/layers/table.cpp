// core/src/layers/table.cpp -- the core's layers by name.
// SPDX-License-Identifier: BSD-3-Clause
#include "layers/layers.hpp"

namespace clq {
namespace {

constexpr LayerEntry kLayers[] = {
    {"dense", make_dense},
    {"conv", make_conv},
    {"conv_transpose", make_conv_transpose},
    {"max_pool", make_max_pool},
    {"avg_pool", make_avg_pool},
    {"global_max_pool", make_global_max_pool},
    {"global_avg_pool", make_global_avg_pool},
    {"upsample", make_upsample},
    {"dropout", make_dropout},
    {"batch_norm", make_batch_norm},
    {"layer_norm", make_layer_norm},
    {"attention", make_attention},
    {"positional_encoding", make_positional_encoding},
    {"flatten", make_flatten},
    {"concat", make_concat},
    {"add", make_add},
    {"multiply", make_multiply},
    {"average", make_average},
    {"slice", make_slice},
    {"reshape", make_reshape},
    {"permute", make_permute},
    {"embedding", make_embedding},
    {"relu", make_relu},
    {"leaky_relu", make_leaky_relu},
    {"prelu", make_prelu},
    {"elu", make_elu},
    {"gelu", make_gelu},
    {"silu", make_silu},
    {"sigmoid", make_sigmoid},
    {"tanh", make_tanh},
    {"softplus", make_softplus},
};

}  // namespace

std::span<const LayerEntry> layer_table() { return kLayers; }

Value only_input(std::span<const Value> inputs, const char* layer) {
  CLQ_REQUIRE(inputs.size() == 1, "{} takes one input, got {}", layer, inputs.size());
  return inputs.front();
}

}  // namespace clq
