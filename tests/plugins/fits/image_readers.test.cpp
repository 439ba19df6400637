// tests/plugins/fits/image_readers.test.cpp -- several readers of the same images, and the files they hold open.
// SPDX-License-Identifier: BSD-3-Clause
#include <algorithm>
#include <atomic>
#include <numeric>
#include <random>
#include <thread>

#include <fitsio.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "image_files.hpp"

namespace clq::test {
namespace {

constexpr int64_t kRows = 150;

class FitsImageReaders : public testing::Test {
 protected:
  FitsImageReaders() {
    CatalogueSpec spec;
    spec.objects.resize(kRows);
    std::iota(spec.objects.begin(), spec.objects.end(), 0);
    catalogue = write_objects(folder, "cat.fits", spec);
  }
  void write_files(int compression) const {
    for (int64_t k = 0; k < kRows; ++k) {
      ImageSpec spec;
      spec.bitpix = 16;
      spec.objects = {k};
      spec.compression = compression;
      write_images(folder, std::to_string(100 + k) + ".fits", {spec});
    }
  }
  std::vector<int64_t> shuffled(unsigned seed) const {
    std::vector<int64_t> rows(kRows);
    std::iota(rows.begin(), rows.end(), 0);
    std::shuffle(rows.begin(), rows.end(), std::mt19937(seed));
    return rows;
  }
  const Folder folder;
  std::string catalogue;
};

// Rows in an order of the thread's own; adds the wrong ones.
void read_all(const Source& source, const std::vector<int64_t>& rows, std::atomic<int>& wrong) {
  const uint32_t field = source.index("images");
  Reader reader(source, {field});
  std::vector<float> pixels(60);
  const clq_slot slot = make_slot(source.field("images"), field, CLQ_F32, pixels.data(), 240);
  for (const int64_t row : rows)
    if (reader.read({row}, {slot}) != CLQ_OK || pixels != expected(row)) ++wrong;
}

TEST_F(FitsImageReaders, ReadTheSameInRandomOrder) {
  ImageSpec cube;
  cube.bitpix = 32;
  cube.objects = shuffled(0);
  std::sort(cube.objects.begin(), cube.objects.end());
  write_images(folder, "cube.fits", {cube});
  cube.compression = RICE_1;
  write_images(folder, "rice.fits", {cube});
  write_files(GZIP_2);
  for (const char* pattern : {"cube.fits", "rice.fits", "{ID}.fits"}) {
    const Source source(fits(), catalogue, options_of(folder, pattern));
    ASSERT_EQ(source.status, CLQ_OK) << source.error;
    std::atomic<int> wrong{0};
    std::vector<std::thread> threads;
    for (unsigned seed = 0; seed < 4; ++seed)
      threads.emplace_back([&, seed] { read_all(source, shuffled(seed), wrong); });
    for (std::thread& thread : threads) thread.join();
    EXPECT_EQ(wrong, 0) << pattern;
  }
}

TEST_F(FitsImageReaders, HoldAFewFilesAndLeaveNone) {
  const int before = open_files();
  for (const int compression : {0, RICE_1}) {
    write_files(compression);
    const Source source(fits(), catalogue, options_of(folder, "{ID}.fits"));
    const uint32_t field = source.index("images");
    std::vector<float> pixels(60 * kRows);
    const clq_slot slot = make_slot(source.field("images"), field, CLQ_F32, pixels.data(), 240 * kRows);
    {
      Reader reader(source, {field});
      ASSERT_EQ(reader.read(shuffled(1), {slot}), CLQ_OK) << error_text();
      // 64 files, two descriptors each where cfitsio reads them; the catalogue
      EXPECT_LE(open_files() - before, compression == 0 ? 64 + 3 : 128 + 3);
      EXPECT_GT(open_files() - before, 60);
    }
    EXPECT_LE(open_files() - before, 1);
  }
  EXPECT_EQ(open_files(), before);
}

TEST_F(FitsImageReaders, ShareTheLimitOfTheProcess) {
  write_files(RICE_1);
  rlimit old{};
  ::getrlimit(RLIMIT_NOFILE, &old);
  const int before = open_files();
  const rlimit small{static_cast<rlim_t>(before + 40), old.rlim_max};
  ::setrlimit(RLIMIT_NOFILE, &small);
  {
    const Source source(fits(), catalogue, options_of(folder, "{ID}.fits"));
    std::atomic<int> wrong{0};
    read_all(source, shuffled(2), wrong);
    EXPECT_EQ(wrong, 0) << error_text();
  }
  ::setrlimit(RLIMIT_NOFILE, &old);
}

TEST_F(FitsImageReaders, GiveColumnsAndImagesInOneCall) {
  write_files(0);
  const Source source(fits(), catalogue, options_of(folder, "{ID}.fits"));
  const uint32_t id = source.index("ID"), images = source.index("images");
  Reader reader(source, {images, id});
  std::vector<int64_t> ids(4);
  std::vector<float> pixels(4 * 60);
  const std::vector<int64_t> rows = {7, 8, 9, 2};
  const std::vector<clq_slot> slots = {make_slot(source.field("images"), images, CLQ_F32, pixels.data(), 960),
                                       make_slot(source.field("ID"), id, CLQ_I64, ids.data(), 32)};
  ASSERT_EQ(reader.read(rows, slots), CLQ_OK) << error_text();
  EXPECT_THAT(ids, testing::ElementsAre(107, 108, 109, 102));
  EXPECT_EQ(std::vector<float>(pixels.begin() + 180, pixels.end()), expected(2));
  std::filesystem::remove(folder.path("109.fits"));
  uint32_t n_done = 0;
  Reader fresh(source, {images, id});
  EXPECT_EQ(fresh.read(rows, slots, &n_done), CLQ_E_DATA);
  EXPECT_EQ(n_done, 2u);
}

int32_t CLQ_CALL now(const clq_read*) { return 1; }

TEST_F(FitsImageReaders, StopWhenCancelled) {
  write_files(0);
  const Source source(fits(), catalogue, options_of(folder, "{ID}.fits"));
  const uint32_t field = source.index("images");
  Reader reader(source, {field});
  std::vector<float> pixels(120);
  const clq_slot slot = make_slot(source.field("images"), field, CLQ_F32, pixels.data(), 480);
  EXPECT_EQ(reader.read({0, 1}, {slot}, nullptr, now), CLQ_E_CANCELLED);
}

}  // namespace
}  // namespace clq::test
