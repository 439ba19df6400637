// projects/deepdip/plugin/entry.cpp -- all that the host can see of this plugin.
// SPDX-License-Identifier: BSD-3-Clause
#include <cstring>

#include <calanque/plugin/sdk.hpp>

#include "inception.hpp"
#include "photoz.hpp"
#include "simulator/source.hpp"

namespace {

clq_status CLQ_CALL init(const clq_host* host) noexcept { return clq::sdk::take_host(host); }

void CLQ_CALL deinit() noexcept { clq::sdk::host = nullptr; }

const clq_builder* const kBuilders[] = {&deepdip::kPhotozTask, &deepdip::kPhotozMetrics, &deepdip::kInception};
const clq_builder_list kBuilderList = {sizeof(clq_builder_list), 3, kBuilders};

const void* CLQ_CALL get_factory(const char* id) noexcept {
  static const clq_data_source_api source = clq::sdk::data_source_api<deepdip::sim::Source>();
  if (std::strcmp(id, CLQ_DATA_SOURCE_ID) == 0) return &source;
  return std::strcmp(id, CLQ_BUILDER_ID) == 0 ? &kBuilderList : nullptr;
}

}  // namespace

extern "C" CLQ_EXPORT const clq_plugin_entry clq_plugin = CLQ_PLUGIN_ENTRY_INIT(
    "org.calanque.deepdip", CLQ_RELEASE, "BSD-3-Clause", init, deinit, get_factory);
