// core/src/config/model_chain.cpp -- blocks are replaced by their layers, from the outermost to the innermost.
// SPDX-License-Identifier: BSD-3-Clause
#include "config/model_chain.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

#include <fmt/ranges.h>

#include <calanque/core/config.hpp>

#include "config/model_parameters.hpp"

namespace clq {
namespace {

constexpr size_t kMostLayers = 10000;
constexpr size_t kDeepestBlocks = 32;  // one in the other
constexpr int64_t kMostRepeats = 1000;
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
  Parameters parameters;
  Names inputs;                             // names of the model's chain
  std::string from;                         // where these are written, "" where nobody says which
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
  Written written;
};

class Expander {
 public:
  explicit Expander(const Json& model) : model_(Json(model), "model") {
    if (model_.has("block")) blocks_ = model_.child("block").json();
    for (const auto& [name, table] : blocks_.items()) check_block(block(name, table));
  }

  ModelChain run() {
    const Parameters parameters("the model", model_.child("parameters"));
    check_parameters(parameters.values, "model.parameters");
    Level level{"", "", parameters, {"input"}, "", {}, {}, "", "", {}};
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
    const Config layer(substituted(written.json(), level.parameters, written.path()), written.path());
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
    const Written values = written_values(written, level.parameters);
    std::optional<Names> from = inputs_of(level, layer);
    for (int64_t i = 1; i <= repeat; ++i) {
      const std::string number = layer.has("repeat") ? fmt::format(".{}", i) : "";
      const Called called{level.scope + name + number, owner_of(level, name, shares, number), training, values};
      level.last = is_block ? use_block(level, kind, called, layer, from) : emit(level, called, layer, from);
      from.reset();  // the next of a repeat reads the one before
    }
    level.made[name] = level.last;
  }

  void append_output(const Level& level, const Config& written) {
    Json output = substituted(written.json(), level.parameters, written.path());
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

  // Where it is written what a layer reads, "" where that is the layer before; `says`: it has `from`.
  static std::string written_from(const Level& level, const Config& layer, bool says) {
    if (!says) return level.last.empty() ? level.from : "";
    const Json& from = layer.json()["from"];
    const bool of_block = from.is_string() && (from == "input" || from.get<std::string>().starts_with("input["));
    return of_block ? level.from : layer.path() + ".from";
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
    chain_.written.push_back(called.written);
    const std::string at = written_from(level, layer, from.has_value());
    if (!at.empty()) chain_.written.back()["from"] = at;
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
    const Parameters parameters(fmt::format("block '{}'", name), table.child("parameters"));
    Level level{name, called.name + ".", parameters, {}, written_from(outer, layer, from.has_value()), {}, {}, "",
                "",   called.training};
    if (!called.owner.empty()) level.shares = called.owner + ".";
    level.inputs = from ? *from : outer.last.empty() ? outer.inputs : Names{outer.last};
    for (const auto& [key, value] : layer.json().items()) {
      if (is_own(key)) continue;
      level.parameters.give(key, value, layer.path(), called.written);
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
