// capi/src/scan.cpp -- a source looked through, and one row of it found and looked at.
// SPDX-License-Identifier: BSD-3-Clause
#include <algorithm>

#include <calanque/calanque.h>

#include "boxes.hpp"
#include "context.hpp"
#include "data/id_reader.hpp"
#include "data/scan.hpp"
#include "guard.hpp"
#include "handles.hpp"
#include "train/look.hpp"
#include "train/scan_list.hpp"

namespace clq::capi {
namespace {

ScanOptions scan_options(const Config& options) {
  ScanOptions scan;
  const auto readers = options.get<int64_t>("readers", 1);
  CLQ_REQUIRE(readers >= 1 && readers <= 1024, "options.readers must be from 1 to 1024, got {}", readers);
  scan.readers = narrow<uint32_t>(readers);
  scan.nulls = options.get<std::vector<double>>("null", {});
  scan.id = options.get<std::string>("id", "");
  scan.used = options.get<std::vector<std::string>>("columns", {});
  return scan;
}

}  // namespace
}  // namespace clq::capi

using namespace clq;
using namespace clq::capi;

clq_status clq_source_find(clq_handle source, const char* id_column, const char* id, int64_t* sample) {
  return guard_status([&]() -> clq_status {
    required(sample, "sample");
    const auto opened = get_handle<SourceBox>(source)->open();
    const std::string wanted = required_text(id, "id");
    const FoundRows found = find_rows(*opened, required_text(id_column, "id_column"), wanted);
    if (found.count == 0 && *id_column == '\0')
      fail(CLQ_E_NOT_FOUND, "{}: there is no row {}, they are 0 to {}", opened->uri(), wanted,
           opened->schema().n_samples - 1);
    if (found.count == 0) fail(CLQ_E_NOT_FOUND, "{}: no row has the id '{}'", opened->uri(), wanted);
    *sample = found.first;
    return static_cast<clq_status>(std::min<int64_t>(found.count - 1, INT32_MAX));
  });
}

clq_status clq_source_scan(clq_handle source, const char* options_json, clq_handle* result) {
  return guard([&] {
    required(result, "result");
    const auto box = get_handle<SourceBox>(source);
    const Config config = parse_options(options_json);
    ScanOptions options = scan_options(config);
    const auto list = config.get<std::string>("list", "");
    config.reject_unknown();
    const auto opened = box->open();
    box->scanned.store(0);
    options.done = &box->scanned;
    const Scan scan = scan_source(*opened, options);
    if (!list.empty()) write_scan_list(scan, *opened, options.id, registry(), list);
    *result = add_handle(std::make_shared<ResultBox>(scan_json(scan, *opened)));
  });
}

clq_status clq_source_scanned(clq_handle source, int64_t* rows) {
  return guard([&] { required(rows, "rows") = get_handle<SourceBox>(source)->scanned.load(); });
}

clq_status clq_source_look(clq_handle source, clq_handle model, int64_t sample, const char* prefix,
                           clq_handle* result) {
  return guard([&] {
    required(result, "result");
    const auto opened = get_handle<SourceBox>(source)->open();
    const auto seen_by = model == 0 ? nullptr : get_handle<ModelBox>(model)->snapshot();
    *result = add_handle(
        std::make_shared<ResultBox>(look(*opened, seen_by.get(), sample, prefix == nullptr ? "" : prefix, registry())));
  });
}
