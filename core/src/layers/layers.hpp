// core/src/layers/layers.hpp -- the makers that table.cpp lists.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <calanque/core/layer.hpp>

#include "graph/graph_builder.hpp"

namespace clq {

std::unique_ptr<Layer> make_dense(const Config&);
std::unique_ptr<Layer> make_dropout(const Config&);
std::unique_ptr<Layer> make_batch_norm(const Config&);
std::unique_ptr<Layer> make_layer_norm(const Config&);
std::unique_ptr<Layer> make_attention(const Config&);
std::unique_ptr<Layer> make_positional_encoding(const Config&);
std::unique_ptr<Layer> make_flatten(const Config&);
std::unique_ptr<Layer> make_concat(const Config&);
std::unique_ptr<Layer> make_conv(const Config&);
std::unique_ptr<Layer> make_conv_transpose(const Config&);
std::unique_ptr<Layer> make_max_pool(const Config&);
std::unique_ptr<Layer> make_avg_pool(const Config&);
std::unique_ptr<Layer> make_global_max_pool(const Config&);
std::unique_ptr<Layer> make_global_avg_pool(const Config&);
std::unique_ptr<Layer> make_upsample(const Config&);
std::unique_ptr<Layer> make_add(const Config&);
std::unique_ptr<Layer> make_multiply(const Config&);
std::unique_ptr<Layer> make_average(const Config&);
std::unique_ptr<Layer> make_slice(const Config&);
std::unique_ptr<Layer> make_reshape(const Config&);
std::unique_ptr<Layer> make_permute(const Config&);
std::unique_ptr<Layer> make_embedding(const Config&);
std::unique_ptr<Layer> make_prelu(const Config&);
std::unique_ptr<Layer> make_relu(const Config&);
std::unique_ptr<Layer> make_leaky_relu(const Config&);
std::unique_ptr<Layer> make_elu(const Config&);
std::unique_ptr<Layer> make_gelu(const Config&);
std::unique_ptr<Layer> make_silu(const Config&);
std::unique_ptr<Layer> make_sigmoid(const Config&);
std::unique_ptr<Layer> make_tanh(const Config&);
std::unique_ptr<Layer> make_softplus(const Config&);

// A layer's `activation` key: "" and "none" give x back, an unknown name is an error with the nearest.
Value activate(GraphBuilder& graph, const std::string& name, Value x);
void require_activation(const std::string& name);
// In training elements of x zeroed with this probability, the others scaled to keep the mean; the scope draws them.
Value dropped(GraphBuilder& graph, Value x, double rate);
// The one input of a layer that takes one.
Value only_input(std::span<const Value> inputs, const char* layer);

}  // namespace clq
