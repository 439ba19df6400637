// tests/plugins/fits/read_rate.cpp -- rows a second of one reader: bench_fits_read TABLE [COLUMNS] [BATCH].
// SPDX-License-Identifier: BSD-3-Clause
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
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

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) return std::fprintf(stderr, "usage: bench_fits_read TABLE [COLUMNS] [BATCH]\n"), 2;
  const std::string uri = argv[1];
  const Plugin plugin(uri.ends_with(".fits") ? "clq_fits" : "clq_csv");
  const Source source(plugin, uri);
  if (source.status != CLQ_OK) return std::fprintf(stderr, "%s\n", source.error.c_str()), 1;
  const size_t columns = argc > 2 ? std::strtoul(argv[2], nullptr, 10) : 11;
  const size_t batch = argc > 3 ? std::strtoul(argv[3], nullptr, 10) : 256;
  for (const bool random : {false, true})
    std::printf("%s order: %.3g rows/s of %zu columns\n", random ? "random" : "file",
                rows_per_second(source, columns, batch, random), columns);
  return 0;
}
