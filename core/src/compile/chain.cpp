// core/src/compile/chain.cpp -- the layers of a model, one after the other or wired by `from`.
// SPDX-License-Identifier: BSD-3-Clause
#include "compile/chain.hpp"

#include <charconv>
#include <map>

#include <fmt/ranges.h>

#include "compile/parts.hpp"

namespace clq {
namespace {

// States of these names are the trainer's, in graphs and in checkpoints; a layer's would be taken for them.
void refuse_reserved(const std::string& name, const std::string& path) {
  const std::string scope = name.substr(0, name.find('.'));
  for (const char* reserved : {"best", "ema", "golden", "grad", "input", "metric", "state", "train"})
    CLQ_REQUIRE(scope != reserved, "{}.name '{}': '{}' is reserved, give another name", path, name, scope);
}

class Chain {
 public:
  Chain(GraphBuilder& builder, const ModelSpec& model, const BuilderLookup& builders, std::vector<BuiltLayer>* built)
      : builder_(builder), model_(model), builders_(builders), built_(built) {}

  std::vector<Value> build() {
    const std::vector<Config> layers = Config(Json{{"layer", model_.layers}}, "model").children("layer");
    CLQ_REQUIRE(!layers.empty(), "the model has no layers");
    for (const Config& layer : layers) append_named(Config(layer.json(), place_of(layer)), layer.path());
    if (model_.outputs.empty()) return {last_};
    std::vector<Value> values;
    for (const Config& output : Config(Json{{"output", model_.outputs}}, "model").children("output"))
      values.push_back(output.has("from") ? named(output.require<std::string>("from"), output.path()) : last_);
    return values;
  }

 private:
  // Where the run file has this layer. Blocks and repeats are written out by now: their layers are called by their
  // name, "inception1.five", and take one place of the list together.
  std::string place_of(const Config& layer) {
    const auto name = layer.get("name", std::string());
    const size_t dot = name.find('.');
    const std::string group = dot == std::string::npos ? "" : name.substr(0, dot);
    if (group.empty() || group != group_) ++place_;
    group_ = group;
    return group.empty() ? fmt::format("model.layer[{}]", place_ - 1) : name;
  }

  // `key`: of the layer in ModelSpec::layers, which its path is where no block was written out.
  void append_named(const Config& layer, const std::string& key) {
    try {
      append(layer);
    } catch (const Error& e) {
      const std::string words = e.what();
      throw KeyError(e, words.starts_with(layer.path()) ? key + words.substr(layer.path().size()) : key);
    }
  }

  void append(const Config& layer) {
    const auto use = layer.require<std::string>("use");
    const std::string name = layer.get("name", fmt::format("{}{}", use, ++used_[use]));
    CLQ_REQUIRE(!name.empty() && !made_.contains(name), "{}.name '{}' is taken", layer.path(), name);
    refuse_reserved(name, layer.path());
    const std::vector<Value> inputs = inputs_of(layer);
    const std::string& states = states_of(layer, name, use);
    Json options = layer.json();
    for (const char* key : {"use", "name", "from", "shares", "frozen", "penalty"}) options.erase(key);
    const auto part = find_layer(use, Config(std::move(options), layer.path()), builders_);
    const GraphBuilder::Scope scope(builder_, name, states);
    const GraphBuilder::Training training(builder_, layer.get("frozen", false), penalty_of(layer));
    const size_t first_op = builder_.graph().ops.size(), first_state = builder_.graph().states.size();
    last_ = made_[name] = build(*part, name, inputs);
    const Graph& graph = builder_.graph();
    if (built_ != nullptr)
      built_->push_back({name, use, last_, first_op, graph.ops.size(), first_state, graph.states.size()});
  }

  // Whose weights a layer has: its own, or those of the layer that it shares, which may share in turn.
  const std::string& states_of(const Config& layer, const std::string& name, const std::string& use) {
    if (!layer.has("shares")) return owners_.insert_or_assign(name, Owner{use, name}).first->second.name;
    const auto shares = layer.require<std::string>("shares");
    const auto owner = owners_.find(shares);
    if (owner == owners_.end()) {
      std::vector<std::string> known;
      for (const auto& [other, unused] : owners_) known.push_back(other);
      fail(CLQ_E_INVALID, "{}.shares: no layer '{}' before this one{}", layer.path(), shares,
           did_you_mean(shares, known));
    }
    CLQ_REQUIRE(owner->second.use == use, "{}.shares: '{}' is a {}, this is a {}", layer.path(), shares,
                owner->second.use, use);
    return owners_.insert_or_assign(name, owner->second).first->second.name;
  }

  static std::optional<Penalty> penalty_of(const Config& layer) {
    if (!layer.has("penalty")) return std::nullopt;
    const Config table = layer.child("penalty");
    const Penalty penalty = read_penalty(table);
    table.reject_unknown();
    return penalty;
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
    if (name == "input") return first_input();
    if (name.starts_with("input.")) return input(name.substr(6), path);
    if (const auto made = made_.find(name); made != made_.end()) return made->second;
    std::vector<std::string> known;
    for (const auto& [layer, value] : made_) known.push_back(layer);
    for (const InputField& field : model_.inputs) known.push_back("input." + field.name);
    fail(CLQ_E_INVALID, "{}.from: no layer '{}' before this one{}", path, name, did_you_mean(name, known));
  }

  // What the first layer reads: the only input, else the images, else the columns.
  Value first_input() {
    if (model_.inputs.size() == 1) return input(model_.inputs[0].name);
    for (const char* field : {"images", "scalars"})
      if (builder_.has_input(field)) return input(field);
    std::vector<std::string> names;
    for (const InputField& field : model_.inputs) names.push_back("input." + field.name);
    fail(CLQ_E_INVALID, "model.layer[0].from must name its input, one of {}", fmt::join(names, ", "));
  }

  Value input(const std::string& text, const std::string& path) {
    try {
      return input(text);
    } catch (const Error& e) {
      fail(e.status(), "{}.from: {}", path, e.what());
    }
  }

  // A whole input, or some of its columns: "scalars[3]", "scalars[2:5]".
  Value input(const std::string& text) {
    const size_t bracket = text.find('[');
    if (bracket != std::string::npos) return columns(text, bracket);
    const Value raw = builder_.input(text);
    // Integers stay as they are: they are masks, labels or rows of a table.
    return is_float(builder_.dtype(raw)) ? cast_to(builder_, raw, model_.dtype) : raw;
  }

  Value columns(const std::string& text, size_t bracket) {
    const Value all = input(text.substr(0, bracket));
    const Shape dims = builder_.shape(all);
    const char *at = text.data() + bracket + 1, *stop = text.data() + text.size();
    std::vector<int64_t> begin(dims.size(), 0), end = dims;
    CLQ_REQUIRE(dims.size() == 2, "input.{}: only an input [N, columns] has columns, this is {}", text,
                to_string(dims));
    auto read = std::from_chars(at, stop, begin[1]);
    end[1] = begin[1] + 1;
    if (read.ec == std::errc() && read.ptr != stop && *read.ptr == ':')
      read = std::from_chars(read.ptr + 1, stop, end[1]);
    CLQ_REQUIRE(read.ec == std::errc() && read.ptr + 1 == stop && *read.ptr == ']',
                "input.{} must be like input.scalars[3] or input.scalars[2:5]", text);
    CLQ_REQUIRE(begin[1] >= 0 && begin[1] < end[1] && end[1] <= dims[1], "input.{}: there are {} columns", text,
                dims[1]);
    return builder_.op("slice/1", {all}, {{"begin", attr(begin)}, {"end", attr(end)}});
  }

  GraphBuilder& builder_;
  const ModelSpec& model_;
  const BuilderLookup& builders_;
  std::vector<BuiltLayer>* built_;
  struct Owner {
    std::string use, name;  // of the layer that has the states
  };
  std::map<std::string, Value> made_;
  std::map<std::string, Owner> owners_;  // by layer
  std::map<std::string, int> used_;
  std::string group_;  // of the layer before, "" where it is of no block
  int64_t place_ = 0;
  Value last_;
};

}  // namespace

std::vector<Value> build_network(GraphBuilder& builder, const ModelSpec& model, const BuilderLookup& builders,
                                 std::vector<BuiltLayer>* built) {
  return Chain(builder, model, builders, built).build();
}

Penalty read_penalty(const Config& table) {
  const Penalty penalty{table.get<double>("l1", 0.0), table.get<double>("l2", 0.0)};
  CLQ_REQUIRE(penalty.l1 >= 0 && penalty.l2 >= 0, "{}: l1 and l2 must not be negative, got {} and {}", table.path(),
              penalty.l1, penalty.l2);
  return penalty;
}

Value cast_to(GraphBuilder& builder, Value x, DType dtype) {
  return builder.dtype(x) == dtype ? x : builder.op("cast/1", {x}, {{"dtype", attr(dtype)}});
}

}  // namespace clq
