// tests/plugins/fits/image_bands.test.cpp -- which plane is which band; what is missing, of another shape, or cut off.
// SPDX-License-Identifier: BSD-3-Clause
#include <cmath>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "image_files.hpp"

namespace clq::test {
namespace {

using testing::HasSubstr;

using Cards = std::vector<std::pair<std::string, std::string>>;

ImageSpec one(int64_t object, const std::vector<int64_t>& bands = {0, 1, 2}, const std::string& name = "",
              const Cards& cards = {}) {
  ImageSpec spec;
  spec.objects = {object};
  spec.bands = bands;
  spec.name = name;
  spec.cards = cards;
  return spec;
}

// One file an object, all with the same cards.
class FitsImageBands : public testing::Test {
 protected:
  void write(const std::vector<int64_t>& bands, const Cards& cards) {
    for (int64_t k = 0; k < kObjects; ++k)
      write_images(folder, std::to_string(100 + k) + ".fits", {one(k, bands, "", cards)});
  }
  std::string options(const std::string& more = "") const { return options_of(folder, "{ID}.fits", more); }

  const Folder folder;
  const std::string catalogue = write_objects(folder, "cat.fits");
};

TEST_F(FitsImageBands, FollowTheirNamesInTheOrderAsked) {
  write({0, 1, 2}, {{"BAND1", "'g'"}, {"BAND2", "'r'"}, {"BAND3", "'i'"}, {"MAGZERO", "27"}});
  const Source source(fits(), catalogue, options(R"("bands": ["i", "g", "r"])"));
  EXPECT_EQ(images_of(source, {4}), expected(4, {2, 0, 1}));
  EXPECT_THAT(source.info.metadata_json, HasSubstr(R"("matched_by":"BANDn","zeropoint":[27.0,27.0,27.0])"));
  const Source upper(fits(), catalogue, options(R"("bands": ["I"])"));
  EXPECT_EQ(images_of(upper, {4}), expected(4, {2}));
  EXPECT_THAT(Source(fits(), catalogue, options(R"("bands": ["u", "y"])")).error,
              HasSubstr("its cards BAND1 ... name g, r, i, data.bands u, y"));
}

TEST_F(FitsImageBands, FollowAFilterCard) {
  for (int64_t k = 0; k < kObjects; ++k)
    write_images(folder, std::to_string(100 + k) + ".fits",
                 {one(k, {1}, "A", {{"FILTER", "'r'"}}), one(k, {0}, "B", {{"FILTER", "'g'"}})});
  const Source source(fits(), catalogue, options(R"("bands": ["g", "r"])"));
  EXPECT_EQ(images_of(source, {3}), expected(3, {0, 1}));
  EXPECT_THAT(source.info.metadata_json, HasSubstr(R"("matched_by":"FILTER")"));
  const Source neither(fits(), catalogue, options(R"("bands": ["u", "y", "z"])"));
  EXPECT_THAT(neither.error, HasSubstr("has 2 images, EXTNAME A, B, FILTER r, g; data.bands names u, y, z"));
  const Source order(fits(), catalogue, options(R"("bands": ["u", "y"])"));
  EXPECT_THAT(order.info.metadata_json, HasSubstr("bands are taken in the order of the HDUs"));
  EXPECT_THAT(Source(fits(), catalogue, options()).error, HasSubstr("data.bands must say which"));
}

TEST_F(FitsImageBands, InPlaneOrderNeedAsManyNames) {
  write({0, 1, 2}, {});
  const Source source(fits(), catalogue, options(R"("bands": ["a", "b", "c"])"));
  EXPECT_EQ(images_of(source, {1}), expected(1));
  EXPECT_THAT(Source(fits(), catalogue, options(R"("bands": ["a", "b"])")).error,
              HasSubstr("has 3 planes and no cards BAND1 ..., data.bands names 2: a, b"));
}

TEST_F(FitsImageBands, MissingEndTheRowOrAreNan) {
  write({0, 1, 2}, {{"BAND1", "'g'"}, {"BAND2", "'r'"}, {"BAND3", "'i'"}});
  write_images(folder, "104.fits", {one(4, {0, 2}, "", {{"BAND1", "'g'"}, {"BAND2", "'i'"}})});
  const Source strict(fits(), catalogue, options(R"("bands": ["g", "r", "i"])"));
  const Outcome outcome = outcome_of(strict, {0, 4});
  EXPECT_EQ(outcome.status, CLQ_E_DATA);
  EXPECT_EQ(outcome.n_done, 1u);
  EXPECT_THAT(outcome.words, HasSubstr("row 5, "));
  EXPECT_THAT(outcome.words, HasSubstr("/104.fits: lacks the band r; its BANDn has g, i"));
  const Source mask(fits(), catalogue, options(R"("bands": ["g", "r", "i"], "on_missing_band": "mask")"));
  const std::vector<float> pixels = images_of(mask, {4});
  const size_t plane = kHeight * kWidth;
  for (size_t p = 0; p < pixels.size(); ++p)
    if (p / plane == 1)
      EXPECT_TRUE(std::isnan(pixels[p]));
    else
      EXPECT_EQ(pixels[p], expected(4)[p]);
}

TEST_F(FitsImageBands, WhoseFileIsMissingEndTheRowOrAreNan) {
  for (const char* band : {"g", "r"})
    for (int64_t k = 0; k < kObjects; ++k)
      if (k != 2 || *band == 'r')
        write_images(folder, "obj" + std::to_string(k) + band + ".fits", {one(k, {*band == 'r' ? 1 : 0})});
  const std::string bands = R"("bands": ["g", "r"])";
  const Source strict(fits(), catalogue, options_of(folder, "{NAME}{BAND}.fits", bands));
  const Outcome outcome = outcome_of(strict, {2});
  EXPECT_EQ(outcome.status, CLQ_E_DATA);
  EXPECT_THAT(outcome.words, HasSubstr("obj2g.fits: No such file"));
  const Source mask(fits(), catalogue,
                    options_of(folder, "{NAME}{BAND}.fits", bands + R"(, "on_missing_band": "mask")"));
  const std::vector<float> pixels = images_of(mask, {2});
  EXPECT_TRUE(std::isnan(pixels[0]));
  EXPECT_EQ(pixels.back(), expected(2, {1}).back());
  std::filesystem::remove(folder.path("obj2r.fits"));
  EXPECT_THAT(outcome_of(mask, {2}).words, HasSubstr("no such file for any band"));
}

TEST_F(FitsImageBands, MissingFilesAreTheirRowsFault) {
  write({0, 1, 2}, {});
  std::filesystem::remove(folder.path("100.fits"));
  std::filesystem::remove(folder.path("103.fits"));
  const Source source(fits(), catalogue, options());
  ASSERT_EQ(source.status, CLQ_OK) << source.error;  // the second row's file says what the images are like
  EXPECT_THAT(source.info.metadata_json, HasSubstr("the images of the rows before row 2 cannot be read"));
  const Outcome outcome = outcome_of(source, {1, 2, 3, 4});
  EXPECT_EQ(outcome.status, CLQ_E_DATA);
  EXPECT_EQ(outcome.n_done, 2u);
  EXPECT_THAT(outcome.words, HasSubstr("cat.fits[1], row 4, " + folder.path("103.fits") + ": No such file"));
  for (int64_t k = 0; k < kObjects; ++k) std::filesystem::remove(folder.path(std::to_string(100 + k) + ".fits"));
  const Source none(fits(), catalogue, options());
  EXPECT_EQ(none.status, CLQ_E_NOT_FOUND);
  EXPECT_THAT(none.error, HasSubstr("cat.fits[1]: its images, " + folder.path("100.fits") + ": No such file"));
}

TEST_F(FitsImageBands, WithoutAValueForThePathAreTheirRowsFault) {
  for (int64_t k = 0; k < kObjects; ++k) write_images(folder, "obj" + std::to_string(k) + ".fits", {one(k)});
  const Source source(fits(), catalogue, options_of(folder, "{NONE}.fits"));
  const Outcome outcome = outcome_of(source, {2});
  EXPECT_EQ(outcome.status, CLQ_E_DATA);
  EXPECT_THAT(outcome.words, HasSubstr("column NONE is empty, so no path can be made"));
  EXPECT_THAT(Source(fits(), catalogue, options_of(folder, "{X}.fits")).error,
              HasSubstr("column X is F64; a path takes integers and texts"));
  EXPECT_THAT(Source(fits(), catalogue, options_of(folder, "{NAMES}.fits")).error, HasSubstr("the nearest is 'NAME'"));
}

TEST_F(FitsImageBands, OfAnotherShapeNameBothFiles) {
  write({0, 1, 2}, {});
  ImageSpec wide = one(3);
  wide.width = kWidth + 3;
  wide.height = kHeight + 2;
  write_images(folder, "103.fits", {wide});
  const Source source(fits(), catalogue, options());
  const Outcome outcome = outcome_of(source, {3});
  EXPECT_EQ(outcome.status, CLQ_E_DATA);
  EXPECT_THAT(outcome.words, HasSubstr("103.fits[0]: is 7 x 7, "));
  EXPECT_THAT(outcome.words, HasSubstr("100.fits is 4 x 5; data.crop makes images of unequal size one size"));
  write_images(folder, "104.fits", {one(4, {0, 1})});
  EXPECT_THAT(outcome_of(source, {4}).words, HasSubstr("has 2 planes"));
}

TEST_F(FitsImageBands, AreCroppedAroundTheirCentre) {
  write({1}, {});
  ImageSpec wide = one(3, {1});
  wide.width = 9;
  wide.height = 8;
  write_images(folder, "103.fits", {wide});
  const Source source(fits(), catalogue, options(R"("bands": ["r"], "crop": 3)"));
  EXPECT_EQ(images_of(source, {0}), expected_centre(0, 1, kHeight, kWidth, 3));
  EXPECT_EQ(images_of(source, {3}), expected_centre(3, 1, 8, 9, 3));
  EXPECT_THAT(source.info.metadata_json, HasSubstr("crop = 3 keeps the centre of 4 x 5 pixels: 55 %"));
  const Source large(fits(), catalogue, options(R"("bands": ["r"], "crop": 5)"));
  EXPECT_THAT(large.info.metadata_json, HasSubstr("the images of the rows before row 4 cannot be read"));
  EXPECT_THAT(outcome_of(large, {0}).words, HasSubstr("is 4 x 5, smaller than data.crop = 5"));
  EXPECT_THAT(Source(fits(), catalogue, options(R"("crop": 50)")).error,
              HasSubstr("is 4 x 5, smaller than data.crop = 50"));
}

TEST_F(FitsImageBands, OnAnotherZeroPointAreRefusedUnlessTheRunFileGivesOne) {
  write({1}, {{"ZP", "25.5"}});
  write_images(folder, "102.fits", {one(2, {1}, "", {{"ZP", "26"}})});
  const Source source(fits(), catalogue, options());
  EXPECT_THAT(source.info.metadata_json, HasSubstr(R"("zeropoint":[25.5])"));
  EXPECT_THAT(outcome_of(source, {2}).words, HasSubstr("has the zero point 26"));
  const Source given(fits(), catalogue, options(R"("zeropoint": [22.5])"));
  EXPECT_EQ(outcome_of(given, {2}).status, CLQ_OK);
  EXPECT_THAT(given.info.metadata_json, HasSubstr("data.zeropoint replaces the header's 25.5"));
  EXPECT_THAT(Source(fits(), catalogue, options(R"("zeropoint": [22.5, 23])")).error, HasSubstr("has 1 bands"));
}

TEST_F(FitsImageBands, OptionsAreCheckedByName) {
  write({0, 1, 2}, {});
  const std::pair<const char*, const char*> cases[] = {
      {R"("bands": "gri")", "bands must be a list of texts, got \"gri\""},
      {R"("bands": ["g", "g", "r"])", "bands must be a list of different names"},
      {R"("bands": ["g", "r", "i"], "zeropoint": [1])", "zeropoint has 1 numbers, bands 3 names"},
      {R"("crop": 0)", "crop must be a number of pixels from 1"},
      {R"("hcompress": 1)", "hcompress must be true or false"},
      {R"("on_missing_band": "zero")", "on_missing_band must be error or mask"},
      {R"("position": {"x": "X"}, "crop": 3)", "position must be a table that names columns as x and y"},
      {R"("position": {"x": "X", "y": "Y"})", "crop must give their size"},
      {R"("position": {"x": "X", "y": "Y", "origin": 2}, "crop": 3)", "whose origin is 1"},
  };
  for (const auto& [more, words] : cases) {
    const Source source(fits(), catalogue, options(more));
    EXPECT_EQ(source.status, CLQ_E_INVALID) << more;
    EXPECT_THAT(source.error, HasSubstr(words)) << more;
  }
  EXPECT_THAT(Source(fits(), catalogue, R"({"crop": 48})").error, HasSubstr("crop = 48 is about images"));
  for (const char* pattern : {"{ID.fits", "{}.fits", "a.fits[]", "a.fits[1][2][3]"})
    EXPECT_EQ(Source(fits(), catalogue, options_of(folder, pattern)).status, CLQ_E_INVALID) << pattern;
}

TEST_F(FitsImageBands, AndTheirFirstFileAreInTheFingerprint) {
  write({0, 1, 2}, {{"BAND1", "'g'"}, {"BAND2", "'r'"}, {"BAND3", "'i'"}});
  const auto print = [&](const std::string& more) { return Source(fits(), catalogue, options(more)).fingerprint(); };
  const std::string all = print(R"("bands": ["g", "r", "i"])");
  EXPECT_EQ(all, print(R"("bands": ["g", "r", "i"])"));
  EXPECT_NE(all, print(R"("bands": ["r", "g", "i"])"));
  EXPECT_NE(all, print(R"("bands": ["g", "r", "i"], "crop": 3)"));
  EXPECT_NE(all, print(R"("bands": ["g", "r", "i"], "zeropoint": [1, 2, 3])"));
  EXPECT_NE(all, Source(fits(), catalogue).fingerprint());
}

}  // namespace
}  // namespace clq::test
