// core/src/runtime/registry_state.hpp -- the registry's inside: plugins in use and a report for every file seen.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <mutex>

#include "runtime/offers.hpp"
#include "runtime/plugin_use.hpp"
#include "runtime/registry.hpp"

namespace clq {

struct LoadedPlugin {
  size_t report;  // index into Registry::State::reports
  std::unique_ptr<PluginUse> use;
  Offers offers;
};

struct Registry::State final : OpFinder {
  // Recursive: a plugin may ask its host for an op while it is being asked for its factories.
  mutable std::recursive_mutex mutex;
  std::vector<PluginReport> reports;
  std::vector<clq_status> statuses;  // one a report
  std::vector<LoadedPlugin> plugins;
  OpTable ops;

  void load_files(const std::vector<std::filesystem::path>& files);
  // Never throws for a bad one: it is reported. Without `folders` a folder is one.
  void load_place(const std::filesystem::path& place, bool folders = true);
  void load_named(const std::filesystem::path& place, bool folders);  // throws for a bad one
  size_t report_of(const std::filesystem::path& file);                // makes one when there is none
  void forget(const std::filesystem::path& file);                     // the report of something that is not in use
  void refuse(size_t report, clq_status status, const std::string& why);
  void refuse(size_t report, const std::exception& why);
  const clq_op_def* find_op(const std::string& name) const override;

 private:
  void start(const std::filesystem::path& file);  // first pass: open and init
  std::unique_ptr<PluginUse> open(PluginReport& report);
  bool take_offers(size_t plugin);  // second pass: factories; false: it was refused and is gone
  void adopt(LoadedPlugin& plugin);
  void require_new_names(const Offers& offers) const;
};

}  // namespace clq
