// tests/core/runtime/plugins/throws.cpp -- a plugin whose exceptions cross the border, in one of its three functions.
// SPDX-License-Identifier: BSD-3-Clause
#include <stdexcept>

#include <calanque/plugin/entry.h>

namespace {

clq_status init(const clq_host*) {
#ifdef TOY_INIT
  throw 5;
#endif
  return CLQ_OK;
}

void deinit() {
#ifdef TOY_DEINIT
  throw 6;
#endif
}

const void* get_factory(const char*) {
#ifdef TOY_FACTORY
  throw std::runtime_error("the table is lost");
#endif
  return nullptr;
}

}  // namespace

extern "C" CLQ_EXPORT const clq_plugin_entry clq_plugin =
    CLQ_PLUGIN_ENTRY_INIT("org.test.throws", "0.1.0", "BSD-3-Clause", init, deinit, get_factory);
