// core/src/config/model_chain.cpp -- blocks are replaced by their layers, from the outermost to the innermost.
// SPDX-License-Identifier: BSD-3-Clause
#include "config/model_chain.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <map>
#include <optional>

#include <fmt/ranges.h>

#include <calanque/core/config.hpp>

#include "config/expression.hpp"

namespace clq {
namespace {

constexpr size_t kMostLayers = 10000;
constexpr size_t kDeepestBlocks = 32;  // one in the other
constexpr int64_t kMostRepeats = 1000;
constexpr double kLargestWhole = 9007199254740992;  // 2^53, behind which doubles leave out whole numbers
constexpr const char* kBlock = "block.";
constexpr const char* kOwnKeys[] = {"use", "name", "from", "repeat", "shares", "frozen", "penalty"};

using Names = std::vector<std::string>;

// What a block says of all its layers.
struct Training {
  bool frozen = false;
  Json penalty;  // null: none of its own
};

// One use of a block, or the model itself.
struct Level {
  std::string block;  // "" for the model
  std::string scope;  // "inception1.", "" for the model
  Json parameters;
  Names inputs;                             // names of the model's chain
  std::map<std::string, std::string> made;  // name within the block -> the layer of the model's chain that gives it
  std::map<std::string, int> used;
  std::string shares;  // the scope of the use of this block whose weights this one has, "" none
  std::string last;    // of the model's chain
  Training training;
};

// A layer or block as it is written out.
struct Called {
  std::string name, owner;  // owner: the layer whose weights it has, "" its own
  Training training;
};

class Expander {
 public:
  explicit Expander(const Json& model) : model_(Json(model), "model") {
    if (model_.has("block")) blocks_ = model_.child("block").json();
    for (const auto& [name, table] : blocks_.items()) check_block(block(name, table));
  }

  ModelChain run() {
    Level level{"", "", model_.child("parameters").json(), {"input"}, {}, {}, "", "", {}};
    check_parameters(level.parameters, "model.parameters");
    for (const Config& layer : model_.children("layer")) append(level, layer);
    for (const Config& output : model_.children("output")) append_output(level, output);
    for (size_t i = 0; !written_out_ && i < chain_.layers.size(); ++i)
      if (!named_[i]) chain_.layers[i].erase("name");
    return std::move(chain_);
  }

 private:
  static bool is_own(const std::string& key) {
    return std::find(std::begin(kOwnKeys), std::end(kOwnKeys), key) != std::end(kOwnKeys);
  }

  static void check_parameters(const Json& parameters, const std::string& path) {
    for (const auto& [key, unused] : parameters.items())
      CLQ_REQUIRE(!is_own(key), "{}.{}: a key of every layer cannot be a parameter", path, key);
  }

  static Config block(const std::string& name, const Json& table) { return Config(table, "model.block." + name); }

  static void check_block(const Config& table) {
    check_parameters(table.child("parameters").json(), table.path() + ".parameters");
    CLQ_REQUIRE(!table.children("layer").empty(), "{}.layer is missing: a block needs a layer", table.path());
    table.reject_unknown();
  }

  void append(Level& level, const Config& written) {
    const Config layer(substituted(written.json(), level, written.path()), written.path());
    const auto use = layer.require<std::string>("use");
    const bool is_block = use.starts_with(kBlock);
    const std::string kind = is_block ? use.substr(std::string(kBlock).size()) : use;
    const std::string name = layer.get("name", fmt::format("{}{}", kind, ++level.used[kind]));
    CLQ_REQUIRE(!name.empty() && !level.made.contains(name), "{}.name '{}' is taken", layer.path(), name);
    CLQ_REQUIRE(name != "input", "{}.name: 'input' is what a block is given, give another name", layer.path());
    const auto repeat = layer.get("repeat", int64_t{1});
    CLQ_REQUIRE(repeat >= 1 && repeat <= kMostRepeats, "{}.repeat must be from 1 to {}, got {}", layer.path(),
                kMostRepeats, repeat);
    written_out_ |= is_block || layer.has("repeat");
    const std::string shares = layer.get("shares", std::string());
    CLQ_REQUIRE(!layer.has("shares") || !shares.empty(), "{}.shares is empty: it names a layer", layer.path());
    const Training training{level.training.frozen || layer.get("frozen", false),
                            layer.get("penalty", level.training.penalty)};
    std::optional<Names> from = inputs_of(level, layer);
    for (int64_t i = 1; i <= repeat; ++i) {
      const std::string number = layer.has("repeat") ? fmt::format(".{}", i) : "";
      const Called called{level.scope + name + number, owner_of(level, name, shares, number), training};
      level.last = is_block ? use_block(level, kind, called, layer, from) : emit(level, called, layer, from);
      from.reset();  // the next of a repeat reads the one before
    }
    level.made[name] = level.last;
  }

  void append_output(const Level& level, const Config& written) {
    Json output = substituted(written.json(), level, written.path());
    if (output.contains("from")) {
      const auto from = Config(output, written.path()).require<std::string>("from");
      const Names meant = named(level, from, written.path() + ".from");
      output["from"] = meant.front();
    }
    chain_.outputs.push_back(std::move(output));
  }

  // The layer whose weights this one has, "" where it has its own: by its own `shares`, or by that of the block around.
  static std::string owner_of(const Level& level, const std::string& name, const std::string& shares,
                              const std::string& number) {
    if (!shares.empty()) return level.scope + shares + number;
    return level.shares.empty() ? "" : level.shares + name + number;
  }

  // What `from` names, in the words of the model's chain; nothing where the layer before is meant.
  std::optional<Names> inputs_of(const Level& level, const Config& layer) const {
    if (!layer.has("from")) return std::nullopt;
    const bool one = layer.require<Json>("from").is_string();
    const Names names =
        one ? Names{layer.require<std::string>("from")} : layer.require<std::vector<std::string>>("from");
    Names out;
    for (const std::string& name : names) {
      const Names meant = named(level, name, layer.path() + ".from");
      out.insert(out.end(), meant.begin(), meant.end());
    }
    return out;
  }

  Names named(const Level& level, const std::string& name, const std::string& path) const {
    if (name == "input") return level.inputs;
    if (name.starts_with("input.")) return {name};
    if (name.starts_with("input[")) return {input_at(level, name, path)};
    if (const auto made = level.made.find(name); made != level.made.end()) return {made->second};
    if (level.block.empty()) return {name};  // who builds the chain knows its inputs, and says what is missing
    Names known = {"input"};
    for (const auto& [layer, unused] : level.made) known.push_back(layer);
    fail(CLQ_E_INVALID, "{}: no layer '{}' before this one in block '{}'{}", path, name, level.block,
         did_you_mean(name, known));
  }

  // "input[1]": the second of the inputs that the block was given.
  static std::string input_at(const Level& level, const std::string& name, const std::string& path) {
    const char *first = name.data() + name.find('[') + 1, *end = name.data() + name.size();
    size_t index = 0;
    const auto [stop, error] = std::from_chars(first, end, index);
    CLQ_REQUIRE(error == std::errc() && stop + 1 == end && *stop == ']', "{}: '{}' must be like 'input[0]'", path,
                name);
    CLQ_REQUIRE(index < level.inputs.size(), "{}: no '{}', the inputs here are {}", path, name,
                fmt::join(level.inputs, ", "));
    return level.inputs[index];
  }

  // Texts "$name" become the parameter's value, whatever type it has, and "$(2 * name)" what is computed of numbers.
  Json substituted(const Json& value, const Level& level, const std::string& path) const {
    if (value.is_string() && value.get_ref<const std::string&>().starts_with("$")) {
      const auto text = value.get<std::string>();
      if (text.starts_with("$(")) return computed(text.substr(1), level, path);
      return parameter(text.substr(1), level, path);
    }
    Json out = value;
    if (value.is_object())
      for (const auto& [key, item] : value.items()) out[key] = substituted(item, level, path + "." + key);
    if (value.is_array())
      for (size_t i = 0; i < value.size(); ++i) out[i] = substituted(value[i], level, fmt::format("{}[{}]", path, i));
    return out;
  }

  static Json parameter(const std::string& name, const Level& level, const std::string& path) {
    if (const auto at = level.parameters.find(name); at != level.parameters.end()) return *at;
    Names known;
    for (const auto& [key, unused] : level.parameters.items()) known.push_back(key);
    const std::string of = level.block.empty() ? "the model" : "block '" + level.block + "'";
    fail(CLQ_E_INVALID, "{}: {} has no parameter '{}'{}", path, of, name, did_you_mean(name, known));
  }

  // A whole number where it is one and no parameter in it is a float.
  static Json computed(const std::string& text, const Level& level, const std::string& path) {
    const Expression expression = Expression::parse(text, path);
    std::vector<double> values;
    bool whole = true;
    for (const std::string& name : expression.names()) {
      const Json value = parameter(name, level, path);
      CLQ_REQUIRE(value.is_number(), "{}: parameter '{}' is {}, {} computes with numbers", path, name, value.dump(),
                  text);
      whole &= value.is_number_integer();
      values.push_back(value.get<double>());
    }
    std::vector<const double*> columns;
    for (const double& value : values) columns.push_back(&value);
    double number = 0;
    expression.evaluate(columns, 1, &number);
    CLQ_REQUIRE(std::isfinite(number), "{}: {} is {}", path, text, number);
    const bool integer = whole && number == std::floor(number) && std::abs(number) <= kLargestWhole;
    return integer ? Json(static_cast<int64_t>(number)) : Json(number);
  }

  std::string emit(const Level& level, const Called& called, const Config& layer, const std::optional<Names>& from) {
    CLQ_REQUIRE(chain_.layers.size() < kMostLayers, "{}: the model has more than {} layers", layer.path(), kMostLayers);
    Json plain = {{"name", called.name}, {"use", layer.json()["use"]}};
    const Names before = chain_.layers.empty() ? Names{"input"} : Names{chain_.layers.back()["name"]};
    const Names inputs = from ? *from : level.last.empty() ? level.inputs : Names{level.last};
    const bool list = from && layer.json()["from"].is_array();
    if (from || inputs != before) plain["from"] = inputs.size() == 1 && !list ? Json(inputs[0]) : Json(inputs);
    if (!called.owner.empty()) plain["shares"] = called.owner;
    for (const auto& [key, value] : layer.json().items())
      if (!is_own(key)) plain[key] = value;
    if (called.training.frozen) plain["frozen"] = true;
    if (!called.training.penalty.is_null()) plain["penalty"] = called.training.penalty;
    chain_.layers.push_back(std::move(plain));
    chain_.sources.push_back(layer.path());
    named_.push_back(layer.has("name"));
    return called.name;
  }

  // The block's layers; the last of them gives its output.
  std::string use_block(const Level& outer, const std::string& name, const Called& called, const Config& layer,
                        const std::optional<Names>& from) {
    const auto definition = blocks_.find(name);
    if (definition == blocks_.end()) {
      Names known;
      for (const auto& [key, unused] : blocks_.items()) known.push_back(key);
      fail(CLQ_E_INVALID, "{}.use: no block '{}'{}", layer.path(), name, did_you_mean(name, known));
    }
    const bool inside_itself = std::find(open_.begin(), open_.end(), name) != open_.end();
    open_.push_back(name);
    CLQ_REQUIRE(!inside_itself, "{}.use: block '{}' uses itself ({})", layer.path(), name, fmt::join(open_, " > "));
    CLQ_REQUIRE(open_.size() <= kDeepestBlocks, "{}.use: blocks lie more than {} deep", layer.path(), kDeepestBlocks);
    const Config table = block(name, *definition);
    Level level{name, called.name + ".", table.child("parameters").json(), {}, {}, {}, "", "", called.training};
    if (!called.owner.empty()) level.shares = called.owner + ".";
    level.inputs = from ? *from : outer.last.empty() ? outer.inputs : Names{outer.last};
    for (const auto& [key, value] : layer.json().items()) {
      if (is_own(key)) continue;
      parameter(key, level, layer.path() + "." + key);
      level.parameters[key] = value;
    }
    for (const Config& inner : table.children("layer")) append(level, inner);
    open_.pop_back();
    return level.last;
  }

  Config model_;
  Json blocks_ = Json::object();
  ModelChain chain_;
  std::vector<bool> named_;   // by its author, layer by layer of chain_
  bool written_out_ = false;  // a block or a repeat was
  Names open_;                // blocks within blocks
};

}  // namespace

ModelChain expand_model(const Json& model) { return Expander(model).run(); }

}  // namespace clq
