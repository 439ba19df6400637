// tests/conformance/opened.cpp -- the tables of the plugin under test.
// SPDX-License-Identifier: BSD-3-Clause
#include "conformance/backend_host.hpp"
#include "conformance/case.hpp"

namespace clq::conformance {

const Opened& open_plugin(const std::string& file) {
  static Opened opened;
  if (opened.entry != nullptr) return opened;
  opened.entry = &test::load_plugin(file);
  const auto table = [](const char* id) { return opened.entry->get_factory(id); };
  opened.backend = static_cast<const clq_backend_api*>(table(CLQ_BACKEND_ID));
  opened.source = static_cast<const clq_data_source_api*>(table(CLQ_DATA_SOURCE_ID));
  opened.sink = static_cast<const clq_data_sink_api*>(table(CLQ_DATA_SINK_ID));
  return opened;
}

}  // namespace clq::conformance
