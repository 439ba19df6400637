// capi/cli/scan.cpp -- clq scan: what is in a data set, and which of its rows are bad.
// SPDX-License-Identifier: BSD-3-Clause
#include <atomic>
#include <chrono>
#include <optional>
#include <thread>

#include <fmt/format.h>

#include "commands.hpp"
#include "data.hpp"
#include "progress.hpp"
#include "signals.hpp"

namespace clq::cli {
namespace {

Json options_of(const Data& data, const ScanOptions& options) {
  Json json = {{"readers", options.readers}, {"id", options.id.empty() ? data.id : options.id}};
  if (!options.list.empty()) json["list"] = options.list;
  if (const Json nulls = value_of(data.config, "data.null"); nulls.is_array()) json["null"] = nulls;
  if (!options.nulls.empty()) json["null"] = options.nulls;
  json["columns"] = Json::array();
  for (const char* key : {"data.scalars", "data.target", "data.weight"}) {
    const Json names = value_of(data.config, key);
    if (names.is_string()) json["columns"].push_back(names);
    for (const Json& name : names.is_array() ? names : Json::array()) json["columns"].push_back(name);
  }
  return json;
}

// The call is in another thread; this one watches how far it is.
Json scan_watched(clq_handle source, const std::string& options, const About& about) {
  ResultHandle result;
  int64_t rows = 0, status = CLQ_OK;
  std::string words;
  check(clq_source_count(source, &rows));
  std::atomic<bool> ended{false};
  std::jthread scanning([&] {
    status = clq_source_scan(source, options.c_str(), result.out());
    if (status < 0) words = library_error();  // of that thread
    ended.store(true);
  });
  Bar bar("rows", rows);
  while (!ended.load()) {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    int64_t done = 0;
    if (clq_source_scanned(source, &done) == CLQ_OK) bar.update(done);
  }
  scanning.join();
  bar.clear();
  print_log();
  if (status < 0) fail_with(static_cast<clq_status>(status), words, about);
  return Json::parse(text_of([&](char* text, int64_t n) { return clq_result_text(result.get(), text, n); }));
}

void print_columns(const Json& columns) {
  if (columns.empty()) return;
  fmt::print("{:<24} {:<5} {:<10} {:<10} {:>9} {:>9} {:>12} {:>12} {:>12}\n", "column", "dtype", "shape", "unit", "NaN",
             "null", "minimum", "median", "maximum");
  for (const Json& c : columns) {
    const bool text = c["dtype"] == "text";
    fmt::print("{:<24} {:<5} {:<10} {:<10} {:>9} {:>9} {:>12} {:>12} {:>12}\n", cell(c["name"]), cell(c["dtype"]),
               c["shape"].empty() ? "" : c["shape"].dump(), cell(c["unit"]), text ? "-" : cell(c["nan"]),
               cell(text ? c["empty"] : c["null"]), text ? "-" : cell(c["minimum"]), text ? "-" : cell(c["median"]),
               text ? "-" : cell(c["maximum"]));
  }
}

void print_bands(const Json& report) {
  if (report["bands"].empty()) return;
  fmt::print("{:<24} {:<5} {:<10} {:>10} {:>9} {:>9} {:>12} {:>12} {:>12}\n", "band", "dtype", "shape", "NaN",
             "missing", "> 10 %", "minimum", "median", "maximum");
  for (const Json& b : report["bands"])
    fmt::print("{:<24} {:<5} {:<10} {:>10} {:>9} {:>9} {:>12} {:>12} {:>12}\n", cell(b["name"]), cell(b["dtype"]),
               b["shape"].dump(), cell(b["nan"]), cell(b["rows_empty"]), cell(b["rows_gappy"]), cell(b["minimum"]),
               cell(b["median"]), cell(b["maximum"]));
}

void print_facts(const Json& metadata) {
  const Json images = metadata.is_object() ? metadata.value("images", Json()) : Json();
  if (images.is_object())
    for (const char* key : {"layout", "bands", "matched_by", "zeropoint", "shape", "unit"})
      if (images.contains(key) && !images[key].is_null())
        fmt::print("images: {} {}\n", key, images[key].is_string() ? cell(images[key]) : images[key].dump());
  for (const char* part : {"table", "images"}) {
    const Json facts = metadata.is_object() ? metadata.value(part, Json()) : Json();
    if (!facts.is_object()) continue;
    if (facts.value("simulated", false)) fmt::print("SIMULATED: its header says so\n");
    for (const Json& note : facts.value("notes", Json::array())) fmt::print("note: {}\n", cell(note));
  }
}

void print_rows(const Json& report, const std::string& list) {
  const auto count = [&](const char* key, const char* words) { fmt::print("{:<32} {}\n", words, cell(report[key])); };
  count("rows", "rows");
  count("missing_file", "lack their file");
  count("unreadable", "cannot be read");
  count("missing_band", "lack a band");
  count("missing_pixels", "lack > 10 % of a band");
  count("missing_value", "lack a value of the run file's");
  if (report["repeated_ids"].is_null()) {
    fmt::print("{:<32} not looked for: no data.id\n", "repeated ids");
  } else {
    count("repeated_ids", "ids in several rows");
    count("rows_of_repeated_ids", "rows of these ids");
  }
  for (const Json& bad : report["first_bad"])
    fmt::print("row {} (the first is 0): {}: {}\n", cell(bad["row"]), cell(bad["problem"]), cell(bad["words"]));
  const auto shown = static_cast<int64_t>(report["first_bad"].size());
  if (report["bad_rows"].get<int64_t>() > shown && list.empty())
    fmt::print("... {} bad rows in all; --list NAME.ecsv writes them\n", cell(report["bad_rows"]));
  if (!list.empty()) fmt::print("{} bad rows: {}\n", cell(report["bad_rows"]), list);
}

}  // namespace

int scan(const ScanOptions& options) {
  const Data data = open_data(options.path, "", true);
  remove_on_signal(options.list);
  const Json report =
      scan_watched(data.source.get(), options_of(data, options).dump(), About{.input = true, .output = options.list});
  if (options.json) {
    fmt::print("{}\n", report.dump());
    return kDone;
  }
  fmt::print("{}\n", cell(report["uri"]));
  print_facts(report["metadata"]);
  print_columns(report["columns"]);
  print_bands(report);
  for (const Json& name : report["not_scanned"])
    fmt::print("{:<24} not scanned: its rows differ in shape\n", cell(name));
  if (const Json& dust = report["extinction"]; !dust.is_null())
    fmt::print("median {}/{} {:.4g} in {} rows: {}\n", cell(dust["band"]), cell(dust["ebv"]),
               dust["median_ratio"].get<double>(), cell(dust["rows"]), cell(dust["set"]));
  print_rows(report, options.list);
  return kDone;
}

}  // namespace clq::cli
