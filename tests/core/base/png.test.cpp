// tests/core/base/png.test.cpp -- checksums by known vectors, pictures read back by libpng.
// SPDX-License-Identifier: BSD-3-Clause
#include "base/png.hpp"

#include <gtest/gtest.h>
#include <png.h>

#include <calanque/core/error.hpp>

#include "base/crc32c.hpp"

namespace clq::test {
namespace {

// RFC 3720, B.4.
TEST(Crc32c, HasTheValuesOfItsDefinition) {
  EXPECT_EQ(crc32c(""), 0u);
  EXPECT_EQ(crc32c("123456789"), 0xe3069283u);
  EXPECT_EQ(crc32c(std::string(32, '\0')), 0x8a9136aau);
  EXPECT_EQ(crc32c(std::string(32, '\xff')), 0x62a8ab43u);
  std::string ascending;
  for (char c = 0; c < 32; ++c) ascending += c;
  EXPECT_EQ(crc32c(ascending), 0x46dd794eu);
}

struct Read {
  int64_t width = 0, height = 0;
  std::vector<Colour> pixels;
};

Read read_back(const std::string& file) {
  png_image image{};
  image.version = PNG_IMAGE_VERSION;
  EXPECT_NE(png_image_begin_read_from_memory(&image, file.data(), file.size()), 0) << image.message;
  image.format = PNG_FORMAT_RGB;
  Read read{image.width, image.height, std::vector<Colour>(size_t{image.width} * image.height)};
  EXPECT_NE(png_image_finish_read(&image, nullptr, read.pixels.data(), 0, nullptr), 0) << image.message;
  return read;
}

TEST(Png, GivesBackEveryPixel) {
  Picture picture(37, 11);
  for (int64_t y = 0; y < 11; ++y)
    for (int64_t x = 0; x < 37; ++x)
      picture.at(x, y) = {static_cast<uint8_t>(x * 7), static_cast<uint8_t>(y * 23), static_cast<uint8_t>(x * y)};
  const Read read = read_back(picture.png());
  ASSERT_EQ(read.width, 37);
  ASSERT_EQ(read.height, 11);
  for (int64_t y = 0; y < 11; ++y)
    for (int64_t x = 0; x < 37; ++x)
      ASSERT_EQ(read.pixels[static_cast<size_t>(y * 37 + x)], picture.at(x, y)) << x << "," << y;
}

TEST(Png, HoldsNoiseThatDoesNotCompress) {
  Picture picture(64, 64);
  uint32_t state = 1;
  for (int64_t y = 0; y < 64; ++y)
    for (int64_t x = 0; x < 64; ++x)
      for (uint8_t& channel : picture.at(x, y))
        channel = static_cast<uint8_t>((state = state * 1664525u + 1013904223u) >> 24);
  const Read read = read_back(picture.png());
  for (int64_t i = 0; i < 64 * 64; ++i) ASSERT_EQ(read.pixels[static_cast<size_t>(i)], picture.at(i % 64, i / 64));
}

TEST(Png, PastesWhatFits) {
  Picture picture(4, 3, {9, 9, 9});
  picture.paste(Picture(3, 3, {1, 2, 3}), 2, 1);
  EXPECT_EQ(picture.at(1, 1), (Colour{9, 9, 9}));
  EXPECT_EQ(picture.at(2, 1), (Colour{1, 2, 3}));
  EXPECT_EQ(picture.at(3, 2), (Colour{1, 2, 3}));
}

TEST(Png, RefusesAPictureWithoutPixelsOrOfTooMany) {
  EXPECT_THROW(Picture(0, 3), Error);
  EXPECT_THROW(Picture(int64_t{1} << 40, int64_t{1} << 40), Error);
}

}  // namespace
}  // namespace clq::test
