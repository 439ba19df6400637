// core/src/train/made_with.cpp -- with which devices and plugins a checkpoint was computed: others give other bits.
// SPDX-License-Identifier: BSD-3-Clause
#include "train/made_with.hpp"

#include <set>

#include <fmt/ranges.h>

#include <calanque/core/data_source.hpp>

namespace clq {
namespace {

std::string text_in(const Json& table, const char* key) {
  const Json value = table.is_object() ? table.value(key, Json()) : Json();
  return value.is_string() ? value.get<std::string>() : "";
}

// As plugins name what they offer.
std::set<std::string> parts_of(const DataSource& source, const Model& model, const std::string& optimizer) {
  std::set<std::string> parts = {"data-source " + source.scheme(), "optimizer " + optimizer,
                                 "loss " + text_in(model.spec.loss, "use"), "task " + model.spec.task};
  for (const Json& output : model.spec.outputs) parts.insert("loss " + text_in(output.value("loss", Json()), "use"));
  for (const Json& layer : model.spec.layers) parts.insert("layer " + text_in(layer, "use"));
  return parts;
}

std::string or_none(const std::string& version) { return version.empty() ? "none" : version; }

}  // namespace

MadeWith made_with(const std::vector<const Device*>& replicas, const DataSource& source, const Model& model,
                   const std::string& optimizer, const Registry& registry) {
  MadeWith made;
  for (const Device* device : replicas) made.devices.push_back(device->name());
  made.plugins = registry.versions(replicas.front()->name(), parts_of(source, model, optimizer));
  return made;
}

Json made_with_to_json(const MadeWith& made) { return {{"devices", made.devices}, {"plugins", made.plugins}}; }

MadeWith made_with_from_json(const Json& json) {
  const Config config(json, "made_with");
  MadeWith made;
  made.devices = config.get<std::vector<std::string>>("devices", {});
  const Config plugins = config.child("plugins");
  for (const auto& [id, version] : plugins.json().items()) made.plugins[id] = plugins.require<std::string>(id);
  return made;
}

std::string differences(const MadeWith& then, const MadeWith& now) {
  if (then.devices.empty()) return "";
  std::vector<std::string> words;
  if (then.devices != now.devices)
    words.push_back(fmt::format("on {}, now on {}", fmt::join(then.devices, ", "), fmt::join(now.devices, ", ")));
  std::map<std::string, std::string> all = now.plugins;
  all.insert(then.plugins.begin(), then.plugins.end());
  const auto version = [](const MadeWith& made, const std::string& id) {
    const auto at = made.plugins.find(id);
    return at == made.plugins.end() ? std::string() : at->second;
  };
  for (const auto& [id, unused] : all)
    if (version(then, id) != version(now, id))
      words.push_back(fmt::format("with {} {}, now {}", id, or_none(version(then, id)), or_none(version(now, id))));
  return fmt::format("{}", fmt::join(words, "; "));
}

}  // namespace clq
