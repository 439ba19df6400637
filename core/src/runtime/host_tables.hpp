// core/src/runtime/host_tables.hpp -- what one plugin is given of its host.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <atomic>
#include <string>
#include <utility>

#include <calanque/plugin/builder.h>

namespace clq {

class OpFinder {  // what finds the ops of all plugins
 public:
  virtual const clq_op_def* find_op(const std::string& name) const = 0;  // nullptr: none. [any-thread]

 protected:
  ~OpFinder() = default;
};

// One for each plugin, so that the host knows who asks.
class PluginHost {
 public:
  explicit PluginHost(std::string plugin);
  PluginHost(const PluginHost&) = delete;
  PluginHost& operator=(const PluginHost&) = delete;
  const clq_host* c() const { return &table_; }
  const std::string& plugin() const { return plugin_; }
  void serve(const OpFinder* ops) { ops_.store(ops); }  // nullptr: the plugin is in use no more
  bool serves() const { return ops_.load() != nullptr; }
  const clq_op_def* find_op(const std::string& name) const {
    const OpFinder* ops = ops_.load();
    return ops == nullptr ? nullptr : ops->find_op(name);
  }

 private:
  std::string plugin_;
  std::atomic<const OpFinder*> ops_{nullptr};
  clq_host table_{};
};

}  // namespace clq
