// tests/plugins/fits/images.test.cpp -- every layout of images, joined to the rows of a catalogue.
// SPDX-License-Identifier: BSD-3-Clause
#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "image_files.hpp"

namespace clq::test {
namespace {

using testing::HasSubstr;
using testing::Not;

const std::vector<int64_t> kOrder = {4, 0, 5, 2};  // any order; two of them neighbours of none

std::vector<float> all_of(const std::vector<int64_t>& objects, const std::vector<int64_t>& bands = {0, 1, 2}) {
  std::vector<float> all;
  for (const int64_t object : objects)
    for (const float pixel : expected(object, bands)) all.push_back(pixel);
  return all;
}

ImageSpec cube(const std::vector<int64_t>& objects = {0, 1, 2, 3, 4, 5}) {
  ImageSpec spec;
  spec.objects = objects;
  spec.name = "IMAGE";
  return spec;
}

ImageSpec one(int64_t object, const std::vector<int64_t>& bands = {0, 1, 2}, const std::string& name = "") {
  ImageSpec spec;
  spec.objects = {object};
  spec.bands = bands;
  spec.name = name;
  return spec;
}

TEST(FitsImages, AreOneFieldBesideTheColumns) {
  const Folder folder;
  const std::string catalogue = write_objects(folder, "cat.fits");
  ImageSpec spec = cube();
  spec.cards = {{"BUNIT", "'nMgy'"}, {"BAND1", "'g'"}, {"BAND2", "'r'"}, {"BAND3", "'i'"}};
  write_images(folder, "cube.fits", {spec});
  const Source source(fits(), catalogue, options_of(folder, "cube.fits[IMAGE]"));
  ASSERT_EQ(source.status, CLQ_OK) << source.error;
  EXPECT_EQ(source.info.n_fields, 6u);
  EXPECT_EQ(source.index("images"), 5u);
  const clq_field& field = source.field("images");
  EXPECT_EQ(field.role, static_cast<uint32_t>(CLQ_ROLE_IMAGE));
  EXPECT_STREQ(field.axes, "cyx");
  EXPECT_STREQ(field.unit, "nMgy");
  EXPECT_EQ(field.sample.dtype, CLQ_F32);
  EXPECT_THAT(std::vector<int64_t>(field.sample.dims, field.sample.dims + 3), testing::ElementsAre(3, kHeight, kWidth));
  EXPECT_THAT(source.info.metadata_json,
              HasSubstr(R"("images":{"layout":"cube","bands":["g","r","i"],"matched_by":"BANDn","shape":[3,5,4],"object_bytes":240)"));
  EXPECT_EQ(source.values<int64_t>("ID", {3}, CLQ_I64)[0], 103);
}

TEST(FitsImages, WithoutTheOptionATableIsWhatItWas) {
  const Folder folder;
  const std::string catalogue = write_objects(folder, "cat.fits");
  const Source source(fits(), catalogue);
  EXPECT_EQ(source.info.n_fields, 5u);
  EXPECT_THAT(source.info.metadata_json, Not(HasSubstr("images")));
  EXPECT_THAT(source.info.metadata_json, Not(HasSubstr("simulated")));
}

TEST(FitsImages, SayWhenTheCatalogueIsSimulated) {
  const Folder folder;
  CatalogueSpec spec;
  spec.cards = {{"SIMULATD", "                   T"}};
  const Source source(fits(), write_objects(folder, "cat.fits", spec));
  EXPECT_THAT(source.info.metadata_json, HasSubstr(R"("simulated":true)"));
}

TEST(FitsImages, OfACubeGoByRow) {
  const Folder folder;
  const std::string catalogue = write_objects(folder, "cat.fits");
  write_images(folder, "cube.fits", {cube()});
  for (const char* name : {"cube.fits", "cube.fits[IMAGE]", "cube.fits[1]"}) {
    const Source source(fits(), catalogue, options_of(folder, name));
    EXPECT_EQ(images_of(source, kOrder), all_of(kOrder)) << name;
    EXPECT_THAT(source.info.metadata_json, HasSubstr(R"("joined_by":"row")"));
  }
}

TEST(FitsImages, OfThreeAxesAreObjectsOfOneBandOrOneObject) {
  const Folder folder;
  ImageSpec spec = cube();
  spec.bands = {1};
  write_images(folder, "cube.fits", {spec});
  const Source objects(fits(), write_objects(folder, "cat.fits"), options_of(folder, "cube.fits", R"("bands": ["r"])"));
  EXPECT_EQ(images_of(objects, kOrder), all_of(kOrder, {1}));
  CatalogueSpec single;
  single.objects = {2};
  write_images(folder, "one.fits", {one(2)});
  const Source bands(fits(), write_objects(folder, "one_row.fits", single), options_of(folder, "one.fits"));
  EXPECT_EQ(images_of(bands, {0}), expected(2));
}

TEST(FitsImages, OfACubeGoByTheIdOfATableBeside) {
  const Folder folder;
  const std::string catalogue = write_objects(folder, "cat.fits");
  CatalogueSpec beside;
  beside.objects = {5, 2, 0, 4, 1};  // not 3
  append_objects(write_images(folder, "cube.fits", {cube(beside.objects)}), beside);
  const Source source(fits(), catalogue, options_of(folder, "cube.fits", R"("id": "ID")"));
  EXPECT_EQ(images_of(source, kOrder), all_of(kOrder));
  EXPECT_THAT(source.info.metadata_json, HasSubstr(R"("joined_by":"ID")"));
  EXPECT_THAT(source.info.metadata_json, HasSubstr("1 of 6 rows have no image"));
  const Outcome absent = outcome_of(source, {1, 3, 0});
  EXPECT_EQ(absent.status, CLQ_E_DATA);
  EXPECT_EQ(absent.n_done, 1u);
  EXPECT_THAT(absent.words, HasSubstr("row 4, "));
  EXPECT_THAT(absent.words, HasSubstr("no image has its ID"));
  EXPECT_THAT(source.locate(0), HasSubstr("cube.fits object 3"));
}

TEST(FitsImages, RefuseACubeThatDoesNotFitTheCatalogue) {
  const Folder folder;
  const std::string catalogue = write_objects(folder, "cat.fits");
  write_images(folder, "cube.fits", {cube({0, 1, 2})});
  const Source few(fits(), catalogue, options_of(folder, "cube.fits"));
  EXPECT_EQ(few.status, CLQ_E_DATA);
  EXPECT_THAT(few.error, HasSubstr("has 3 images, "));
  EXPECT_THAT(few.error, HasSubstr("6 rows; images of some rows need a table beside them"));
  CatalogueSpec twice;
  twice.objects = {1, 2, 1};
  append_objects(folder.path("cube.fits"), twice);
  const Source same(fits(), catalogue, options_of(folder, "cube.fits", R"("id": "ID")"));
  EXPECT_EQ(same.status, CLQ_E_DATA);
  EXPECT_THAT(same.error, HasSubstr("rows 1 and 3 have the same ID"));
}

TEST(FitsImages, OfAColumnAreReadOnceAsImages) {
  const Folder folder;
  CatalogueSpec spec;
  spec.with_images = true;
  spec.cards = {{"BAND1", "'g'"}, {"BAND2", "'r'"}, {"BAND3", "'i'"}, {"ZP1", "22.5"}, {"ZP2", "23"}, {"ZP3", "24"}};
  const std::string own = write_objects(folder, "own.fits", spec);
  for (const char* name : {"own.fits[IMAGE]", "own.fits[1][IMAGE]", "own.fits[CAT][image]"}) {
    const Source source(fits(), own, options_of(folder, name, R"("id": "ID", "bands": ["i", "g"])"));
    EXPECT_EQ(images_of(source, kOrder), all_of(kOrder, {2, 0})) << name;
    EXPECT_EQ(source.info.n_fields, 6u);
    EXPECT_EQ(source.ids(2, 1)[0], 102u);
    EXPECT_THAT(source.info.metadata_json, HasSubstr(R"("layout":"column")"));
    EXPECT_THAT(source.info.metadata_json, HasSubstr(R"("object_bytes":160,)"));
    EXPECT_THAT(source.info.metadata_json, HasSubstr(R"("zeropoint":[24.0,22.5])"));
    EXPECT_THAT(source.locate(3), testing::EndsWith("own.fits[1], row 4"));
  }
}

TEST(FitsImages, OfAColumnWithoutAPathAreTheCatalogues) {
  const Folder folder;
  CatalogueSpec spec;
  spec.with_images = true;
  for (const char* name : {"train.fits", "test.fits"}) {
    const Source source(fits(), write_objects(folder, name, spec), R"({"images": "[CAT][IMAGE]"})");
    EXPECT_EQ(images_of(source, kOrder), all_of(kOrder)) << source.error;
    EXPECT_THAT(source.locate(3), HasSubstr(name));
  }
  const Source none(fits(), folder.path("train.fits"), R"({"images": "[PICTURE]"})");
  EXPECT_THAT(none.error, HasSubstr("train.fits: has no HDU 'PICTURE'"));
}

TEST(FitsImages, OfAnotherTablesColumnGoByRowOrId) {
  const Folder folder;
  const std::string catalogue = write_objects(folder, "cat.fits");
  CatalogueSpec spec;
  spec.with_images = true;
  spec.objects = {5, 4, 3, 2, 1, 0};
  write_objects(folder, "shard.fits", spec);
  const Source by_id(fits(), catalogue, options_of(folder, "shard.fits[1][IMAGE]", R"("id": "NAME")"));
  EXPECT_EQ(images_of(by_id, kOrder), all_of(kOrder));
  const Source by_row(fits(), catalogue, options_of(folder, "shard.fits[1][IMAGE]"));
  EXPECT_EQ(images_of(by_row, {0, 1}), all_of({5, 4}));
}

TEST(FitsImages, RefuseAColumnThatHoldsNone) {
  const Folder folder;
  CatalogueSpec spec;
  spec.with_images = true;
  spec.with_tdim = false;
  const std::string own = write_objects(folder, "own.fits", spec);
  const auto words = [&](const char* name) { return Source(fits(), own, options_of(folder, name)).error; };
  EXPECT_THAT(words("own.fits[IMAGE]"), HasSubstr("column IMAGE: has 60 elements a row and no TDIM; an image column"));
  EXPECT_THAT(words("own.fits[NAME]"), HasSubstr("column NAME: holds no numbers"));
  EXPECT_THAT(words("own.fits[IMAGES]"), HasSubstr("has no HDU 'IMAGES'; it has 0 primary, 1 BINTABLE 'CAT'; nor"));
  EXPECT_THAT(words("own.fits[CAT]"), HasSubstr("is a table; name its column too"));
  EXPECT_THAT(words("own.fits"), HasSubstr("has no image; it has 0 primary, 1 BINTABLE 'CAT'"));
  EXPECT_THAT(words("{ID}.fits[1][IMAGE]"), HasSubstr("is read of one file, so its path has no braces"));
}

TEST(FitsImages, OfOneFileAnObject) {
  const Folder folder;
  const std::string catalogue = write_objects(folder, "cat.fits");
  for (int64_t k = 0; k < kObjects; ++k) {
    write_images(folder, std::to_string(100 + k) + ".fits", {one(k)});
    std::vector<ImageSpec> bands = {one(k, {0}, "g"), one(k, {1}, "r"), one(k, {2}, "i")};
    if (k % 2 == 1) std::swap(bands[0], bands[2]);  // each file in its own order
    write_images(folder, "obj" + std::to_string(k) + ".fits", bands);
  }
  const Source cubes(fits(), catalogue, options_of(folder, "{ID}.fits"));
  EXPECT_EQ(images_of(cubes, kOrder), all_of(kOrder));
  EXPECT_THAT(cubes.info.metadata_json, HasSubstr(R"("layout":"file per object")"));
  EXPECT_THAT(cubes.info.metadata_json, HasSubstr("bands are taken in plane order"));
  EXPECT_THAT(cubes.locate(2), HasSubstr("cat.fits[1], row 3, "));
  EXPECT_THAT(cubes.locate(2), testing::EndsWith("/102.fits"));
  const Source hdus(fits(), catalogue, options_of(folder, "{NAME}.fits", R"("bands": ["i", "g"])"));
  EXPECT_EQ(images_of(hdus, kOrder), all_of(kOrder, {2, 0}));
  EXPECT_THAT(hdus.info.metadata_json, HasSubstr(R"("matched_by":"EXTNAME")"));
  const Source single(fits(), catalogue, options_of(folder, "{NAME}.fits[r]", R"("bands": ["r"])"));
  EXPECT_EQ(images_of(single, kOrder), all_of(kOrder, {1}));
}

TEST(FitsImages, OfOneFileABand) {
  const Folder folder;
  const std::string catalogue = write_objects(folder, "cat.fits");
  const char* names[] = {"g", "r", "i"};
  for (int64_t band = 0; band < kBands; ++band) {
    for (int64_t k = 0; k < kObjects; ++k)
      write_images(folder, "obj" + std::to_string(k) + "_" + names[band] + ".fits", {one(k, {band})});
    ImageSpec all = cube();
    all.bands = {band};
    write_images(folder, std::string("all_") + names[band] + ".fits", {all});
  }
  for (const char* pattern : {"{NAME}_{BAND}.fits", "all_{BAND}.fits"}) {
    const Source source(fits(), catalogue, options_of(folder, pattern, R"("bands": ["r", "i", "g"])"));
    EXPECT_EQ(images_of(source, kOrder), all_of(kOrder, {1, 2, 0})) << pattern;
    EXPECT_THAT(source.info.metadata_json, HasSubstr(R"("layout":"file per band")"));
    EXPECT_THAT(source.info.metadata_json, HasSubstr(R"("object_bytes":80,)"));
    EXPECT_THAT(source.locate(0), HasSubstr("_{r,i,g}.fits"));
  }
  const Source nameless(fits(), catalogue, options_of(folder, "all_{BAND}.fits"));
  EXPECT_EQ(nameless.status, CLQ_E_INVALID);
  EXPECT_THAT(nameless.error, HasSubstr("data.bands must name the bands"));
}

TEST(FitsImages, CutOutOfALargeImageAreNanBeyondItsEdge) {
  const Folder folder;
  ImageSpec large = one(0, {0, 1});
  large.height = 30;
  large.width = 40;
  write_images(folder, "large.fits", {large});
  CatalogueSpec spec;
  spec.x = {10, 1, 40, 20.4, 20.6, 55};  // FITS counts from 1
  spec.y = {10, 1, 30, 15, 15, 3};
  const std::string catalogue = write_objects(folder, "cat.fits", spec);
  for (const int origin : {1, 0}) {
    const std::string position = R"("crop": 6, "position": {"x": "X", "y": "Y", "origin": )" + std::to_string(origin);
    const Source source(fits(), catalogue, options_of(folder, "large.fits", position + "}"));
    const std::vector<float> pixels = images_of(source, {0, 1, 3, 4});
    size_t at = 0;
    for (const int64_t row : {0, 1, 3, 4})
      for (int64_t band = 0; band < 2; ++band)
        for (int64_t j = 0; j < 6; ++j)
          for (int64_t i = 0; i < 6; ++i, ++at) {
            const auto r = static_cast<size_t>(row);
            const int64_t x = std::lround(spec.x[r]) - origin - 3 + i, y = std::lround(spec.y[r]) - origin - 3 + j;
            const bool inside = x >= 0 && y >= 0 && x < 40 && y < 30;
            if (inside)
              EXPECT_EQ(pixels[at], static_cast<float>(stored_at(0, band, y, x))) << row << " " << x << " " << y;
            else
              EXPECT_TRUE(std::isnan(pixels[at])) << row << " " << x << " " << y;
          }
    const Outcome outside = outcome_of(source, {5});
    EXPECT_EQ(outside.status, CLQ_E_DATA);
    EXPECT_THAT(outside.words, HasSubstr("the position (55, 3) lies outside of the image's 40 x 30 pixels"));
    EXPECT_EQ(outcome_of(source, {2}).status, origin == 1 ? CLQ_OK : CLQ_E_DATA);
  }
}

}  // namespace
}  // namespace clq::test
