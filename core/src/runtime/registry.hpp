// core/src/runtime/registry.hpp -- which plugins are loaded, what they offer, and why others were refused.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <atomic>
#include <filesystem>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include <calanque/plugin/builder.h>
#include <calanque/plugin/data_sink.h>
#include <calanque/plugin/data_source.h>

#include "compile/programs.hpp"

namespace clq {

struct PluginReport {  // one file seen
  std::filesystem::path file;
  std::string id, version, problem;  // problem: "" when it is in use
  std::string owner;                 // "" when the file is root's or the current user's own, else who it belongs to
  std::vector<std::string> offers;   // "backend", "data-source fits", "layer deepdip.inception", "op org.lam.psfao/1"
};

struct DeviceEntry {
  std::string name;  // "cpu_ref:0"
  std::string description;
  uint32_t kind, index;  // CLQ_DEV_*
  int64_t memory_total, memory_free;
  const clq_backend_api* api;
};

// Tables are copied into zeroed tables of the newest edition; plugins stay mapped for the life of the process.
// References stay valid for the life of the registry; lists are copies, which a later load does not change.
// [any-thread]
class Registry final : public BuilderLookup {
 public:
  Registry();
  ~Registry() override;
  Registry(const Registry&) = delete;
  Registry& operator=(const Registry&) = delete;

  // A file, a folder (its clq_*.so), or the default places: CLQ_PLUGIN_PATH, then calanque/plugins beside the library.
  // Throws only when an explicitly named file or folder cannot be used; everything seen is in reports().
  void load(const std::filesystem::path& path);
  void load_file(const std::filesystem::path& path);  // as load, but a folder is none, whatever lies in it
  void load_default();
  void load_default_once();
  void hold_over_forks();  // for the one registry of a process that has its plugins in use after a fork, too
  // What load and load_default would try; none is opened.
  static std::vector<std::filesystem::path> files_of(const std::filesystem::path& path);
  static std::vector<std::filesystem::path> default_files();
  std::vector<PluginReport> reports() const;
  Json report_json() const;

  std::vector<DeviceEntry> devices() const;
  // "cpu_ref:0", or the first of "cpu_ref", "cpu" or "gpu"; unknown: error with the names there are.
  DeviceEntry device(const std::string& name) const;
  const clq_data_source_api& source_for(const std::string& uri) const;  // scheme://, else the surest probe
  const clq_data_sink_api& sink_for(const std::string& uri) const;      // by suffix
  const clq_builder* find(const std::string& kind, const std::string& name) const override;
  std::string plugin_of(const clq_builder& builder) const override;
  std::vector<std::string> builder_names(const std::string& kind) const override;
  Json offered_by(const std::vector<std::pair<std::string, std::string>>& parts) const override;
  // By id, of the plugins that the device is of or that offer one of `parts`, named as in PluginReport::offers.
  std::map<std::string, std::string> versions(const std::string& device, const std::set<std::string>& parts) const;
  OpTable ops() const;

 private:
  std::string refused_plugins() const override;
  struct State;
  std::unique_ptr<State> state_;
  std::atomic<bool> loaded_{false};
  bool begun_ = false;
};

}  // namespace clq
