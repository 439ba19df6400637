// tests/plugins/fits/dump_images.cpp -- images as the source gives them, read in random order by several threads.
// SPDX-License-Identifier: BSD-3-Clause
//
// dump_fits_images CATALOGUE OPTIONS READERS SEED OUT
// Reads every row once, in an order drawn from SEED, by READERS threads of one source, and writes [rows, bands, y, x]
// as F32 in the order of the catalogue. Prints the shape and the metadata.
#include <algorithm>
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <numeric>
#include <random>
#include <thread>

#include "table_harness.hpp"

using namespace clq::test;

namespace {

constexpr size_t kBatch = 7;

// Each thread claims the next few rows of the order.
void read_part(const Source& source, const std::vector<int64_t>& order, std::atomic<size_t>& next, float* all) {
  const uint32_t field = source.index("images");
  const int64_t elements = elements_of(source.info.fields[field].sample);
  Reader reader(source, {field});
  for (size_t first = next.fetch_add(kBatch); first < order.size(); first = next.fetch_add(kBatch)) {
    const size_t n = std::min(kBatch, order.size() - first);
    const auto begin = order.begin() + static_cast<long>(first);
    const std::vector<int64_t> rows(begin, begin + static_cast<long>(n));
    std::vector<float> batch(n * static_cast<size_t>(elements));
    const clq_slot slot = make_slot(source.info.fields[field], field, CLQ_F32, batch.data(),
                                    static_cast<int64_t>(batch.size() * 4));
    if (reader.read(rows, {slot}) != CLQ_OK) std::exit((std::fprintf(stderr, "%s\n", error_text().c_str()), 3));
    for (size_t i = 0; i < n; ++i)
      std::copy_n(batch.data() + static_cast<int64_t>(i) * elements, elements, all + rows[i] * elements);
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 6) return std::fprintf(stderr, "usage: dump_fits_images CATALOGUE OPTIONS READERS SEED OUT\n"), 2;
  const Plugin plugin("clq_fits");
  const Source source(plugin, argv[1], argv[2]);
  if (source.status != CLQ_OK) return std::fprintf(stderr, "%s\n", source.error.c_str()), 3;
  std::vector<int64_t> order(static_cast<size_t>(source.info.n_samples));
  std::iota(order.begin(), order.end(), 0);
  std::shuffle(order.begin(), order.end(), std::mt19937(static_cast<uint32_t>(std::atoi(argv[4]))));
  const clq_tensor_desc& sample = source.field("images").sample;
  std::vector<float> all(order.size() * static_cast<size_t>(elements_of(sample)));
  std::atomic<size_t> next{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < std::atoi(argv[3]); ++i)
    threads.emplace_back([&] { read_part(source, order, next, all.data()); });
  for (std::thread& thread : threads) thread.join();
  std::ofstream(argv[5], std::ios::binary)
      .write(reinterpret_cast<const char*>(all.data()), static_cast<std::streamsize>(all.size() * 4));
  std::printf("%zu %lld %lld %lld\n%s\n", order.size(), static_cast<long long>(sample.dims[0]),
              static_cast<long long>(sample.dims[1]), static_cast<long long>(sample.dims[2]),
              source.info.metadata_json);
  return 0;
}
