// capi/cli/probe.cpp -- plugins looked at in processes of their own, which may crash, hang or end.
// SPDX-License-Identifier: BSD-3-Clause
#include "probe.hpp"

#include <algorithm>
#include <filesystem>
#include <map>

#include <fmt/format.h>

#include "child.hpp"
#include "helper.hpp"

namespace clq::cli {
namespace {

Json entry_of(const std::string& file, const std::string& problem, bool fatal) {
  return {{"file", file},
          {"in_use", false},
          {"id", ""},
          {"version", ""},
          {"problem", problem},
          {"owner", ""},
          {"offers", Json::array()},
          {"parts", Json::array()},
          {"fatal", fatal}};
}

// A name that is not absolute would be looked for where this process happens to stand.
Json probe_one(const std::string& file, std::chrono::seconds limit) {
  if (!std::filesystem::path(file).is_absolute())
    return entry_of(file, "CLQ_PLUGIN_PATH takes absolute paths only", false);
  const ChildEnd end = run_child(program_file().string(), {"probe", "--", file}, limit);
  if (end.well() && end.report.is_array() && end.report.size() == 1 && end.report[0].is_object())
    return end.report.front();
  return entry_of(file, "it ends the process that loads it, or keeps it from its end: " + end_text(end, limit), true);
}

void add_new(std::vector<std::string>& files, const char* path) {
  const About named{.command_line = true};
  const std::string list = text_of([&](char* out, int64_t n) { return clq_plugins_files(path, out, n); }, named);
  for (const Json& file : Json::parse(list))
    if (std::find(files.begin(), files.end(), file.get<std::string>()) == files.end()) files.push_back(file);
}

// For a child: a task of a plugin is asked, too. The environment may hold what no run can take.
Json default_compute() {
  try {
    ConfigHandle config;
    check(clq_config_parse("", config.out()));
    Json compute = Json::object();
    for (const std::string key : {"compute.threads", "compute.readers"})
      compute[key.substr(key.find('.') + 1)] =
          Json::parse(text_of([&](char* out, int64_t n) { return clq_config_get(config.get(), key.c_str(), out, n); }));
    return compute;
  } catch (const Failure& e) {
    return {{"problem", e.what()}};
  }
}

// What an offer keeps others from: suffixes one by one, in any case of letters. A backend keeps them from nothing.
std::vector<std::string> names_of(const std::string& offer) {
  constexpr std::string_view kSink = "data-sink ";
  if (offer == "backend") return {};
  if (!offer.starts_with(kSink)) return {offer};
  std::vector<std::string> names;
  for (size_t at = kSink.size(); at < offer.size();) {
    const size_t end = std::min(offer.find(' ', at), offer.size());
    if (end > at) names.push_back(std::string(kSink).append(offer, at, end - at));
    at = end + 1;
  }
  return names;
}

std::string lower_case(std::string text) {
  for (char& c : text) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return text;
}

// Alone in its process each was the first. The words are those of the library, which sees them together.
std::string double_of(const Json& entry, const std::map<std::string, std::string>& files,
                      const std::map<std::string, std::string>& owners) {
  const auto id = entry.value("id", std::string());
  if (const auto at = files.find(id); at != files.end())
    return fmt::format("{} is already loaded from {}", id, at->second);
  for (const Json& offer : entry["offers"])
    for (const std::string& name : names_of(offer))
      if (const auto at = owners.find(lower_case(name)); at != owners.end())
        return fmt::format("its {} is already offered by {}", name, at->second);
  return "";
}

void refuse_doubles(Json& plugins) {
  std::map<std::string, std::string> files, owners;  // of an id, of an offer
  for (Json& entry : plugins) {
    if (!entry.value("in_use", false)) continue;
    if (const std::string problem = double_of(entry, files, owners); !problem.empty()) {
      entry.update({{"in_use", false}, {"problem", problem}, {"offers", Json::array()}, {"parts", Json::array()}});
      continue;
    }
    files.emplace(entry["id"], entry["file"]);
    for (const Json& offer : entry["offers"])
      for (const std::string& name : names_of(offer)) owners.emplace(lower_case(name), entry["id"]);
  }
}

}  // namespace

Json probe_plugins(const std::vector<std::string>& files, std::chrono::seconds limit) {
  Json all = Json::array();
  for (const std::string& file : files) all.push_back(probe_one(file, limit));
  return all;
}

std::vector<std::string> plugin_files(const std::string& place) {
  std::vector<std::string> files;
  if (!place.empty()) add_new(files, place.c_str());
  add_new(files, nullptr);
  return files;
}

bool holds_plugins(const std::string& place) {
  std::vector<std::string> files;
  add_new(files, place.c_str());
  return !files.empty();
}

PluginsReport plugins_report(const std::string& place, std::chrono::seconds limit) {
  PluginsReport all;
  all.plugins = probe_plugins(plugin_files(place), limit);
  for (const Json& entry : all.plugins)
    if (entry.value("fatal", false)) all.problem = "a plugin ends the process that loads it, move it away";
  if (!all.problem.empty()) return refuse_doubles(all.plugins), all;
  std::vector<std::string> arguments = {"probe"};
  if (!place.empty()) arguments.insert(arguments.begin(), {"--plugins", place});
  const ChildEnd end = run_child(program_file().string(), arguments, limit * (all.plugins.size() + 1));
  if (!end.well() || !end.report.is_object()) {
    all.problem = "each plugin by itself is harmless, but all together, asked for their devices, end the process: " +
                  end_text(end, limit * (all.plugins.size() + 1));
    return all;
  }
  all.plugins = end.report.at("plugins");
  all.devices = end.report.at("devices");
  all.compute = end.report.at("compute");
  return all;
}

int probe(const std::string& file, const std::string& place) {
  end_with_parent();
  if (!file.empty()) {
    std::string report(1 << 20, '\0');  // asked once: each call loads the plugin
    const int64_t size = clq_plugin_probe(file.c_str(), report.data(), static_cast<int64_t>(report.size()));
    check(std::min<int64_t>(size, 0));
    if (size > static_cast<int64_t>(report.size())) throw Failure(kInternal, file + ": its report is too long");
    return write_report(report.substr(0, static_cast<size_t>(size) - 1)) ? kDone : kWrite;
  }
  if (!place.empty()) clq_plugins_load(place.c_str());  // what is wrong with it is in the report
  const Json plugins = Json::parse(text_of([](char* out, int64_t n) { return clq_plugins_report(out, n); }));
  const Json devices = Json::parse(text_of([](char* out, int64_t n) { return clq_devices_report(out, n); }));
  const Json all = {{"plugins", plugins}, {"devices", devices}, {"compute", default_compute()}};
  return write_report(all.dump()) ? kDone : kWrite;
}

}  // namespace clq::cli
