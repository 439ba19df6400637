// tests/core/train/inputs_picture.test.cpp -- images for TensorBoard: their layout, their limits, their memory.
// SPDX-License-Identifier: BSD-3-Clause
#include "train/inputs_picture.hpp"

#include <gtest/gtest.h>

#include "base/philox.hpp"
#include "data/array_source.hpp"
#include "event_records.hpp"
#include "toy.hpp"

namespace clq {
namespace {

std::vector<float> noise(int64_t n, uint32_t key) {
  std::vector<float> values;
  for (uint32_t i = 0; values.size() < static_cast<size_t>(n); ++i)
    values.push_back(static_cast<float>(philox_uniform(philox(key, {i, 0, 0, 0})[0])));
  return values;
}

Picture picture_of(const ImageView& image) {
  std::vector<Stretch> stretches;
  for (int64_t b = 0; b < image.bands; ++b) stretches.push_back(choose_stretch(image.band(b)));
  return bands_picture(image, stretches);
}

void expect_equal(const Picture& seen, int64_t top, const Picture& wanted) {
  ASSERT_EQ(seen.width(), wanted.width());
  for (int64_t y = 0; y < wanted.height(); ++y)
    for (int64_t x = 0; x < wanted.width(); ++x)
      ASSERT_EQ(seen.at(x, top + y), wanted.at(x, y)) << "x " << x << ", y " << y << " below " << top;
}

TEST(InputsPicture, HasOneImageBelowTheOther) {
  InputsPicture picture({2, 40, 30}, 2);
  const std::vector<float> first = noise(2400, 1), second = noise(2400, 2);
  picture.add(first);
  picture.add(second);
  const Picture one = picture_of({first, 2, 40, 30});
  EXPECT_EQ(picture.picture().height(), 2 * one.height());
  expect_equal(picture.picture(), 0, one);
  expect_equal(picture.picture(), one.height(), picture_of({second, 2, 40, 30}));
}

TEST(InputsPicture, ShowsEveryThirdPixelOf600) {
  const int64_t height = 600, width = 599;
  const std::vector<float> pixels = noise(height * width, 3);
  InputsPicture picture({1, height, width}, 1);
  picture.add(pixels);
  std::vector<float> thin;
  for (int64_t y = 0; y < height; y += 3)
    for (int64_t x = 0; x < width; x += 3) thin.push_back(pixels[static_cast<size_t>(y * width + x)]);
  expect_equal(picture.picture(), 0, picture_of({thin, 1, 200, 200}));
}

TEST(InputsPicture, IsSmallWhateverTheImages) {
  for (const Shape& sample : {Shape{5, 4096, 4096}, Shape{2000, 257, 3}, Shape{9, 1, 100000}, Shape{1, 191, 191}}) {
    const InputsPicture picture(sample, 4);
    EXPECT_LE(picture.picture().height(), 4 * 384);
    EXPECT_LE(picture.picture().width(), 16 * 388);
    EXPECT_LT(picture_bytes(sample, 4), 300 << 20);
  }
}

// Noise is what packs worst, at every magnification.
TEST(InputsPicture, TakesNoMoreMemoryThanItSays) {
  for (const Shape& sample : {Shape{5, 16, 16}, Shape{5, 64, 64}, Shape{2, 100, 90}, Shape{1, 256, 256}}) {
    InputsPicture picture(sample, 4);
    for (uint32_t row = 0; row < 4; ++row) picture.add(noise(element_count(sample), row));
    const Picture& seen = picture.picture();
    const auto packed = static_cast<int64_t>(seen.png().size());
    EXPECT_LE(3 * seen.width() * seen.height() + 8 * packed, picture_bytes(sample, 4)) << to_string(sample);
  }
}

// 400 pixels on a side would be a picture of 400 x 1600.
TEST(InputsPicture, OfATrainingOnLargeImagesIsThinnedOutAndCounted) {
  const int64_t rows = 24, side = 400;
  const std::vector<float> images = noise(rows * side * side, 4), y = noise(rows, 5);
  ArraySource arrays(rows);
  arrays.add("images", images.data(), {CLQ_F32, {1, side, side}}, false);
  arrays.add("Y", y.data(), {CLQ_F32, {}}, false);
  Json run = toy::run();
  run["data"] = {{"target", "Y"}};
  run["model"]["layer"] = {{{"use", "avg_pool"}, {"kernel", 40}, {"from", "input.images"}},
                           {{"use", "flatten"}},
                           {{"use", "dense"}}};
  toy::set(run, "/train/epochs", 1);
  const toy::Folder folder;
  const auto trainer = toy::trainer(run, arrays.open(), folder.path());
  toy::finish(*trainer);
  const auto image = toy::events_in(folder.path()).at(1).images.at("inputs/images");
  EXPECT_EQ(image.width, 200);
  EXPECT_EQ(image.height, 4 * 200);
  const Json parts = Json::parse(toy::read_text(folder.file("run.json"))).at("memory").at("parts");
  EXPECT_GE(parts.at("events").get<int64_t>(),
            3 * image.width * image.height + 8 * static_cast<int64_t>(image.png.size()) + 2 * 4 * side * side);
}

}  // namespace
}  // namespace clq
