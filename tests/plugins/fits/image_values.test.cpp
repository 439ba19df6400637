// tests/plugins/fits/image_values.test.cpp -- pixels of every BITPIX, scaled, null and compressed, in every layout.
// SPDX-License-Identifier: BSD-3-Clause
#include <cmath>
#include <limits>

#include <fitsio.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "image_files.hpp"

namespace clq::test {
namespace {

using testing::HasSubstr;

constexpr int kBitpix[] = {8, 16, 32, 64, -32, -64};
const std::vector<int64_t> kOrder = {3, 5, 0};

struct Scaling {
  const char *bscale, *bzero;
  double scale, zero;
};
// The last: unsigned integers by a flipped sign, where the BITPIX has them.
constexpr Scaling kScalings[] = {{"1", "0", 1, 0}, {"0.25", "-3", 0.25, -3}, {"1", "32768", 1, 32768}};

std::vector<float> scaled(const std::vector<int64_t>& objects, const Scaling& scaling) {
  std::vector<float> all;
  for (const int64_t object : objects)
    for (const float stored : expected(object))
      all.push_back(static_cast<float>(static_cast<double>(stored) * scaling.scale + scaling.zero));
  return all;
}

ImageSpec spec_of(int bitpix, const Scaling& scaling, const std::vector<int64_t>& objects) {
  ImageSpec spec;
  spec.bitpix = bitpix;
  spec.objects = objects;
  spec.cards = {{"BSCALE", scaling.bscale}, {"BZERO", scaling.bzero}};
  return spec;
}

TEST(FitsImageValues, OfEveryBitpixAndScalingAreExact) {
  const Folder folder;
  const std::string catalogue = write_objects(folder, "cat.fits");
  for (const int bitpix : kBitpix)
    for (const Scaling& scaling : kScalings) {
      write_images(folder, "cube.fits", {spec_of(bitpix, scaling, {0, 1, 2, 3, 4, 5})});
      for (const int64_t k : {0, 3, 5})
        write_images(folder, std::to_string(100 + k) + ".fits", {spec_of(bitpix, scaling, {k})});
      for (const char* pattern : {"cube.fits", "{ID}.fits"}) {
        const Source source(fits(), catalogue, options_of(folder, pattern));
        EXPECT_EQ(images_of(source, kOrder), scaled(kOrder, scaling)) << bitpix << " " << scaling.bzero << pattern;
      }
    }
}

TEST(FitsImageValues, FillF64AndRefuseIntegers) {
  const Folder folder;
  write_images(folder, "cube.fits", {spec_of(-64, kScalings[1], {0, 1, 2, 3, 4, 5})});
  const Source source(fits(), write_objects(folder, "cat.fits"), options_of(folder, "cube.fits"));
  const std::vector<double> wide = source.values<double>("images", {2}, CLQ_F64);
  EXPECT_EQ(wide[7], 0.25 * static_cast<double>(stored_at(2, 0, 1, 3)) - 3);
  EXPECT_EQ(source.status_of("images", {2}, CLQ_I32), CLQ_E_UNSUPPORTED);
}

TEST(FitsImageValues, ThatAreBlankBecomeNan) {
  const Folder folder;
  const std::string catalogue = write_objects(folder, "cat.fits");
  for (const int compression : {0, RICE_1})
    for (const int bitpix : {8, 16, 32}) {
      ImageSpec spec = spec_of(bitpix, kScalings[1], {0, 1, 2, 3, 4, 5});
      spec.cards.emplace_back(compression == 0 ? "BLANK" : "ZBLANK", "37");
      spec.compression = compression;
      write_images(folder, "cube.fits", {spec});
      const std::vector<float> pixels = images_of(Source(fits(), catalogue, options_of(folder, "cube.fits")), {1});
      size_t nulls = 0;
      for (size_t p = 0; p < pixels.size(); ++p) {
        const bool is_null = expected(1)[p] == 37;
        nulls += is_null;
        EXPECT_EQ(std::isnan(pixels[p]), is_null) << bitpix << " " << p;
      }
      EXPECT_GT(nulls, 0u);
    }
}

TEST(FitsImageValues, OfFloatsIgnoreBlankAndKeepNan) {
  const Folder folder;
  ImageSpec spec;
  spec.objects = {0, 1, 2, 3, 4, 5};
  spec.cards = {{"BLANK", "37"}};
  const std::string path = write_images(folder, "cube.fits", {spec});
  int status = 0;
  fitsfile* file = nullptr;
  float nan = std::numeric_limits<float>::quiet_NaN();
  fits_open_diskfile(&file, path.c_str(), READWRITE, &status);
  fits_write_img(file, TFLOAT, 2, 1, &nan, &status);
  fits_close_file(file, &status);
  ASSERT_EQ(status, 0);
  const Source source(fits(), write_objects(folder, "cat.fits"), options_of(folder, "cube.fits"));
  const std::vector<float> pixels = images_of(source, {0, 1});
  EXPECT_TRUE(std::isnan(pixels[1]));
  EXPECT_EQ(pixels[60], 37.0F);
  EXPECT_THAT(source.info.metadata_json, HasSubstr("BLANK is ignored: the pixels are floats"));
}

TEST(FitsImageValues, BeyondF32NameThePixel) {
  const Folder folder;
  ImageSpec spec = spec_of(-64, {"1e300", "0", 1e300, 0}, {0, 1, 2, 3, 4, 5});
  write_images(folder, "cube.fits", {spec});
  const Source source(fits(), write_objects(folder, "cat.fits"), options_of(folder, "cube.fits"));
  const Outcome outcome = outcome_of(source, {1});  // all but 0 are beyond
  EXPECT_EQ(outcome.status, CLQ_E_DATA);
  EXPECT_THAT(outcome.words, HasSubstr("row 2, "));
  EXPECT_THAT(outcome.words, HasSubstr("pixel (1, 1) of plane 1: 3.7e+301 does not fit F32"));
}

struct Tiles {
  int compression, bitpix;
};

TEST(FitsImageValues, OfCompressedTilesAreExact) {
  const Folder folder;
  const std::string catalogue = write_objects(folder, "cat.fits");
  // RICE keeps integers; floats are kept by the lossless methods.
  const Tiles cases[] = {{RICE_1, 8},  {RICE_1, 16}, {RICE_1, 32},  {GZIP_1, 16},  {GZIP_1, -32},
                         {GZIP_2, 8},  {GZIP_2, 16}, {GZIP_2, 32},  {GZIP_2, -32}, {GZIP_2, -64}};
  for (const auto& [compression, bitpix] : cases) {
    ImageSpec spec = spec_of(bitpix, kScalings[0], {0, 1, 2, 3, 4, 5});
    spec.cards.clear();
    spec.compression = compression;
    write_images(folder, "cube.fits", {spec});
    for (const int64_t k : {0, 3, 5}) {
      spec.objects = {k};
      write_images(folder, std::to_string(100 + k) + ".fits", {spec});
    }
    for (const char* pattern : {"cube.fits", "{ID}.fits"}) {
      const Source source(fits(), catalogue, options_of(folder, pattern));
      EXPECT_EQ(images_of(source, kOrder), scaled(kOrder, kScalings[0])) << compression << " " << bitpix << pattern;
    }
    const Source cropped(fits(), catalogue, options_of(folder, "cube.fits", R"("crop": 3)"));
    const std::vector<float> pixels = images_of(cropped, {5});
    const std::vector<float> first(pixels.begin(), pixels.begin() + 9);
    EXPECT_EQ(first, expected_centre(5, 0, kHeight, kWidth, 3));
  }
}

TEST(FitsImageValues, OfQuantisedFloatsAreWhatCfitsioReads) {
  const Folder folder;
  ImageSpec spec;
  spec.objects = {0, 1, 2, 3, 4, 5};
  spec.compression = RICE_1;
  const std::string path = write_images(folder, "cube.fits", {spec});
  std::vector<float> all(6 * 60);
  int status = 0, any = 0;
  fitsfile* file = nullptr;
  fits_open_diskfile(&file, path.c_str(), READONLY, &status);
  fits_movabs_hdu(file, 2, nullptr, &status);
  long first[] = {1, 1, 1, 1}, last[] = {kWidth, kHeight, kBands, kObjects}, step[] = {1, 1, 1, 1};
  fits_read_subset(file, TFLOAT, first, last, step, nullptr, all.data(), &any, &status);
  fits_close_file(file, &status);
  ASSERT_EQ(status, 0);
  const Source source(fits(), write_objects(folder, "cat.fits"), options_of(folder, "cube.fits"));
  EXPECT_EQ(images_of(source, {0, 1, 2, 3, 4, 5}), all);
}

TEST(FitsImageValues, OfHcompressAreReadOnRequestOnly) {
  const Folder folder;
  const std::string catalogue = write_objects(folder, "cat.fits");
  ImageSpec spec = spec_of(16, kScalings[0], {0});
  spec.cards.clear();
  spec.bands = {1};
  spec.compression = HCOMPRESS_1;
  spec.height = spec.width = 16;
  for (int64_t k = 0; k < kObjects; ++k) {
    spec.objects = {k};
    write_images(folder, std::to_string(100 + k) + ".fits", {spec});
  }
  const Source refused(fits(), catalogue, options_of(folder, "{ID}.fits"));
  EXPECT_EQ(refused.status, CLQ_E_DATA);
  EXPECT_THAT(refused.error, HasSubstr("is compressed by HCOMPRESS_1"));
  EXPECT_THAT(refused.error, HasSubstr("data.hcompress = true allows it"));
  const Source allowed(fits(), catalogue, options_of(folder, "{ID}.fits", R"("hcompress": true)"));
  EXPECT_EQ(images_of(allowed, {4}), expected(4, {1}, 16, 16));
}

// As astropy writes them: packed without a loss, though ZQUANTIZ does not say NONE.
TEST(FitsImageValues, OfLosslessTilesWhateverZquantizSays) {
  const Folder folder;
  ImageSpec lossless;
  lossless.compression = GZIP_2;
  lossless.cards = {{"ZQUANTIZ", "'NO_DITHER'"}};
  lossless.name = "A";
  write_images(folder, "100.fits", {lossless});
  const Source source(fits(), write_objects(folder, "cat.fits"), options_of(folder, "{ID}.fits"));
  EXPECT_EQ(images_of(source, {0}), expected(0));
}

// cfitsio would take the second band for lossless floats, as the first is.
TEST(FitsImageValues, OfTilesDoNotDependOnOtherTiles) {
  const Folder folder;
  ImageSpec lossless, levels;
  lossless.bands = {0};
  lossless.name = "g";
  lossless.compression = GZIP_1;
  levels.bitpix = 16;
  levels.bands = {1};
  levels.name = "r";
  levels.compression = RICE_1;
  levels.cards = {{"ZQUANTIZ", "'NO_DITHER'"}};
  write_images(folder, "100.fits", {lossless, levels});
  const Source source(fits(), write_objects(folder, "cat.fits"),
                      options_of(folder, "{ID}.fits", R"("bands": ["g", "r"])"));
  EXPECT_EQ(images_of(source, {0}), expected(0, {0, 1}));
}

}  // namespace
}  // namespace clq::test
