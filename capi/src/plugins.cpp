// capi/src/plugins.cpp -- which plugins and devices there are.
// SPDX-License-Identifier: BSD-3-Clause
#include <calanque/calanque.h>

#include "context.hpp"
#include "guard.hpp"

using namespace clq;
using namespace clq::capi;

namespace {

// What a plugin says of itself need not be UTF-8, and what others say must not be lost for that.
std::string report_text(const Json& report) { return report.dump(-1, ' ', false, Json::error_handler_t::replace); }

// A file may have several names.
bool is_same_file(const std::filesystem::path& known, const std::filesystem::path& file) {
  std::error_code failed;
  return known == file.lexically_normal() || std::filesystem::equivalent(known, file, failed);
}

}  // namespace

clq_status clq_plugins_load(const char* path) {
  return guard([&] {
    CLQ_REQUIRE(path == nullptr || *path != 0, "the path of the plugins is empty, NULL looks in the usual places");
    if (path == nullptr)
      registry();
    else
      bare_registry().load(path);
  });
}

int64_t clq_plugins_report(char* json, int64_t capacity) {
  return guard_text(json, capacity, [] { return report_text(registry().report_json()); });
}

int64_t clq_plugins_files(const char* path, char* json, int64_t capacity) {
  return guard_text(json, capacity, [&] {
    Json files = Json::array();
    CLQ_REQUIRE(path == nullptr || *path != 0, "the path of the plugins is empty, NULL looks in the usual places");
    for (const auto& file : path == nullptr ? Registry::default_files() : Registry::files_of(path))
      files.push_back(file.string());
    return report_text(files);
  });
}

int64_t clq_plugin_probe(const char* path, char* json, int64_t capacity) {
  return guard_text(json, capacity, [&] {
    require_room(json, capacity);  // before the plugin's code runs
    const std::filesystem::path file = required_text(path, "path");
    CLQ_REQUIRE(file.is_absolute(), "the path of a plugin must be absolute, got '{}'", file.string());
    for (const Json& entry : bare_registry().report_json())
      if (entry["in_use"] == true && is_same_file(entry["file"].get<std::string>(), file))
        return report_text(Json::array({entry}));
    Registry alone;
    try {
      alone.load_file(file);
    } catch (const Error&) {
      if (alone.reports().empty()) throw;  // the report has the words
    }
    return report_text(alone.report_json());
  });
}

int64_t clq_devices_report(char* json, int64_t capacity) {
  return guard_text(json, capacity, [] {
    Json list = Json::array();
    for (const DeviceEntry& device : registry().devices())
      list.push_back({{"name", device.name},
                      {"description", device.description},
                      {"kind", device.kind == CLQ_DEV_CPU ? "cpu" : "accelerator"},
                      {"memory_total", device.memory_total},
                      {"memory_free", device.memory_free}});
    return report_text(list);
  });
}
