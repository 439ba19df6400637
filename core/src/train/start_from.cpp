// core/src/train/start_from.cpp -- another model's weights as the start of a training.
// SPDX-License-Identifier: BSD-3-Clause
#include "train/start_from.hpp"

#include <algorithm>

#include "data/glob.hpp"
#include "runtime/log.hpp"
#include "train/bundle.hpp"

namespace clq {
namespace {

struct Start {
  std::string file;                 // "": none
  std::vector<std::string> layers;  // patterns; empty: all
  bool transforms = false;
};

Start read_start(const Config& train) {
  if (!train.has("init_from")) return {};
  if (train.json().at("init_from").is_string()) return {train.require<std::string>("init_from"), {}, false};
  const Config table = train.child("init_from");
  Start start{table.require<std::string>("file"), table.get<std::vector<std::string>>("layers", {}),
              table.get("transforms", false)};
  CLQ_REQUIRE(!table.has("layers") || !start.layers.empty(),
              "train.init_from.layers is empty: no tensor could be taken");
  return start;
}

std::vector<std::string> input_names(const BatchLayout& layout) {
  std::vector<std::string> names;
  for (const InputField& tensor : layout.tensors)
    if (tensor.name != "target" && tensor.name != "weight")
      names.push_back(fmt::format("{} {}", tensor.name, to_string(tensor.desc.dims)));
  for (const LayoutColumn& c : layout.columns)
    if (layout.tensors[c.tensor].name == "scalars") names.push_back(c.name);
  for (const DerivedColumn& d : layout.derived) names.push_back(fmt::format("{} = {}", d.name, d.expression));
  for (const std::string& band : layout.images.bands) names.push_back(fmt::format("band {}", band));
  return names;
}

// Of a layer, or of a block with all its layers: "trunk" is that of "trunk.1.dense1.weights".
bool is_of(const std::string& state, const std::string& pattern) {
  for (size_t dot = state.find('.'); dot != std::string::npos; dot = state.find('.', dot + 1))
    if (glob_matches(pattern, state.substr(0, dot))) return true;
  return false;
}

bool is_wanted(const std::string& state, const Start& start) {
  return start.layers.empty() || std::any_of(start.layers.begin(), start.layers.end(),
                                             [&](const std::string& pattern) { return is_of(state, pattern); });
}

// A misspelt layer would begin anew unseen.
void require_layers(const Model& model, const Start& start) {
  for (const std::string& pattern : start.layers)
    CLQ_REQUIRE(std::any_of(model.states.begin(), model.states.end(),
                            [&](const auto& state) { return is_of(state.first, pattern); }),
                "train.init_from.layers: no layer with weights is called '{}'", pattern);
}

struct Taken {
  Json taken = Json::array(), other_shape = Json::array(), anew = Json::array();  // names
};

Taken take(Model& model, const Model& other, const Start& start) {
  Taken report;
  for (auto& [name, tensor] : model.states) {
    const auto at = is_wanted(name, start) ? other.states.find(name) : other.states.end();
    const bool fits = at != other.states.end() && at->second.desc() == tensor.desc();
    if (fits) tensor = at->second;
    (fits ? report.taken : at != other.states.end() ? report.other_shape : report.anew).push_back(name);
  }
  return report;
}

void say(const Taken& report, size_t all, const std::string& file) {
  const auto line = [&](const Json& names, const char* words) {
    if (!names.empty())
      log_line(CLQ_LOG_INFO, fmt::format("train.init_from: {} of {} tensors {} {}", names.size(), all, words, file));
  };
  line(report.taken, "are those of");
  line(report.other_shape, "begin anew, theirs has another shape in");
  line(report.anew, "begin anew, nothing is taken for them from");
}

}  // namespace

void start_from(Model& model, const Config& train, const Registry& registry) {
  const Start start = read_start(train);
  if (start.file.empty()) return;
  const auto other = load_bundle(start.file, registry);
  require_layers(model, start);
  const bool same_inputs = input_names(other->layout) == input_names(model.layout);
  if (!same_inputs)
    log_line(CLQ_LOG_WARNING, fmt::format("train.init_from: {} has other inputs: what its first layers learned is of "
                                          "those",
                                          start.file));
  CLQ_REQUIRE(!start.transforms || same_inputs, "train.init_from.transforms: {} has other inputs", start.file);
  const Taken report = take(model, *other, start);
  CLQ_REQUIRE(!report.taken.empty(), "train.init_from: no tensor of {} fits this model", start.file);
  say(report, model.states.size(), start.file);
  if (start.transforms) {
    CLQ_REQUIRE(same_but_for_numbers(model.spec.target_steps, other->spec.target_steps),
                "train.init_from.transforms: {} learned the target behind other transforms", start.file);
    model.transforms = Transforms::from_state(other->transforms.state(), model.layout);
    model.transforms.learn_targets(other->transforms.targets());
    model.spec.target_steps = other->spec.target_steps;
    model.fitted = other->fitted;
  }
  // Without the file's name: a bundle's bytes depend on what was in it alone.
  model.provenance["init_from"] = {{"hash", other->hash()},
                                   {"transforms", start.transforms},
                                   {"taken", report.taken},
                                   {"other_shape", report.other_shape},
                                   {"new", report.anew}};
}

}  // namespace clq
