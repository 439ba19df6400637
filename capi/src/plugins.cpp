// capi/src/plugins.cpp -- which plugins and devices there are.
// SPDX-License-Identifier: BSD-3-Clause
#include <calanque/calanque.h>

#include "context.hpp"
#include "guard.hpp"

using namespace clq;
using namespace clq::capi;

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
  return guard_text(json, capacity, [] { return registry().report_json().dump(); });
}

int64_t clq_plugins_files(const char* path, char* json, int64_t capacity) {
  return guard_text(json, capacity, [&] {
    Json files = Json::array();
    for (const auto& file : path == nullptr ? Registry::default_files() : Registry::files_of(path)) files.push_back(file.string());
    return files.dump(-1, ' ', false, Json::error_handler_t::replace);
  });
}

int64_t clq_plugin_probe(const char* path, char* json, int64_t capacity) {
  return guard_text(json, capacity, [&] {
    Registry alone;
    try {
      alone.load(required_text(path, "path"));
    } catch (const Error&) {
      if (alone.reports().empty()) throw;  // the report has the words
    }
    return alone.report_json().dump(-1, ' ', false, Json::error_handler_t::replace);
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
    return list.dump();
  });
}
