// core/src/runtime/registry_find.cpp -- devices, sources, sinks and builders by name; errors list what there is.
// SPDX-License-Identifier: BSD-3-Clause
#include <algorithm>
#include <map>

#include "base/json_schema.hpp"
#include "runtime/log.hpp"
#include "runtime/registry_state.hpp"

namespace clq {
namespace {

std::string joined(const std::vector<std::string>& words) {
  return words.empty() ? "none" : fmt::format("{}", fmt::join(words, ", "));
}

// "dir/cube.fits[IMAGE]" -> "dir/cube.fits"
std::string without_section(const std::string& uri) { return uri.ends_with(']') ? uri.substr(0, uri.rfind('[')) : uri; }

std::string suffix_of(const std::string& uri) {
  const std::string suffix = std::filesystem::path(without_section(uri)).extension().string();
  return suffix.empty() ? "no suffix" : suffix;
}

// False, with a warning in the log, for a device that its backend cannot describe.
bool describe(const clq_backend_api& api, uint32_t index, const std::string& plugin, DeviceEntry& out) {
  clq_device_info info{};
  info.struct_size = sizeof info;
  take_thread_error();  // what an earlier call left
  const clq_status status = api.device_info(index, &info);
  if (status < 0 || info.name == nullptr) {
    log_line(CLQ_LOG_WARNING,
             fmt::format("{}: device {} is left out: status {} {}", plugin, index, status, take_thread_error()));
    return false;
  }
  std::string name = info.name;
  if (name.find(':') == std::string::npos) name += fmt::format(":{}", index);
  out = {
      name, info.description == nullptr ? "" : info.description, info.kind, index, info.memory_total, info.memory_free,
      &api};
  return true;
}

bool means(const std::string& name, const DeviceEntry& device) {
  if (name == "cpu") return device.kind == CLQ_DEV_CPU;
  if (name == "gpu") return device.kind == CLQ_DEV_GPU;
  return device.name == name || device.name.substr(0, device.name.find(':')) == name;
}

// What is not there may be in a plugin that could not be used.
std::string refused(const std::vector<PluginReport>& reports) {
  std::vector<std::string> files;
  for (const PluginReport& report : reports)
    if (!report.problem.empty()) files.push_back(report.file.filename().string());
  return files.empty() ? "" : "; the plugins' report says why these were refused: " + joined(files);
}

// What a run file may say of a part; a task has more to say, to the host. The words of what is wrong with it, else.
Json schema_of(const clq_builder& builder) {
  try {
    Json schema = parse_schema(builder.config_schema);
    schema.erase("task");
    return schema;
  } catch (const Error& e) {
    return e.what();
  }
}

}  // namespace

std::vector<PluginReport> Registry::reports() const {
  const std::lock_guard lock(state_->mutex);
  return state_->reports;
}

Json Registry::report_json() const {
  const std::lock_guard lock(state_->mutex);
  Json all = Json::array();
  for (const PluginReport& r : state_->reports)
    all.push_back({{"file", r.file.string()},
                   {"in_use", r.problem.empty()},
                   {"id", r.id},
                   {"version", r.version},
                   {"problem", r.problem},
                   {"owner", r.owner},
                   {"offers", r.offers},
                   {"parts", Json::array()}});
  for (const LoadedPlugin& plugin : state_->plugins)
    for (const auto& b : plugin.offers.builders)
      all[plugin.report]["parts"].push_back({{"kind", b->kind}, {"name", b->name}, {"schema", schema_of(*b)}});
  return all;
}

std::vector<DeviceEntry> Registry::devices() const {
  const std::lock_guard lock(state_->mutex);
  std::vector<DeviceEntry> all;
  std::map<std::string, std::string> owners;  // of each name
  for (const LoadedPlugin& plugin : state_->plugins) {
    const clq_backend_api* api = plugin.offers.backend.get();
    const uint32_t count = api == nullptr ? 0 : api->device_count();
    const std::string& own = plugin.use->host().plugin();
    DeviceEntry entry;
    for (uint32_t i = 0; i < count; ++i) {
      if (!describe(*api, i, own, entry)) continue;
      const auto [owner, is_new] = owners.emplace(entry.name, own);
      if (is_new)
        all.push_back(entry);
      else
        log_line(CLQ_LOG_WARNING, fmt::format("{}: device {} is left out: {} is a device of {} already", own, i,
                                              entry.name, owner->second));
    }
  }
  return all;
}

DeviceEntry Registry::device(const std::string& name) const {
  std::vector<std::string> names;
  for (const DeviceEntry& device : devices()) {
    if (means(name, device)) return device;
    names.push_back(device.name);
  }
  fail(CLQ_E_DEVICE, "there is no device '{}'{}; there are: {}{}", name, did_you_mean(name, names), joined(names),
       refused(reports()));
}

const clq_data_source_api& Registry::source_for(const std::string& uri) const {
  const std::lock_guard lock(state_->mutex);
  const size_t mark = uri.find("://");
  const std::string scheme = mark == std::string::npos ? "" : uri.substr(0, mark);
  const clq_data_source_api* best = nullptr;
  uint32_t sure = 0;
  std::vector<std::string> known;
  for (const LoadedPlugin& plugin : state_->plugins) {
    const clq_data_source_api* source = plugin.offers.source.get();
    if (source == nullptr) continue;
    known.push_back(source->scheme);
    if (!scheme.empty() && scheme == source->scheme) return *source;
    const uint32_t score = scheme.empty() ? source->probe(uri.c_str()) : 0;
    if (score > sure) sure = score, best = source;
  }
  if (best != nullptr) return *best;
  if (!scheme.empty())
    fail(CLQ_E_UNSUPPORTED, "{}: no data source '{}'{}; there are: {}{}", uri, scheme, did_you_mean(scheme, known),
         joined(known), refused(state_->reports));
  std::error_code failed;
  if (!std::filesystem::exists(without_section(uri), failed)) fail(CLQ_E_NOT_FOUND, "{}: there is no such file", uri);
  if (!std::filesystem::exists(uri, failed))
    fail(CLQ_E_NOT_FOUND, "{}: there is no such file; data.hdu names an HDU of {}", uri, without_section(uri));
  fail(CLQ_E_UNSUPPORTED, "{}: no data source reads it ({}); there are: {}{}", uri, suffix_of(uri), joined(known),
       refused(state_->reports));
}

const clq_data_sink_api& Registry::sink_for(const std::string& uri) const {
  const std::lock_guard lock(state_->mutex);
  const std::string name = lower_case(without_section(uri));
  const clq_data_sink_api* best = nullptr;
  size_t longest = 0;  // ".fits.fz" before ".fz"
  std::vector<std::string> known;
  for (const LoadedPlugin& plugin : state_->plugins) {
    if (!plugin.offers.sink) continue;
    for (const std::string& suffix : split_words(plugin.offers.sink->suffixes)) {
      known.push_back(suffix);
      if (suffix.size() > longest && name.ends_with(lower_case(suffix)))
        longest = suffix.size(), best = plugin.offers.sink.get();
    }
  }
  if (best == nullptr)
    fail(CLQ_E_UNSUPPORTED, "{}: no data sink writes it ({}); there are: {}{}", uri, suffix_of(uri), joined(known),
         refused(state_->reports));
  return *best;
}

const clq_builder* Registry::find(const std::string& kind, const std::string& name) const {
  const std::lock_guard lock(state_->mutex);
  for (const LoadedPlugin& plugin : state_->plugins)
    for (const auto& builder : plugin.offers.builders)
      if (builder->kind == kind && builder->name == name) return builder.get();
  return nullptr;
}

std::string Registry::plugin_of(const clq_builder& builder) const {
  const std::lock_guard lock(state_->mutex);
  for (const LoadedPlugin& plugin : state_->plugins)
    for (const auto& offered : plugin.offers.builders)
      if (offered.get() == &builder) return state_->reports[plugin.report].id;
  return "";
}

std::string Registry::refused_plugins() const { return refused(reports()); }

std::vector<std::string> Registry::builder_names(const std::string& kind) const {
  const std::lock_guard lock(state_->mutex);
  std::vector<std::string> names;
  for (const LoadedPlugin& plugin : state_->plugins)
    for (const auto& builder : plugin.offers.builders)
      if (builder->kind == kind) names.push_back(builder->name);
  return names;
}

Json Registry::offered_by(const std::vector<std::pair<std::string, std::string>>& parts) const {
  const std::lock_guard lock(state_->mutex);
  Json all = Json::object();
  for (const auto& [kind, name] : parts)
    for (const LoadedPlugin& plugin : state_->plugins)
      for (const auto& builder : plugin.offers.builders)
        if (builder->kind == kind && builder->name == name) {
          const PluginReport& report = state_->reports[plugin.report];
          all[fmt::format("{} {}", kind, name)] = fmt::format("{} {}", report.id, report.version);
        }
  return all;
}

std::map<std::string, std::string> Registry::versions(const std::string& device,
                                                      const std::set<std::string>& parts) const {
  const clq_backend_api* backend = this->device(device).api;
  const std::lock_guard lock(state_->mutex);
  std::map<std::string, std::string> found;
  for (const LoadedPlugin& plugin : state_->plugins) {
    const PluginReport& report = state_->reports[plugin.report];
    const bool offers = std::any_of(report.offers.begin(), report.offers.end(),
                                    [&](const std::string& offer) { return parts.contains(offer); });
    if (offers || plugin.offers.backend.get() == backend) found.emplace(report.id, report.version);
  }
  return found;
}

OpTable Registry::ops() const {
  const std::lock_guard lock(state_->mutex);
  return state_->ops;
}

}  // namespace clq
