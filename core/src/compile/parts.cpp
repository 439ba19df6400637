// core/src/compile/parts.cpp -- layers, losses, optimizers and metrics by name, the core's and those of plugins.
// SPDX-License-Identifier: BSD-3-Clause
#include "compile/parts.hpp"

#include <algorithm>

#include "base/json_schema.hpp"
#include "compile/target_units.hpp"
#include "config/loss_formula.hpp"
#include "graph/host_graph.hpp"

namespace clq {
namespace {

// Of a loss, a metric or a task: no bundle would keep what it learned.
std::vector<Value> run_without_states(const clq_builder& builder, GraphBuilder& graph, const Json& config,
                                      std::span<const Value> inputs, const std::string& plugin) {
  const size_t first = graph.graph().states.size();
  std::vector<Value> out = run_builder(builder, graph, config, inputs, plugin);
  const std::vector<State>& states = graph.graph().states;
  CLQ_REQUIRE(states.size() == first, "{}: a {} has no states, it asks for '{}'", builder.name, builder.kind,
              states[first].name);
  return out;
}

class PluginLayer final : public Layer {
 public:
  PluginLayer(const clq_builder& builder, const BuilderLookup& builders, Json config)
      : builder_(builder), plugin_(builders.plugin_of(builder)), config_(std::move(config)) {}

  Value build(GraphBuilder& graph, std::span<const Value> inputs) const override {
    const std::vector<Value> out = run_builder(builder_, graph, config_, inputs, plugin_);
    CLQ_REQUIRE(out.size() == 1, "{}: a layer gives one output, got {}", builder_.name, out.size());
    return out.front();
  }

 private:
  const clq_builder& builder_;
  std::string plugin_;
  Json config_;
};

class PluginLoss final : public Loss {
 public:
  PluginLoss(const clq_builder& builder, const BuilderLookup& builders, Json config)
      : builder_(builder), plugin_(builders.plugin_of(builder)), config_(std::move(config)) {}

  Value build(GraphBuilder& graph, Value output, Value target) const override {
    const Value inputs[] = {output, target};
    const std::vector<Value> out = run_without_states(builder_, graph, config_, inputs, plugin_);
    CLQ_REQUIRE(out.size() == 1, "{}: a loss gives one output, got {}", builder_.name, out.size());
    return out.front();
  }

  Value predict(GraphBuilder&, Value output) const override { return output; }

 private:
  const clq_builder& builder_;
  std::string plugin_;
  Json config_;
};

class PluginOptimizer final : public Optimizer {
 public:
  PluginOptimizer(const clq_builder& builder, const BuilderLookup& builders, Json config)
      : builder_(builder), plugin_(builders.plugin_of(builder)), config_(std::move(config)) {}

  // The plugin assigns the parameter itself; the assignment is taken back, for the caller makes it. It knows no name of
  // the parameter: the scope "<optimizer>.<parameter>" keeps the moments of two apart.
  Value build(GraphBuilder& graph, Value parameter, Value gradient, Value, Value, Value) const override {
    const GraphBuilder::Scope scope(graph, fmt::format("{}.{}", builder_.name, graph.state_name(parameter)));
    const Value inputs[] = {parameter, gradient};
    run_builder(builder_, graph, config_, inputs, plugin_);
    for (State& state : graph.graph().states)
      if (state.before == parameter && state.after) return std::exchange(state.after, Value{});
    fail(CLQ_E_INVALID, "{}: parameter '{}' was not assigned", builder_.name, graph.state_name(parameter));
  }

 private:
  const clq_builder& builder_;
  std::string plugin_;
  Json config_;
};

class PluginMetrics final : public MetricSet {
 public:
  PluginMetrics(const clq_builder& builder, const BuilderLookup& builders, Json config)
      : builder_(builder), plugin_(builders.plugin_of(builder)), config_(std::move(config)) {}

  void build(GraphBuilder& graph, Value prediction, Value target) const override {
    const Value inputs[] = {prediction, target};
    run_without_states(builder_, graph, config_, inputs, plugin_);
  }

 private:
  const clq_builder& builder_;
  std::string plugin_;
  Json config_;
};

template <class Entry>
const Entry* core_entry(std::span<const Entry> table, const std::string& name) {
  for (const Entry& entry : table)
    if (entry.name == name) return &entry;
  return nullptr;
}

template <class Entry>
[[noreturn]] void unknown(const char* kind, const std::string& key, const std::string& name,
                          std::span<const Entry> table, const BuilderLookup& builders) {
  std::vector<std::string> names;
  for (const Entry& entry : table) names.emplace_back(entry.name);
  const std::string hint = builders.hint(kind, name, std::move(names));
  if (name.find('.') == std::string::npos) fail(CLQ_E_INVALID, "{}: unknown {} '{}'{}", key, kind, name, hint);
  fail(CLQ_E_INVALID, "{}: {} '{}' is of no loaded plugin{}", key, kind, name, hint);
}

Json without(Json object, std::initializer_list<const char*> keys) {
  for (const char* key : keys) object.erase(key);
  return object;
}

// A plugin is not asked before its options are what its schema says.
template <class Part>
std::unique_ptr<Part> make_plugin_part(const clq_builder& builder, const BuilderLookup& builders,
                                       const Config& options) {
  require_schema(options.json(), parse_schema(builder.config_schema), options.path());
  return std::make_unique<Part>(builder, builders, options.json());
}

// A maker's own check says its name and the key, "huber: delta must be positive": which table's key is known here.
std::string in_table(const std::string& words, const std::string& name, const Config& config) {
  if (words.starts_with(config.path())) return words;
  const std::string own = words.starts_with(name + ": ") ? words.substr(name.size() + 2) : words;
  const bool of_key = config.json().contains(own.substr(0, own.find(' ')));
  return of_key ? fmt::format("{}.{}", config.path(), own) : fmt::format("{}: {}", config.path(), words);
}

template <class Entry>
auto make_checked(const Entry& entry, const Config& config) {
  try {
    auto made = entry.make(config);
    config.reject_unknown();
    return made;
  } catch (const Error& e) {
    fail(e.status(), "{}", in_table(e.what(), std::string(entry.name), config));
  }
}

template <class Entry>
bool has_part(std::span<const Entry> table, const char* kind, const std::string& part) {
  return std::any_of(table.begin(), table.end(),
                     [&](const Entry& entry) { return fmt::format("{} {}", kind, entry.name) == part; });
}

}  // namespace

bool is_core_part(const std::string& kind_and_name) {
  return has_part(layer_table(), "layer", kind_and_name) || has_part(loss_table(), "loss", kind_and_name) ||
         has_part(optimizer_table(), "optimizer", kind_and_name);
}

Json plugins_of(const ModelSpec& model, const BuilderLookup& builders) {
  std::vector<std::pair<std::string, std::string>> parts = {{"task", model.task}, {"metric", model.task}};
  const auto add = [&](const char* kind, const Json& table) { parts.emplace_back(kind, table.value("use", "")); };
  for (const Json& layer : model.layers) add("layer", layer);
  add("loss", model.loss);
  for (const Json& output : model.outputs) add("loss", output.at("loss"));
  return builders.offered_by(parts);
}

void require_plugins(const ModelSpec& model, const BuilderLookup& builders) {
  for (const auto& [part, plugin] : model.plugins.items()) {
    const size_t space = part.find(' ');
    if (builders.find(part.substr(0, space), part.substr(space + 1)) == nullptr)
      fail(CLQ_E_INVALID, "{} is of the plugin {}, which is not loaded{}", part, plugin.get<std::string>(),
           builders.hint(part.substr(0, space), "", {}));
  }
}

std::unique_ptr<Layer> find_layer(const std::string& use, const Config& config, const BuilderLookup& builders) {
  if (const LayerEntry* entry = core_entry(layer_table(), use)) return make_checked(*entry, config);
  const clq_builder* builder = builders.find("layer", use);
  if (builder == nullptr) unknown("layer", config.path() + ".use", use, layer_table(), builders);
  return make_plugin_part<PluginLayer>(*builder, builders, config);
}

std::unique_ptr<Loss> find_loss(const ModelSpec& model, const BuilderLookup& builders, const std::string& path) {
  const auto use = Config(model.loss, path).require<std::string>("use");
  Json options = without(model.loss, {"use"});
  if (const LossEntry* entry = core_entry(loss_table(), use)) {
    const bool takes_bins = use == "softmax_cross_entropy" || use == "crps";
    if (takes_bins && !options.contains("bins") && model.task_options.is_object() &&
        model.task_options.contains("bins"))
      options["bins"] = model.task_options["bins"];
    return make_checked(*entry, Config(std::move(options), path));
  }
  const clq_builder* builder = builders.find("loss", use);
  if (builder == nullptr) unknown("loss", path + ".use", use, loss_table(), builders);
  return make_plugin_part<PluginLoss>(*builder, builders, Config(std::move(options), path));
}

std::string density_of(const ModelSpec& model) {
  const std::string use = model.loss.value("use", "");
  return use.starts_with("gaussian_") ? "gaussian" : use.starts_with("mixture_") ? "mixture" : "";
}

int64_t numbers_given(const ModelSpec& model, int64_t targets) {
  if (density_of(model) == "gaussian") return 2 * targets;
  const std::string formula = model.loss.value("formula", "");
  if (model.loss.value("use", "") != "expression" || formula.empty()) return targets;
  return std::max(targets, parse_loss_formula(formula, "model.loss").outputs());
}

// Of several outputs all must: a row that one of them cannot take is none.
bool masks_nan(const ModelSpec& model) {
  const auto masks = [](const Json& loss) { return loss.value("mask_nan", Json(false)) == Json(true); };
  if (model.outputs.empty()) return masks(model.loss);
  return std::all_of(model.outputs.begin(), model.outputs.end(), [&](const Json& o) { return masks(o.at("loss")); });
}

std::unique_ptr<Optimizer> find_optimizer(const Json& optimizer, const BuilderLookup& builders) {
  const auto name = Config(optimizer, "train.optimizer").require<std::string>("name");
  Json options = without(optimizer, {"name", "lr"});  // the rate arrives as a scalar, by schedule
  if (const OptimizerEntry* entry = core_entry(optimizer_table(), name))
    return make_checked(*entry, Config(std::move(options), "train.optimizer"));
  const clq_builder* builder = builders.find("optimizer", name);
  if (builder == nullptr) unknown("optimizer", "train.optimizer.name", name, optimizer_table(), builders);
  return make_plugin_part<PluginOptimizer>(*builder, builders, Config(std::move(options), "train.optimizer"));
}

std::unique_ptr<MetricSet> find_metrics(const ModelSpec& model, const BuilderLookup& builders) {
  const Config options(model.task_options, "model");
  if (const clq_builder* builder = builders.find("metric", model.task))
    return make_plugin_part<PluginMetrics>(*builder, builders, options);
  const MetricEntry* entry = core_entry(metric_table(), model.task);
  if (entry == nullptr) return nullptr;
  Json own = options.json();
  own["density"] = is_gaussian_elsewhere(model) ? "" : density_of(model);
  own["mask_nan"] = masks_nan(model);
  own["has_rest"] = model.loss.value("use", "") == "expression";
  return entry->make(Config(std::move(own), "task"));
}

bool build_task(GraphBuilder& graph, const ModelSpec& model, std::span<const Value> predictions,
                const BuilderLookup& builders) {
  const clq_builder* task = builders.find("task", model.task);
  if (task == nullptr) return false;
  const Config options(model.task_options, "model");
  require_schema(options.json(), parse_schema(task->config_schema), options.path());
  run_without_states(*task, graph, options.json(), predictions, builders.plugin_of(*task));
  return true;
}

}  // namespace clq
