// core/src/runtime/offers.hpp -- what one plugin offers, checked and copied out of its tables.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <calanque/plugin/builder.h>
#include <calanque/plugin/data_sink.h>
#include <calanque/plugin/data_source.h>

namespace clq {

// The copies keep their addresses for the life of the plugin.
struct Offers {
  std::unique_ptr<clq_backend_api> backend;
  std::unique_ptr<clq_data_source_api> source;
  std::unique_ptr<clq_data_sink_api> sink;
  std::vector<std::unique_ptr<clq_builder>> builders;
  std::vector<std::unique_ptr<clq_op_def>> ops;

  // "backend", "data-source fits", "data-sink .fits .fits.fz", "layer deepdip.inception", "op org.lam.psfao/1"
  std::vector<std::string> names() const;
};

// Asks the plugin for its factories; throws with the sentence why it is refused.
Offers collect_offers(const clq_plugin_entry& entry);

std::string lower_case(std::string text);
std::vector<std::string> split_words(const std::string& text);

}  // namespace clq
