// capi/cli/data.cpp -- the data that a command names: a table, images, or the run file that says how they are read.
// SPDX-License-Identifier: BSD-3-Clause
#include "data.hpp"

namespace clq::cli {
namespace {

bool is_run_file(const std::string& path) { return path.ends_with(".toml"); }

}  // namespace

Json value_of(const ConfigHandle& config, const std::string& key) {
  const auto get = [&](char* text, int64_t n) { return clq_config_get(config.get(), key.c_str(), text, n); };
  if (config.get() == 0 || get(nullptr, 0) == CLQ_E_NOT_FOUND) return nullptr;
  const std::string text = text_of(get, About{.command_line = true});
  const Json value = Json::parse(text, nullptr, false);
  return value.is_discarded() || value.is_number() ? Json(text) : value;  // a text that looks like a number is none
}

Data open_data(const std::string& path, const std::string& run_file, bool masked) {
  Data data;
  const About about{.input = true};
  if (!is_run_file(path) && run_file.empty()) {
    check(clq_source_open(path.c_str(), nullptr, data.source.out()), about);
    return data;
  }
  const About settings{.command_line = true};
  const std::string file = run_file.empty() ? path : run_file;
  check(clq_config_load(file.c_str(), data.config.out()), settings);
  const auto set = [&](const char* key, const std::string& value) {
    check(clq_config_set(data.config.get(), key, value.c_str()), settings);
  };
  if (!is_run_file(path)) set("data.catalog", path);
  if (masked && !value_of(data.config, "data.images").is_null()) set("data.on_missing_band", "mask");
  if (value_of(data.config, "data.catalog").is_null())
    throw Failure(kUsage, file + ": data.catalog is missing, it names the data");
  check(clq_source_from_config(data.config.get(), data.source.out()), about);
  const Json id = value_of(data.config, "data.id");
  if (id.is_string()) data.id = id.get<std::string>();
  return data;
}

}  // namespace clq::cli
