// tests/fuzz/capi_data_calls.cpp -- calls about the library, run files and sources.
// SPDX-License-Identifier: BSD-3-Clause
#include "capi_data_calls.hpp"

#include "fuzz.hpp"

namespace clq::fuzz {
namespace {

void look_at_library(Host& host) {
  require(clq_version() != nullptr, "no version");
  Host::check(clq_log_level(host.in().pick({2, 0, 1, 4, 3, -1, 5, INT32_MIN})));
  host.tells(clq_log_next);
  host.tells(clq_plugins_report);
  host.tells(clq_devices_report);
  require(clq_error_text(nullptr, 9) == CLQ_E_INVALID && clq_error_text(nullptr, -1) == CLQ_E_INVALID,
          "a text to NULL");
}

void load_plugins(Host& host) {
  const char* path = host.path({"/none.so", "/table.csv", "", "/\xff.so"});
  Host::check(clq_plugins_load(path));
  host.tells([&](char* text, int64_t n) { return clq_plugins_files(path, text, n); });
  host.tells([&](char* text, int64_t n) { return clq_plugin_probe(path, text, n); });
}

void parse_config(Host& host) {
  const char* text = host.text({kRun, "", "task = 5", "[train]\nepochs = 1", "\"a\\nb\" = 1"});
  host.opens(Kind::config, [&](clq_handle* out) { return clq_config_parse(text, out); });
}

void load_config(Host& host) {
  const char* path = input_path(host);
  host.opens(Kind::config, [&](clq_handle* out) { return clq_config_load(path, out); });
}

void set_config(Host& host) {
  const char* key =
      host.text({"train.epochs", "train.batch", "data.catalog", "data.id", "task", "model.use", "nothing"});
  const char* value = host.text({"3", "0", "-1", "\"text\"", "ID", "1e99", "[1]", ""});
  Host::check(clq_config_set(host.some(Kind::config), key, value));
}

void get_config(Host& host) {
  const char* key = host.text({"train.epochs", "task", "data", "model.layer", "nothing", ""});
  const clq_handle config = host.some(Kind::config);
  host.tells([&](char* text, int64_t n) { return clq_config_get(config, key, text, n); });
  host.tells([&](char* text, int64_t n) { return clq_config_dump(config, n % 2 == 0, text, n); });
}

void open_source(Host& host) {
  const clq_handle config = host.some(Kind::config), model = host.some(Kind::model);
  const char* uri = host.in().byte() % 8 == 7 ? host.text({"csv://", "none://x", "a.fits[1]"}) : input_path(host);
  const char* data = options(host);
  switch (host.in().byte() % 4) {
    case 0:
      return host.opens(Kind::source, [&](clq_handle* out) { return clq_source_open(uri, data, out); });
    case 1:
      return host.opens(Kind::source, [&](clq_handle* out) { return clq_source_from_config(config, out); });
    case 2:
      return host.opens(Kind::source, [&](clq_handle* out) { return clq_source_for_model(model, uri, out); });
    default:
      host.opens(Kind::source, [&](clq_handle* out) { return clq_source_for_model_with(model, uri, data, out); });
  }
}

void create_source(Host& host) {
  const auto n = host.in().pick<int64_t>({kRows, 1, 2, 0, -1, INT64_MIN});
  host.opens(Kind::source, [&](clq_handle* out) { return clq_source_create(n, out); });
}

void add_field(Host& host) {
  const clq_handle source = host.some(Kind::source);
  const char* name = column(host);
  const int32_t n_dims = rank(host), type = dtype(host), borrow = host.in().byte() % 2;
  const void* data = host.in().byte() % 32 == 31 ? nullptr : host.array();
  Host::check(clq_source_add(source, name, data, type, n_dims, host.dims(n_dims), borrow));
}

void describe_source(Host& host) {
  const clq_handle source = host.some(Kind::source);
  const int64_t sample = count(host);
  host.counts<int64_t>([&](int64_t* out) { return clq_source_count(source, out); });
  host.counts<int64_t>([&](int64_t* out) { return clq_source_scanned(source, out); });
  host.tells([&](char* text, int64_t n) { return clq_source_describe(source, text, n); });
  host.tells([&](char* text, int64_t n) { return clq_source_locate(source, sample, text, n); });
}

void read_source(Host& host) {
  const clq_handle source = host.some(Kind::source);
  int64_t samples[kRows] = {};
  for (int64_t& sample : samples) sample = host.in().byte() % 32 - 8;
  const char* name = column(host);
  host.counts<int32_t>([&](int32_t* out) { return clq_source_dtype(source, name, out); });
  const int64_t n = count(host), bytes = size(host);
  Host::check(clq_source_read(source, samples, n, name, host.fresh_room(), bytes));
  host.check_room();
}

void search_source(Host& host) {
  const clq_handle source = host.some(Kind::source), model = host.in().byte() % 2 == 0 ? 0 : host.some(Kind::model);
  const char *id_column = column(host), *id = host.text({"3", "n3", "-1", "", "99999999999999999999"});
  host.counts<int64_t>([&](int64_t* out) { return clq_source_find(source, id_column, id, out); });
  const char* scan = options(host);
  host.opens(Kind::result, [&](clq_handle* out) { return clq_source_scan(source, scan, out); });
  const int64_t sample = count(host);
  const char* prefix = host.path({"/look", "", "/no/where"});
  host.opens(Kind::result, [&](clq_handle* out) { return clq_source_look(source, model, sample, prefix, out); });
}

void write_source(Host& host) {
  const clq_handle source = host.some(Kind::source);
  const char* uri = output_path(host);
  Host::check(clq_source_write(source, uri, options(host)));
}

void ask_for_order(Host& host) {
  const uint64_t seed = host.in().word();
  const int64_t epoch = count(host), n = count(host), position = count(host);
  host.counts<int64_t>([&](int64_t* out) { return clq_order_at(seed, epoch, n, position, out); });
}

constexpr Call kDataCalls[] = {create_source, add_field,     describe_source, read_source, search_source,
                               write_source,  open_source,   parse_config,    load_config, set_config,
                               get_config,    ask_for_order, look_at_library, load_plugins};

}  // namespace

std::span<const Call> data_calls() { return kDataCalls; }

}  // namespace clq::fuzz
