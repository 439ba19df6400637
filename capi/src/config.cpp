// capi/src/config.cpp -- the run file for hosts.
// SPDX-License-Identifier: BSD-3-Clause
#include <calanque/calanque.h>

#include "boxes.hpp"
#include "context.hpp"
#include "guard.hpp"
#include "handles.hpp"

namespace clq::capi {

void ConfigBox::set(const std::string& key, const std::string& value) {
  const std::lock_guard lock(mutex_);
  file_.set(key, value);
}

RunFile ConfigBox::file() const {
  std::unique_lock lock(mutex_);
  RunFile file = file_;
  lock.unlock();
  file.find_models_in(model_folders());
  const Json task = file.get("task");
  if (!task.is_string()) return file;
  const auto name = task.get<std::string>();
  file.add_defaults(core_task_defaults(name), "task " + name);
  const clq_builder* builder = registry().find("task", name);
  if (builder == nullptr || builder->config_schema == nullptr) return file;
  const Json schema = Json::parse(builder->config_schema, nullptr, false);
  if (schema.is_object() && schema.contains("task") && schema["task"].is_object() &&
      schema["task"].contains("defaults"))
    file.add_defaults(schema["task"]["defaults"], "task " + name);
  return file;
}

}  // namespace clq::capi

using namespace clq;
using namespace clq::capi;

clq_status clq_config_load(const char* toml_path, clq_handle* config) {
  return guard([&] {
    required(config, "config");
    *config = add_handle(std::make_shared<ConfigBox>(RunFile::load(required_text(toml_path, "toml_path"))));
  });
}

clq_status clq_config_parse(const char* toml_text, clq_handle* config) {
  return guard([&] {
    required(config, "config");
    *config = add_handle(std::make_shared<ConfigBox>(RunFile::parse(required_text(toml_text, "toml_text"), "text")));
  });
}

clq_status clq_config_set(clq_handle config, const char* key, const char* value) {
  return guard([&] { get_handle<ConfigBox>(config)->set(required_text(key, "key"), required_text(value, "value")); });
}

int64_t clq_config_get(clq_handle config, const char* key, char* value, int64_t capacity) {
  return guard_text(value, capacity, [&] {
    const std::string name = required_text(key, "key");
    const Json found = get_handle<ConfigBox>(config)->file().get(name);
    if (found.is_null()) fail(CLQ_E_NOT_FOUND, "{} is not set", name);
    return found.is_string() ? found.get<std::string>() : found.dump();
  });
}

int64_t clq_config_dump(clq_handle config, int32_t with_origin, char* toml, int64_t capacity) {
  return guard_text(toml, capacity, [&] { return get_handle<ConfigBox>(config)->file().dump(with_origin != 0); });
}

void clq_config_close(clq_handle config) {
  guard([&] { take_handle<ConfigBox>(config); });
}
