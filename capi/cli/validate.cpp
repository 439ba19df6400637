// capi/cli/validate.cpp -- clq validate: looks at a plugin from outside, then becomes the helper that tries it.
// SPDX-License-Identifier: BSD-3-Clause
#include <cerrno>
#include <cstring>

#include <fmt/format.h>
#include <unistd.h>

#include "commands.hpp"
#include "helper.hpp"
#include "probe.hpp"

namespace clq::cli {
namespace {

namespace fs = std::filesystem;

// What a plugin offers that there are cases for: "backend,source,layer".
std::string interfaces_of(const Json& report) {
  std::string names;
  const auto add = [&](const std::string& offer, const char* start, const char* name) {
    if (offer.starts_with(start) && names.find(name) == std::string::npos)
      names += fmt::format("{}{}", names.empty() ? "" : ",", name);
  };
  for (const std::string offer : report["offers"]) {
    add(offer, "backend", "backend");
    add(offer, "data-source", "source");
    add(offer, "data-sink", "sink");
    for (const char* part : {"layer", "loss", "optimizer", "metric"}) add(offer, part, part);
    add(offer, "op ", "ops");
  }
  return names;
}

std::string reference_plugin(const std::string& plugins) {
  for (const std::string& file : plugin_files(plugins))
    if (fs::path(file).filename() == "clq_cpu_ref.so") return file;
  throw Failure(kDevice,
                "clq_cpu_ref.so: is not among the plugins, and what a backend gives is compared with it, layers and "
                "the like are computed by it");
}

// Sources and sinks compute nothing.
bool needs_reference(const std::string& interfaces) {
  for (const char* name : {"backend", "layer", "loss", "optimizer", "metric", "ops"})
    if (interfaces.find(name) != std::string::npos) return true;
  return false;
}

std::vector<std::string> arguments_of(const ValidateOptions& o, const std::string& file, const std::string& interfaces,
                                      const std::string& plugins) {
  std::vector<std::string> all = {file, "--interfaces", interfaces};
  if (needs_reference(interfaces)) all.insert(all.end(), {"--reference", reference_plugin(plugins)});
  if (!o.data.empty()) all.insert(all.end(), {"--data", o.data, "--options", o.options});
  for (const std::string& name : o.only) all.insert(all.end(), {"--only", name});
  for (const auto& [name, value] :
       {std::pair{"--device", o.device}, {"--seed", o.seed}, {"--limit", o.limit}, {"--jobs", o.jobs}})
    all.insert(all.end(), {name, std::to_string(value)});
  if (o.list) all.emplace_back("--list");
  if (o.json) all.emplace_back("--json");
  return all;
}

}  // namespace

int validate(const ValidateOptions& options, const std::string& plugins) {
  std::error_code failed;
  const std::string file = fs::canonical(options.plugin, failed).string();
  if (failed) throw Failure(kUsage, fmt::format("{}: {}", options.plugin, failed.message()));
  const Json report = probe_plugins({file}, std::chrono::seconds(options.limit)).front();
  if (const std::string problem = report["problem"]; !problem.empty())
    throw Failure(kUsage, fmt::format("{}: {}", options.plugin, problem));
  const std::string interfaces = interfaces_of(report);
  if (interfaces.empty())
    throw Failure(
        kUsage, fmt::format("{}: offers {}, and there are no cases for that", options.plugin, report["offers"].dump()));
  std::string helper = helper_file("libexec/calanque/clq-validate").string();
  std::vector<std::string> words = arguments_of(options, file, interfaces, plugins);
  words.insert(words.begin(), helper);
  std::vector<char*> pointers;
  for (std::string& word : words) pointers.push_back(word.data());
  pointers.push_back(nullptr);
  ::execv(helper.c_str(), pointers.data());
  throw Failure(kDevice, fmt::format("{}: {}", helper, std::strerror(errno)));
}

}  // namespace clq::cli
