// tests/core/runtime/plugins/fails_once.cpp -- a plugin whose first init fails, by the SDK or by a plugin's own hand.
// SPDX-License-Identifier: BSD-3-Clause
#include <calanque/plugin/sdk.hpp>

namespace {

const clq_host* first = nullptr;

clq_status look_around() {
  if (first == nullptr) {
    first = clq::sdk::host;
    clq::sdk::fail(CLQ_E_DEVICE, "the card is busy");
  }
  return std::strcmp(first->name, "calanque") == 0 ? CLQ_OK : CLQ_E_INTERNAL;  // the first one is there still
}

#ifdef TOY_BY_HAND  // it forgets to let go of the host that it took
clq_status init(const clq_host* host) {
  if (const clq_status taken = clq::sdk::take_host(host); taken != CLQ_OK) return taken;
  return clq::sdk::guard(look_around);
}
#else
clq_status init(const clq_host* host) { return clq::sdk::init(host, look_around); }
#endif

void deinit() { clq::sdk::host = nullptr; }

const void* get_factory(const char*) { return nullptr; }

}  // namespace

extern "C" CLQ_EXPORT const clq_plugin_entry clq_plugin =
    CLQ_PLUGIN_ENTRY_INIT("org.test.fails-once", "0.1.0", "BSD-3-Clause", init, deinit, get_factory);
