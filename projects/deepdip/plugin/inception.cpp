// projects/deepdip/plugin/inception.cpp -- layer "deepdip.inception".
// SPDX-License-Identifier: BSD-3-Clause
#include "inception.hpp"

#include <string>

#include <nlohmann/json.hpp>

#include <calanque/plugin/sdk_graph.hpp>

namespace deepdip {
namespace {

using Json = nlohmann::json;

constexpr const char* kInceptionSchema = R"json({
  "type": "object",
  "properties": {"reduce": {"type": "integer"}, "channels": {"type": "integer"}, "five": {"type": "boolean"},
                 "bias_init": {"type": "number"}, "slope": {"type": "number"}},
  "required": ["reduce", "channels"]
})json";

struct Options {
  int64_t reduce = 0, channels = 0;
  bool five = true;
  double bias_init = 0.1, slope = 0;
};

[[noreturn]] void wrong(const std::string& words) { clq::sdk::fail(CLQ_E_INVALID, words); }

int64_t count(const std::string& key, const Json& value) {
  if (!value.is_number_integer() || value.get<int64_t>() < 1 || value.get<int64_t>() > (1 << 20))
    wrong(key + " must be an integer from 1 to 2^20, got " + value.dump());
  return value.get<int64_t>();
}

double number(const std::string& key, const Json& value) {
  if (!value.is_number()) wrong(key + " must be a number, got " + value.dump());
  return value.get<double>();
}

Options read_options(const char* config_json) {
  const Json config = Json::parse(config_json == nullptr ? "{}" : config_json, nullptr, false);
  if (!config.is_object()) wrong("its options are no table");
  Options o;
  for (const auto& [key, value] : config.items()) {
    if (key == "reduce")
      o.reduce = count(key, value);
    else if (key == "channels")
      o.channels = count(key, value);
    else if (key == "five" && value.is_boolean())
      o.five = value.get<bool>();
    else if (key == "bias_init")
      o.bias_init = number(key, value);
    else if (key == "slope")
      o.slope = number(key, value);
    else
      wrong(key + " = " + value.dump() +
            " is unknown or no value for it; there are reduce, channels, five, bias_init, slope");
  }
  if (o.reduce == 0 || o.channels == 0) wrong("it needs reduce and channels");
  return o;
}

class Inception {
 public:
  Inception(clq::sdk::Graph& graph, uint32_t src, const Options& options)
      : graph_(graph), src_(src), options_(options), dtype_(graph.desc(src).dtype) {
    if (graph.desc(src).rank != 4) wrong("src must be [N, C, H, W]");
  }

  uint32_t build() {
    std::vector<uint32_t> branches = {conv("one", src_, options_.channels, 1)};
    if (options_.five) branches.push_back(conv("five", reduced("five_reduce"), options_.channels, 5));
    branches.push_back(conv("three", reduced("three_reduce"), options_.channels, 3));
    // The odd row and column of padding are at the end, and no part of the mean.
    branches.push_back(graph_.op("avg_pool/1", {reduced("pool_reduce")}, {{"kernel", two()}, {"pads_end", one()}}));
    return graph_.op("concat/1", branches, {{"axis", 1}});
  }

 private:
  static std::vector<int64_t> one() { return {1, 1}; }
  static std::vector<int64_t> two() { return {2, 2}; }

  uint32_t reduced(const char* name) { return conv(name, src_, options_.reduce, 1); }

  uint32_t param(const std::string& name, const std::vector<int64_t>& dims, const Json& init, uint32_t flags) {
    return graph_.state(name.c_str(), clq::sdk::dense_desc(dtype_, dims), init.dump().c_str(), flags);
  }

  // Weights by Glorot & Bengio 2010, uniform; the size of the image stays as it is.
  uint32_t conv(const std::string& name, uint32_t x, int64_t channels, int64_t kernel) {
    const int64_t channels_in = graph_.desc(x).dims[1], area = kernel * kernel, pad = kernel / 2;
    const Json glorot = {{"use", "glorot_uniform"}, {"fan_in", channels_in * area}, {"fan_out", channels * area}};
    const uint32_t plain = CLQ_STATE_TRAINABLE | CLQ_STATE_NO_DECAY;
    const uint32_t weights =
        param(name + ".weights", {channels, channels_in, kernel, kernel}, glorot, CLQ_STATE_TRAINABLE);
    const uint32_t bias =
        param(name + ".bias", {channels}, {{"use", "constant"}, {"value", options_.bias_init}}, plain);
    const uint32_t slope = param(name + ".slope", {channels}, {{"use", "constant"}, {"value", options_.slope}}, plain);
    const std::vector<int64_t> pads = {pad, pad};
    return graph_.op("prelu/1",
                     {graph_.op("conv/1", {x, weights, bias}, {{"pads_begin", pads}, {"pads_end", pads}}), slope});
  }

  clq::sdk::Graph& graph_;
  uint32_t src_;
  Options options_;
  int32_t dtype_;
};

clq_status CLQ_CALL build_inception(const clq_builder*, clq_graph* raw, const char* config_json, const uint32_t* inputs,
                                    uint32_t n_inputs, uint32_t* outputs, uint32_t capacity,
                                    uint32_t* n_outputs) noexcept {
  return clq::sdk::guard([&] {
    if (n_inputs != 1 || capacity < 1) wrong("it takes one input and gives one output");
    clq::sdk::Graph graph(raw);
    outputs[0] = Inception(graph, inputs[0], read_options(config_json)).build();
    *n_outputs = 1;
    return CLQ_OK;
  });
}

}  // namespace

const clq_builder kInception = {sizeof(clq_builder), 0, nullptr, "layer", "deepdip.inception", kInceptionSchema,
                                build_inception};

}  // namespace deepdip
