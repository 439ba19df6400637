// plugins/fits/entry.cpp -- all that the host can see of the FITS plugin.
// SPDX-License-Identifier: BSD-3-Clause
#include <cstring>

#include <calanque/plugin/sdk.hpp>

#include "io/error.hpp"
#include "sink.hpp"
#include "source.hpp"

namespace {

clq_status init(const clq_host* host) {
  return clq::sdk::init(host, [] {
    clq::fits::start_cfitsio();
    return CLQ_OK;
  });
}

void deinit() { clq::sdk::host = nullptr; }

const void* get_factory(const char* id) {
  static const clq_data_source_api source = clq::sdk::data_source_api<clq::fits::Source>();
  static const clq_data_sink_api sink = clq::sdk::data_sink_api<clq::fits::Sink>();
  if (std::strcmp(id, CLQ_DATA_SOURCE_ID) == 0) return &source;
  return std::strcmp(id, CLQ_DATA_SINK_ID) == 0 ? &sink : nullptr;
}

}  // namespace

extern "C" CLQ_EXPORT const clq_plugin_entry clq_plugin =
    CLQ_PLUGIN_ENTRY_INIT("org.calanque.fits", CLQ_RELEASE, "BSD-3-Clause", init, deinit, get_factory);
