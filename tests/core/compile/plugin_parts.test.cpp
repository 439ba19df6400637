// tests/core/compile/plugin_parts.test.cpp -- layers, losses, metrics and optimizers of plugins: what the host holds
// them to. SPDX-License-Identifier: BSD-3-Clause
#include <gtest/gtest.h>

#include "compile/parts.hpp"
#include "core/compile/models.hpp"
#include "graph/host_graph.hpp"

namespace clq::test {
namespace {

const clq_host_graph& host = host_graph_table();

// Asks for a state and moves it, whatever the mode: y = x + count.
clq_status CLQ_CALL build_restless(const clq_builder*, clq_graph* graph, const char*, const uint32_t* inputs, uint32_t,
                                   uint32_t* outputs, uint32_t, uint32_t* n_outputs) {
  uint32_t count = 0, next = 0;
  const clq_tensor_desc desc = to_c(TensorDesc{CLQ_F64, {}});
  *n_outputs = 1;
  clq_status status = host.state(graph, "count", &desc, R"({"use": "constant", "value": 1})", 0, &count);
  const uint32_t doubled[] = {count, count}, operands[] = {inputs[0], count};
  if (status >= 0) status = host.op(graph, "add/1", doubled, 2, nullptr, 0, &next, 1);
  if (status >= 0) status = host.assign(graph, count, next);
  return status < 0 ? status : host.op(graph, "add/1", operands, 2, nullptr, 0, outputs, 1);
}

clq_status CLQ_CALL build_with_state(const clq_builder*, clq_graph* graph, const char*, const uint32_t* inputs,
                                     uint32_t, uint32_t* outputs, uint32_t, uint32_t* n_outputs) {
  const clq_tensor_desc desc = to_c(TensorDesc{CLQ_F64, {}});
  outputs[0] = inputs[0];
  *n_outputs = 1;
  return host.state(graph, "scale", &desc, R"({"use": "zeros"})", CLQ_STATE_TRAINABLE, outputs);
}

constexpr const char* kSchema =
    R"({"properties": {"beta": {"type": "number", "minimum": 0}}, "additionalProperties": false})";

// One builder of a kind, called "test.part"; a task of this name beside metrics.
class Part final : public BuilderLookup {
 public:
  Part(const char* kind, decltype(clq_builder::build) build, const char* schema = nullptr) {
    part_.kind = kind;
    part_.name = "test.part";
    part_.config_schema = schema;
    part_.build = build;
  }
  const clq_builder* find(const std::string& kind, const std::string& name) const override {
    return kind == part_.kind && name == part_.name ? &part_ : nullptr;
  }

 private:
  clq_builder part_{};
};

template <class Body>
std::string words_of(Body&& body) {
  try {
    body();
  } catch (const Error& e) {
    return e.what();
  }
  return "";
}

std::string words_of(ProgramKind kind, const ModelSpec& model, const Part& part) {
  const OpTable ops;
  return words_of([&] { build_program(kind, model, {Json{{"name", "sgd"}}, 0}, 4, ops, part); });
}

ModelSpec restless(bool frozen) {
  ModelSpec model = regression_model(R"([{"use": "test.part", "name": "c"}, {"use": "dense", "units": 1}])");
  if (frozen) model.layers[0]["frozen"] = true;
  return model;
}

// A prediction that changed a state would give the next one other numbers.
TEST(PluginLayer, AssignsInTrainingAlone) {
  const Part part("layer", build_restless);
  const char* words = "c: test.part: state 'c.count' is assigned in prediction, which changes none: ask mode()";
  EXPECT_EQ(words_of(ProgramKind::forward, restless(false), part), words);
  EXPECT_EQ(words_of(ProgramKind::step, restless(true), part), words);
}

TEST(PluginParts, HaveNoStatesWhereNoneAreKept) {
  ModelSpec model = linear_model();
  model.loss = {{"use", "test.part"}};
  EXPECT_EQ(words_of(ProgramKind::evaluate, model, Part("loss", build_with_state)),
            "test.part: a loss has no states, it asks for 'scale'");
  model = linear_model();
  model.task = "test.part";
  EXPECT_EQ(words_of(ProgramKind::score, model, Part("metric", build_with_state)),
            "test.part: a metric has no states, it asks for 'scale'");
  EXPECT_EQ(words_of(ProgramKind::post, model, Part("task", build_with_state)),
            "test.part: a task has no states, it asks for 'scale'");
}

TEST(PluginParts, GetTheOptionsOfTheirSchemaAlone) {
  ModelSpec model = linear_model();
  model.loss = {{"use", "test.part"}, {"beta", -1}};
  EXPECT_EQ(words_of([&] { find_loss(model, Part("loss", build_restless, kSchema), "model.loss"); }),
            "model.loss.beta must be at least 0, got -1");
  const Json optimizer = {{"name", "test.part"}, {"lr", 0.1}, {"bta", 1}};
  EXPECT_EQ(words_of([&] { find_optimizer(optimizer, Part("optimizer", build_restless, kSchema)); }),
            "train.optimizer.bta is unknown, did you mean 'beta'?");
  const Config layer({{"beta", "x"}}, "model.layer[2]");
  EXPECT_EQ(words_of([&] { find_layer("test.part", layer, Part("layer", build_restless, kSchema)); }),
            "model.layer[2].beta must be a number, got \"x\"");
  model = linear_model();
  model.task = "test.part";
  model.task_options = {{"bins", Json::object()}};
  for (const char* kind : {"metric", "task"})
    EXPECT_EQ(words_of(std::string_view(kind) == "task" ? ProgramKind::post : ProgramKind::score, model,
                       Part(kind, build_restless, kSchema)),
              "model.bins is unknown, there is beta");
}

TEST(PluginParts, ThatAreMissingAreNamedWithTheirPlugin) {
  ModelSpec model = linear_model();
  model.plugins = {{"layer test.gone", "org.test 1.2.0"}};
  EXPECT_EQ(words_of(ProgramKind::forward, model, Part("layer", build_restless)),
            "layer test.gone is of the plugin org.test 1.2.0, which is not loaded");
}

}  // namespace
}  // namespace clq::test
