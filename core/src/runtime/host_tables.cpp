// core/src/runtime/host_tables.cpp -- the host's side of the plugin border: error text, log, threads, graph, ops.
// SPDX-License-Identifier: BSD-3-Clause
#include "runtime/host_tables.hpp"

#include <algorithm>
#include <string_view>

#include "graph/host_graph.hpp"
#include "runtime/log.hpp"
#include "runtime/team.hpp"

namespace clq {
namespace {

const PluginHost& self(const clq_host* host) { return *static_cast<const PluginHost*>(host->ctx); }

// Nothing may leave these functions but their result: a plugin in C is above them.
void CLQ_CALL set_error(const clq_host*, const char* message) noexcept {
  try {
    std::string line = message == nullptr ? "" : message;
    std::replace(line.begin(), line.end(), '\n', ' ');
    set_thread_error(line.c_str());
  } catch (...) {  // out of memory: the status alone has to do
  }
}

void CLQ_CALL log(const clq_host* host, uint32_t level, const char* message) noexcept {
  try {
    if (message != nullptr)
      log_line(static_cast<int>(std::min<uint32_t>(level, CLQ_LOG_DEBUG)), self(host).plugin() + ": " + message);
  } catch (...) {
  }
}

const clq_op_def* CLQ_CALL find_op(const clq_host* host, const char* name) noexcept {
  try {
    return name == nullptr ? nullptr : self(host).find_op(name);
  } catch (...) {
    return nullptr;
  }
}

constexpr clq_host_log kLog = {sizeof(clq_host_log), 0, log};
constexpr clq_host_ops kOps = {sizeof(clq_host_ops), 0, find_op};

const void* CLQ_CALL get_extension(const clq_host*, const char* id) noexcept {
  if (id == nullptr) return nullptr;
  const std::string_view wanted = id;
  if (wanted == CLQ_HOST_LOG_ID) return &kLog;
  if (wanted == CLQ_HOST_THREADS_ID) return &host_threads_table();
  if (wanted == CLQ_HOST_GRAPH_ID) return &host_graph_table();
  if (wanted == CLQ_HOST_OPS_ID) return &kOps;
  return nullptr;
}

}  // namespace

PluginHost::PluginHost(std::string plugin) : plugin_(std::move(plugin)) {
  table_.struct_size = sizeof table_;
  table_.abi_major = CLQ_ABI_MAJOR;
  table_.abi_minor = CLQ_ABI_MINOR;
  table_.ctx = this;
  table_.name = "calanque";
  table_.version = CLQ_VERSION_TEXT;
  table_.set_error = set_error;
  table_.get_extension = get_extension;
}

}  // namespace clq
