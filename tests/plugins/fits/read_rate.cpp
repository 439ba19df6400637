// tests/plugins/fits/read_rate.cpp -- rows a second of one reader.
// SPDX-License-Identifier: BSD-3-Clause
//
// bench_fits_read TABLE [COLUMNS] [BATCH]   rows a second, in file order and in random order
// bench_fits_read CATALOGUE OPTIONS         images a second of CPU time, in random order; OPTIONS: JSON, as to open
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <numeric>
#include <random>

#include "table_harness.hpp"

using namespace clq::test;

namespace {

double rows_per_second(const Source& source, size_t n_columns, size_t batch, bool random) {
  std::vector<uint32_t> fields(n_columns);
  std::iota(fields.begin(), fields.end(), 1U);  // the first is the id
  std::vector<float> matrix(batch * n_columns);
  std::vector<clq_slot> slots;
  for (size_t c = 0; c < n_columns; ++c)
    slots.push_back(make_slot(source.info.fields[fields[c]], fields[c], CLQ_F32, &matrix[c],
                              static_cast<int64_t>((matrix.size() - c) * 4), static_cast<int64_t>(4 * n_columns)));
  std::vector<int64_t> rows(static_cast<size_t>(source.info.n_samples));
  std::iota(rows.begin(), rows.end(), 0);
  if (random) std::shuffle(rows.begin(), rows.end(), std::mt19937(1));
  Reader reader(source, fields);
  const auto start = std::chrono::steady_clock::now();
  double seconds = 0;
  int64_t done = 0;
  while (seconds < 1) {
    for (size_t first = 0; first + batch <= rows.size(); first += batch, done += static_cast<int64_t>(batch)) {
      const std::vector<int64_t> part(rows.begin() + static_cast<long>(first),
                                      rows.begin() + static_cast<long>(first + batch));
      if (reader.read(part, slots) != CLQ_OK) std::exit((std::fprintf(stderr, "%s\n", error_text().c_str()), 1));
    }
    seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  }
  return static_cast<double>(done) / seconds;
}

double cpu_seconds() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

// The best of four passes over all rows.
int print_image_rate(const Source& source) {
  const uint32_t field = source.index("images");
  const int64_t elements = elements_of(source.info.fields[field].sample);
  std::vector<float> pixels(static_cast<size_t>(elements));
  const clq_slot slot = make_slot(source.info.fields[field], field, CLQ_F32, pixels.data(), elements * 4);
  std::vector<int64_t> rows(static_cast<size_t>(source.info.n_samples));
  std::iota(rows.begin(), rows.end(), 0);
  std::shuffle(rows.begin(), rows.end(), std::mt19937(1));
  Reader reader(source, {field});
  double least = 0, most = 0;
  for (int pass = 0; pass < 4; ++pass) {
    const double start = cpu_seconds();
    for (const int64_t row : rows)
      if (reader.read({row}, {slot}) != CLQ_OK) return std::fprintf(stderr, "%s\n", error_text().c_str()), 1;
    const double rate = static_cast<double>(rows.size()) / (cpu_seconds() - start);
    least = pass == 0 ? rate : std::min(least, rate);
    most = std::max(most, rate);
  }
  std::printf("%.0f - %.0f images a CPU-second\n", least, most);
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) return std::fprintf(stderr, "usage: bench_fits_read TABLE [COLUMNS] [BATCH] | CATALOGUE OPTIONS\n"), 2;
  const std::string uri = argv[1];
  const Plugin plugin(uri.ends_with(".fits") ? "clq_fits" : "clq_csv");
  const bool with_images = argc > 2 && argv[2][0] == '{';
  const Source source(plugin, uri, with_images ? argv[2] : "{}");
  if (source.status != CLQ_OK) return std::fprintf(stderr, "%s\n", source.error.c_str()), 1;
  if (with_images) return print_image_rate(source);
  const size_t columns = argc > 2 ? std::strtoul(argv[2], nullptr, 10) : 11;
  const size_t batch = argc > 3 ? std::strtoul(argv[3], nullptr, 10) : 256;
  for (const bool random : {false, true})
    std::printf("%s order: %.3g rows/s of %zu columns\n", random ? "random" : "file",
                rows_per_second(source, columns, batch, random), columns);
  return 0;
}
