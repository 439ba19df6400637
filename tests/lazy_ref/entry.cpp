// tests/lazy_ref/entry.cpp -- all that the host can see of this plugin.
// SPDX-License-Identifier: BSD-3-Clause
#include <cstring>

#include <calanque/plugin/sdk.hpp>

namespace clq::lazy {
const clq_backend_api& backend_api();
}

namespace {

clq_status init(const clq_host* host) {
  if (clq::sdk::host != nullptr && clq::sdk::host != host) {
    if (host != nullptr && host->set_error != nullptr) host->set_error(host, "already in use by another host");
    return CLQ_E_UNSUPPORTED;
  }
  clq::sdk::host = host;
  return CLQ_OK;
}

void deinit() { clq::sdk::host = nullptr; }

const void* get_factory(const char* id) {
  return std::strcmp(id, CLQ_BACKEND_ID) == 0 ? &clq::lazy::backend_api() : nullptr;
}

}  // namespace

extern "C" CLQ_EXPORT const clq_plugin_entry clq_plugin;
const clq_plugin_entry clq_plugin =
    CLQ_PLUGIN_ENTRY_INIT("org.calanque.lazy-ref", CLQ_VERSION_TEXT, "BSD-3-Clause", init, deinit, get_factory);
