// core/src/compile/chain.cpp -- the layers of a model, one after the other or wired by `from`.
// SPDX-License-Identifier: BSD-3-Clause
#include "compile/chain.hpp"

#include <map>

#include <fmt/ranges.h>

#include "compile/parts.hpp"

namespace clq {
namespace {

// States of these names are the trainer's, in graphs and in checkpoints; a layer's would be taken for them.
void refuse_reserved(const std::string& name, const std::string& path) {
  const std::string scope = name.substr(0, name.find('.'));
  for (const char* reserved : {"best", "golden", "grad", "input", "metric", "state", "train"})
    CLQ_REQUIRE(scope != reserved, "{}.name '{}': '{}' is reserved, give another name", path, name, scope);
}

class Chain {
 public:
  Chain(GraphBuilder& builder, const ModelSpec& model, const BuilderLookup& builders)
      : builder_(builder), model_(model), builders_(builders) {}

  Value build() {
    const std::vector<Config> layers = Config(Json{{"layer", model_.layers}}, "model").children("layer");
    CLQ_REQUIRE(!layers.empty(), "the model has no layers");
    for (const Config& layer : layers) append(layer);
    return last_;
  }

 private:
  void append(const Config& layer) {
    const auto use = layer.require<std::string>("use");
    const std::string name = layer.get("name", fmt::format("{}{}", use, ++used_[use]));
    CLQ_REQUIRE(!name.empty() && !made_.contains(name), "{}.name '{}' is taken", layer.path(), name);
    refuse_reserved(name, layer.path());
    const std::vector<Value> inputs = inputs_of(layer);
    Json options = layer.json();
    for (const char* key : {"use", "name", "from"}) options.erase(key);
    const auto part = find_layer(use, Config(std::move(options), layer.path()), builders_);
    const GraphBuilder::Scope scope(builder_, name);
    last_ = made_[name] = build(*part, name, inputs);
  }

  // Every error says which layer: ops name their scope, layers' own checks do not know it.
  Value build(const Layer& layer, const std::string& name, std::span<const Value> inputs) {
    try {
      return layer.build(builder_, inputs);
    } catch (const Error& e) {
      const std::string text = e.what();
      if (text.starts_with(name + ":") || text.starts_with(name + ".")) throw;
      fail(e.status(), "{}: {}", name, text);
    }
  }

  std::vector<Value> inputs_of(const Config& layer) {
    if (!layer.has("from")) return {last_ ? last_ : first_input()};
    const auto from = layer.require<Json>("from");
    const auto names = from.is_string() ? std::vector<std::string>{from.get<std::string>()}
                                        : layer.require<std::vector<std::string>>("from");
    std::vector<Value> out;
    for (const std::string& name : names) out.push_back(named(name, layer.path()));
    return out;
  }

  Value named(const std::string& name, const std::string& path) {
    if (name.starts_with("input.")) return input(name.substr(6));
    if (const auto made = made_.find(name); made != made_.end()) return made->second;
    std::vector<std::string> known;
    for (const auto& [layer, value] : made_) known.push_back(layer);
    for (const InputField& field : model_.inputs) known.push_back("input." + field.name);
    fail(CLQ_E_INVALID, "{}.from: no layer '{}' before this one{}", path, name, did_you_mean(name, known));
  }

  Value first_input() {
    if (builder_.has_input("scalars")) return input("scalars");
    if (model_.inputs.size() == 1) return input(model_.inputs[0].name);
    std::vector<std::string> names;
    for (const InputField& field : model_.inputs) names.push_back("input." + field.name);
    fail(CLQ_E_INVALID, "model.layer[0].from must name its input, one of {}", fmt::join(names, ", "));
  }

  // Integers stay as they are: they are masks, labels or rows of a table.
  Value input(const std::string& field) {
    const Value raw = builder_.input(field);
    return is_float(builder_.dtype(raw)) ? cast_to(builder_, raw, model_.dtype) : raw;
  }

  GraphBuilder& builder_;
  const ModelSpec& model_;
  const BuilderLookup& builders_;
  std::map<std::string, Value> made_;
  std::map<std::string, int> used_;
  Value last_;
};

}  // namespace

Value build_chain(GraphBuilder& builder, const ModelSpec& model, const BuilderLookup& builders) {
  return Chain(builder, model, builders).build();
}

Value cast_to(GraphBuilder& builder, Value x, DType dtype) {
  return builder.dtype(x) == dtype ? x : builder.op("cast/1", {x}, {{"dtype", attr(dtype)}});
}

}  // namespace clq
