// plugins/cpu_onednn/entry.cpp -- all that the host can see of this plugin.
// SPDX-License-Identifier: BSD-3-Clause
#include <cstring>

#include <calanque/plugin/sdk.hpp>

#include "backend.hpp"

namespace {

clq_status init(const clq_host* host) { return clq::sdk::take_host(host); }

void deinit() { clq::sdk::host = nullptr; }

const void* get_factory(const char* id) {
  return std::strcmp(id, CLQ_BACKEND_ID) == 0 ? &clq::onednn::backend_api() : nullptr;
}

}  // namespace

extern "C" CLQ_EXPORT const clq_plugin_entry clq_plugin;
const clq_plugin_entry clq_plugin =
    CLQ_PLUGIN_ENTRY_INIT("org.calanque.cpu-onednn", CLQ_VERSION_TEXT, "BSD-3-Clause", init, deinit, get_factory);
