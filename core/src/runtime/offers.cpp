// core/src/runtime/offers.cpp -- factories asked for, checked slot by slot and copied.
// SPDX-License-Identifier: BSD-3-Clause
#include "runtime/offers.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <sstream>

#include "base/json_schema.hpp"
#include "runtime/entry_check.hpp"

namespace clq {
namespace {

constexpr std::array<std::string_view, 5> kKinds = {"layer", "loss", "metric", "optimizer", "task"};

#define CLQ_SLOT(slot) \
  { #slot, t.slot != nullptr }

template <class T>
const T* factory(const clq_plugin_entry& entry, const char* id) {
  return static_cast<const T*>(call_plugin("get_factory", [&] { return entry.get_factory(id); }));
}

bool is_text(const char* text) { return text != nullptr && *text != '\0'; }

std::unique_ptr<clq_backend_api> copy_backend(const clq_backend_api* from) {
  if (from == nullptr) return nullptr;
  const auto t = copy_table(from, CLQ_SIZE_UPTO(clq_backend_api, run), "backend table");
  require_known_flags("backend table", t.reserved, 0);
  // get_extension alone may be absent: a backend without extensions says so by NULL.
  require_slots("backend table", {CLQ_SLOT(device_count),
                                  CLQ_SLOT(device_info),
                                  CLQ_SLOT(open),
                                  CLQ_SLOT(close),
                                  CLQ_SLOT(alloc),
                                  CLQ_SLOT(free),
                                  CLQ_SLOT(stream_create),
                                  CLQ_SLOT(stream_destroy),
                                  CLQ_SLOT(event_create),
                                  CLQ_SLOT(event_destroy),
                                  CLQ_SLOT(event_record),
                                  CLQ_SLOT(event_query),
                                  CLQ_SLOT(event_sync),
                                  CLQ_SLOT(stream_wait),
                                  CLQ_SLOT(copy),
                                  CLQ_SLOT(supports),
                                  CLQ_SLOT(compile),
                                  CLQ_SLOT(executable_info),
                                  CLQ_SLOT(executable_destroy),
                                  CLQ_SLOT(state_layout),
                                  CLQ_SLOT(state_import),
                                  CLQ_SLOT(state_export),
                                  CLQ_SLOT(bind),
                                  CLQ_SLOT(binding_destroy),
                                  CLQ_SLOT(run)});
  return std::make_unique<clq_backend_api>(t);
}

std::unique_ptr<clq_data_source_api> copy_source(const clq_data_source_api* from) {
  if (from == nullptr) return nullptr;
  const auto t = copy_table(from, CLQ_SIZE_UPTO(clq_data_source_api, reader_close), "data-source table");
  require_known_flags("data-source table", t.reserved, 0);
  require_slots("data-source table", {{"scheme", is_text(t.scheme)},
                                      CLQ_SLOT(probe),
                                      CLQ_SLOT(open),
                                      CLQ_SLOT(close),
                                      CLQ_SLOT(describe),
                                      CLQ_SLOT(ids),
                                      CLQ_SLOT(fingerprint),
                                      CLQ_SLOT(locate),
                                      CLQ_SLOT(reader_open),
                                      CLQ_SLOT(read),
                                      CLQ_SLOT(reader_close)});
  return std::make_unique<clq_data_source_api>(t);
}

std::unique_ptr<clq_data_sink_api> copy_sink(const clq_data_sink_api* from) {
  if (from == nullptr) return nullptr;
  const auto t = copy_table(from, CLQ_SIZE_UPTO(clq_data_sink_api, discard), "data-sink table");
  require_known_flags("data-sink table", t.reserved, 0);
  require_slots(
      "data-sink table",
      {{"suffixes", is_text(t.suffixes)}, CLQ_SLOT(create), CLQ_SLOT(write), CLQ_SLOT(commit), CLQ_SLOT(discard)});
  return std::make_unique<clq_data_sink_api>(t);
}

void require_schema_of(const std::string& part, const char* schema) {
  try {
    require_json(schema);  // not parsed: where memory runs out here, no more than the load fails
  } catch (const Error& e) {
    fail(CLQ_E_ABI, "its {}: {}", part, e.what());
  }
}

std::unique_ptr<clq_builder> copy_builder(const clq_builder* from) {
  if (from == nullptr) fail(CLQ_E_ABI, "its builder list holds a NULL");
  const auto t = copy_table(from, CLQ_SIZE_UPTO(clq_builder, build), "builder");
  require_slots("builder", {{"kind", is_text(t.kind)}, {"name", is_text(t.name)}, CLQ_SLOT(build)});
  require_known_flags(fmt::format("{} {}", t.kind, t.name), t.flags, 0);
  if (std::find(kKinds.begin(), kKinds.end(), t.kind) == kKinds.end())
    fail(CLQ_E_UNSUPPORTED, "its builder {} is of the unknown kind '{}'", t.name, t.kind);
  require_schema_of(fmt::format("{} {}", t.kind, t.name), t.config_schema);
  return std::make_unique<clq_builder>(t);
}

std::unique_ptr<clq_op_def> copy_op(const clq_op_def* from) {
  if (from == nullptr) fail(CLQ_E_ABI, "its op list holds a NULL");
  const auto t = copy_table(from, CLQ_SIZE_UPTO(clq_op_def, kernel), "op");
  require_slots("op", {{"name", is_text(t.name)}});
  require_slots(fmt::format("op {}", t.name), {CLQ_SLOT(infer), CLQ_SLOT(kernel)});
  require_known_flags(fmt::format("op {}", t.name), t.flags, CLQ_OP_NO_GRADIENT);
  if (t.gradient == nullptr && (t.flags & CLQ_OP_NO_GRADIENT) == 0)
    fail(CLQ_E_ABI, "its op {} has neither a gradient nor the flag CLQ_OP_NO_GRADIENT", t.name);
  return std::make_unique<clq_op_def>(t);
}

#undef CLQ_SLOT

void collect_lists(const clq_plugin_entry& entry, Offers& offers) {
  if (const auto* from = factory<clq_builder_list>(entry, CLQ_BUILDER_ID)) {
    const auto list = copy_table(from, CLQ_SIZE_UPTO(clq_builder_list, builders), "builder list");
    require_slots("builder list", {{"builders", list.n_builders == 0 || list.builders != nullptr}});
    for (uint32_t i = 0; i < list.n_builders; ++i) offers.builders.push_back(copy_builder(list.builders[i]));
  }
  if (const auto* from = factory<clq_op_list>(entry, CLQ_OPS_ID)) {
    const auto list = copy_table(from, CLQ_SIZE_UPTO(clq_op_list, ops), "op list");
    require_slots("op list", {{"ops", list.n_ops == 0 || list.ops != nullptr}});
    for (uint32_t i = 0; i < list.n_ops; ++i) offers.ops.push_back(copy_op(list.ops[i]));
  }
}

}  // namespace

Offers collect_offers(const clq_plugin_entry& entry) {
  Offers offers;
  offers.backend = copy_backend(factory<clq_backend_api>(entry, CLQ_BACKEND_ID));
  offers.source = copy_source(factory<clq_data_source_api>(entry, CLQ_DATA_SOURCE_ID));
  offers.sink = copy_sink(factory<clq_data_sink_api>(entry, CLQ_DATA_SINK_ID));
  collect_lists(entry, offers);
  return offers;
}

std::vector<std::string> Offers::names() const {
  std::vector<std::string> all;
  if (backend) all.push_back("backend");
  if (source) all.push_back(fmt::format("data-source {}", source->scheme));
  if (sink) all.push_back(fmt::format("data-sink {}", sink->suffixes));
  for (const auto& b : builders) all.push_back(fmt::format("{} {}", b->kind, b->name));
  for (const auto& op : ops) all.push_back(fmt::format("op {}", op->name));
  return all;
}

std::string lower_case(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

std::vector<std::string> split_words(const std::string& text) {
  std::istringstream in(text);
  std::vector<std::string> words;
  for (std::string word; in >> word;) words.push_back(word);
  return words;
}

}  // namespace clq
