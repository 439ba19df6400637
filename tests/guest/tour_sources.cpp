// tests/guest/tour_sources.cpp -- arrays of the host, tables written of them, scans, looks.
// SPDX-License-Identifier: BSD-3-Clause
#include "tour.hpp"

namespace clq::guest {
namespace {

const int64_t kImage[] = {kBands, kSide, kSide};

void use_arrays(Tour& tour, clq_handle source) {
  char* text = tour.text.data();
  const int64_t rows[] = {5, 0, kRows - 1}, beyond[] = {kRows};
  double y[3];
  int64_t n = 0;
  int32_t dtype = 0;
  GOOD(clq_source_count, source, &n);
  BAD(clq_source_count, source, nullptr);
  BAD(clq_source_add, source, "", tour.arrays.a.data(), CLQ_F32, 0, nullptr, 1);
  GOOD(clq_source_describe, source, text, tour.room);
  BAD(clq_source_describe, 12345, text, tour.room);
  BAD(clq_source_add, source, "late", tour.arrays.a.data(), CLQ_F32, 0, nullptr, 1);
  GOOD(clq_source_locate, source, 3, text, tour.room);
  BAD(clq_source_locate, source, kRows, text, tour.room);
  GOOD(clq_source_dtype, source, "y", &dtype);
  BAD(clq_source_dtype, source, "z", &dtype);
  GOOD(clq_source_read, source, rows, 3, "y", y, static_cast<int64_t>(sizeof y));
  BAD(clq_source_read, source, beyond, 1, "y", y, 8);
  BAD(clq_source_read, source, rows, 3, "z", y, static_cast<int64_t>(sizeof y));
  GOOD(clq_source_find, source, "nr", "1000000007", &n);
  BAD(clq_source_find, source, "nr", "5", &n);
  GOOD(clq_order_at, 7, 1, kRows, 5, &n);
  BAD(clq_order_at, 7, 1, kRows, kRows, &n);
}

void scan(Tour& tour, clq_handle source) {
  clq_handle result = 0;
  int64_t rows = 0;
  const std::string options =
      R"({"readers": 2, "id": "nr", "columns": ["a", "b"], "list": ")" + tour.file("bad.csv") + "\"}";
  GOOD(clq_source_scan, source, options.c_str(), &result);
  BAD(clq_source_scan, source, R"({"reader": 2})", &result);
  GOOD(clq_source_scanned, source, &rows);
  BAD(clq_source_scanned, source, nullptr);
  GOOD(clq_result_text, result, tour.text.data(), tour.room);
  BAD(clq_result_text, source, tour.text.data(), tour.room);
  GOOD(clq_result_close, result);
  GOOD(clq_result_close, result);
}

void look(Tour& tour, clq_handle source) {
  clq_handle result = 0;
  GOOD(clq_source_look, source, 0, 2, tour.file("look").c_str(), &result);
  GOOD(clq_result_close, result);
  BAD(clq_source_look, source, 0, 2, "/nowhere/look", &result);
  BAD(clq_source_look, source, 0, kRows, nullptr, &result);
}

void write_tables(Tour& tour, clq_handle source) {
  const char* columns = R"({"fields": ["nr", "a", "b", "y"]})";
  GOOD(clq_source_write, source, tour.file("table.csv").c_str(), columns);
  if (tour.has("data-source fits")) {
    GOOD(clq_source_write, source, tour.file("table.fits").c_str(), columns);
    GOOD(clq_source_write, source, tour.file("images.fits").c_str(), nullptr);
    BAD(clq_source_write, source, "/nowhere/table.fits", nullptr);
  }
  BAD(clq_source_write, source, "/nowhere/table.csv", columns);
  BAD(clq_source_write, source, tour.file("table.vot").c_str(), nullptr);
}

void open_tables(Tour& tour) {
  clq_handle config = 0, source = 0, none = 0;
  for (const char* name : {"table.csv", "table.fits", "images.fits"}) {
    if (!tour.has("data-source fits") && std::string(name).ends_with(".fits")) continue;
    GOOD(clq_source_open, tour.file(name).c_str(), nullptr, &source);
    scan(tour, source);
    look(tour, source);
    GOOD(clq_source_close, source);
  }
  BAD(clq_source_open, "/nowhere/table.csv", nullptr, &none);
  BAD(clq_source_open, tour.file("run.toml").c_str(), R"({"nul": [1]})", &none);
  GOOD(clq_config_load, tour.file("run.toml").c_str(), &config);
  BAD(clq_source_from_config, config, &none);
  GOOD(clq_config_set, config, "data.catalog", tour.file("table.csv").c_str());
  GOOD(clq_source_from_config, config, &source);
  GOOD(clq_source_close, source);
  GOOD(clq_source_close, source);
  GOOD(clq_config_close, config);
}

}  // namespace

clq_handle source_of(Tour& tour, Network network) {
  const Arrays& arrays = tour.arrays;
  clq_handle source = 0;
  GOOD(clq_source_create, kRows, &source);
  GOOD(clq_source_add, source, "nr", arrays.nr.data(), CLQ_I64, 0, nullptr, 1);
  GOOD(clq_source_add, source, "a", arrays.a.data(), CLQ_F32, 0, nullptr, 1);
  GOOD(clq_source_add, source, "b", arrays.b.data(), CLQ_F32, 0, nullptr, 0);
  GOOD(clq_source_add, source, "y", arrays.y.data(), CLQ_F64, 0, nullptr, 1);
  if (network == Network::images) GOOD(clq_source_add, source, "images", arrays.images.data(), CLQ_F32, 3, kImage, 1);
  return source;
}

void tour_sources(Tour& tour) {
  clq_handle none = 0;
  BAD(clq_source_create, 0, &none);
  const clq_handle source = source_of(tour, Network::images);
  use_arrays(tour, source);
  scan(tour, source);
  look(tour, source);
  write_tables(tour, source);
  GOOD(clq_source_close, source);
  open_tables(tour);
}

}  // namespace clq::guest
