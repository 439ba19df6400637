// tests/guest/tour_library.cpp -- errors, log, plugins, devices, run files.
// SPDX-License-Identifier: BSD-3-Clause
#include <fstream>

#include "tour.hpp"

namespace clq::guest {
namespace {

constexpr const char* kPlugin = CLQ_PLUGIN_DIR "/clq_cpu_ref.so";

void tour_errors(Tour& tour) {
  GOOD(clq_version);
  GOOD(clq_error_code);
  GOOD(clq_log_level, 4);
  BAD(clq_log_level, 5);
  BAD(clq_error_code);
  GOOD(clq_error_text, tour.text.data(), tour.room);
  GOOD(clq_error_text, nullptr, 0);
  BAD(clq_error_text, nullptr, 5);
  GOOD(clq_log_next, tour.text.data(), tour.room);
  BAD(clq_log_next, nullptr, 5);
}

void tour_plugins(Tour& tour) {
  char* text = tour.text.data();
  GOOD(clq_plugins_files, nullptr, text, tour.room);
  GOOD(clq_plugins_files, CLQ_PLUGIN_DIR, text, tour.room);
  BAD(clq_plugins_files, nullptr, nullptr, 5);
  GOOD(clq_plugin_probe, kPlugin, text, tour.room);
  BAD(clq_plugin_probe, nullptr, text, tour.room);
  GOOD(clq_plugins_load, nullptr);
  GOOD(clq_plugins_load, kPlugin);
  BAD(clq_plugins_load, "/nowhere");
  BAD(clq_plugins_load, tour.file("run.toml").c_str());
  GOOD(clq_plugin_probe, kPlugin, text, tour.room);  // in use already: says so
  GOOD(clq_plugins_report, text, tour.room);
  tour.found = text;
  BAD(clq_plugins_report, nullptr, 5);
  GOOD(clq_devices_report, text, tour.room);
  tour.found += text;
  BAD(clq_devices_report, nullptr, 5);
}

}  // namespace

void tour_library(Tour& tour) {
  tour_errors(tour);
  tour_plugins(tour);
}

void tour_configs(Tour& tour) {
  char* text = tour.text.data();
  clq_handle config = 0, loaded = 0, none = 0;
  const std::string words = run_file(Network::table, "cpu"), path = tour.file("run.toml");
  std::ofstream(path) << words;
  GOOD(clq_config_parse, words.c_str(), &config);
  BAD(clq_config_parse, "train = [", &none);
  BAD(clq_config_parse, nullptr, &none);
  GOOD(clq_config_load, path.c_str(), &loaded);
  BAD(clq_config_load, "/nowhere/run.toml", &none);
  GOOD(clq_config_set, config, "train.clip_norm", "1.5");
  BAD(clq_config_set, config, "train.epoch", "2");
  BAD(clq_config_set, config, "train.optimizer.lr", "-1.5");
  GOOD(clq_config_get, config, "train.clip_norm", text, tour.room);
  BAD(clq_config_get, config, "data.catalog", text, tour.room);
  GOOD(clq_config_dump, config, 1, text, tour.room);
  GOOD(clq_config_dump, loaded, 0, nullptr, 0);
  BAD(clq_config_dump, 0, 1, text, tour.room);
  GOOD(clq_config_close, loaded);
  GOOD(clq_config_close, config);
  GOOD(clq_config_close, config);
  GOOD(clq_config_close, 0);
}

void whole_tour(Tour& tour) {
  tour_library(tour);
  tour_configs(tour);
  tour_sources(tour);
  for (const char* device : {"cpu_ref:0", "cpu_onednn:0"}) {
    if (!tour.has(device)) continue;
    tour_training(tour, device);
    tour_models(tour, device);
  }
  while (GOOD(clq_log_next, tour.text.data(), tour.room) > 0) {
  }
}

}  // namespace clq::guest
