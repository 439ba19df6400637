// core/src/runtime/host_tables.hpp -- what one plugin is given of its host.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <functional>
#include <string>

#include <calanque/plugin/builder.h>

namespace clq {

// One for each plugin, so that the host knows who asks. Must outlive the plugin's use between init and deinit.
class PluginHost {
 public:
  using FindOp = std::function<const clq_op_def*(const std::string& name)>;
  PluginHost(std::string plugin, FindOp find_op);
  PluginHost(const PluginHost&) = delete;
  PluginHost& operator=(const PluginHost&) = delete;
  const clq_host* c() const { return &table_; }
  const std::string& plugin() const { return plugin_; }
  const clq_op_def* find_op(const std::string& name) const { return find_op_(name); }

 private:
  std::string plugin_;
  FindOp find_op_;
  clq_host table_{};
};

}  // namespace clq
