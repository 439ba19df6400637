// core/src/runtime/plugin_use.cpp -- a plugin between its init and its deinit, in use by one registry at a time.
// SPDX-License-Identifier: BSD-3-Clause
#include "runtime/plugin_use.hpp"

#include <map>
#include <memory>

#include <calanque/core/error.hpp>

#include "base/thread_error.hpp"
#include "runtime/entry_check.hpp"
#include "runtime/log.hpp"

namespace clq {
namespace {

// Deliberately leaked, as the libraries are.
PluginHost& host_of(const clq_plugin_entry& entry, const std::string& id) {
  static auto& all = *new std::map<const clq_plugin_entry*, std::unique_ptr<PluginHost>>;
  std::unique_ptr<PluginHost>& host = all[&entry];
  if (host == nullptr) host = std::make_unique<PluginHost>(id);
  if (host->serves()) fail(CLQ_E_UNSUPPORTED, "already in use by another host");
  return *host;
}

}  // namespace

PluginUse::PluginUse(const clq_plugin_entry& entry, const std::string& id, const OpFinder& ops)
    : PluginUse(entry, host_of(entry, id)) {
  host_.serve(&ops);
  take_thread_error();  // what an earlier call left
  const clq_status status = call_plugin("init", [&] { return entry.init(host_.c()); });
  initialised_ = status >= 0;
  if (initialised_) return;
  const std::string words = take_thread_error();
  fail(status, "{}", words.empty() ? fmt::format("its init returned status {}", status) : words);
}

PluginUse::~PluginUse() {
  try {
    if (initialised_ && entry_.deinit != nullptr) entry_.deinit();
  } catch (...) {  // the process is about to go on without it
    log_line(CLQ_LOG_WARNING, fmt::format("{}: its deinit threw out of a C function", host_.plugin()));
  }
  host_.serve(nullptr);
}

}  // namespace clq
