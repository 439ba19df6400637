// core/src/runtime/plugin_use.hpp -- a plugin between its init and its deinit, in use by one registry at a time.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <string>

#include "runtime/host_tables.hpp"

namespace clq {

// A file may have several names, its entry is one: by it the process knows what is in use. The host that a plugin is
// given stays where it is for ever, since an init that failed may have kept its address.
// [one thread at a time]
class PluginUse {
 public:
  // Calls init. Throws with its words, or CLQ_E_UNSUPPORTED where another registry has the plugin.
  PluginUse(const clq_plugin_entry& entry, const std::string& id, const OpFinder& ops);
  ~PluginUse();  // deinit, unless init failed
  PluginUse(const PluginUse&) = delete;
  PluginUse& operator=(const PluginUse&) = delete;
  const clq_plugin_entry& entry() const { return entry_; }
  const PluginHost& host() const { return host_; }

 private:
  PluginUse(const clq_plugin_entry& entry, PluginHost& host) : entry_(entry), host_(host) {}
  const clq_plugin_entry& entry_;
  PluginHost& host_;
  bool initialised_ = false;
};

}  // namespace clq
