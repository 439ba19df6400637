// tests/core/data/image_field.test.cpp -- which field holds the images, their bands, and what makes a row of them bad.
// SPDX-License-Identifier: BSD-3-Clause
#include "data/image_field.hpp"

#include <limits>

#include "core/data/support.hpp"
#include "data/image_rows.hpp"
#include "data/slot.hpp"

namespace clq {
namespace {

DataSchema schema(const std::string& metadata = "{}") {
  DataSchema schema;
  schema.fields = {{"Z", "", "", CLQ_ROLE_OTHER, 0, {CLQ_F64, {}}},
                   {"images", "nMgy", "cyx", CLQ_ROLE_IMAGE, 0, {CLQ_I16, {3, 4, 5}}},
                   {"MAG", "", "", CLQ_ROLE_OTHER, 0, {CLQ_F32, {}}},
                   {"CUTOUT", "", "", CLQ_ROLE_OTHER, 0, {CLQ_F32, {2, 6, 6}}},
                   {"STAMP", "", "", CLQ_ROLE_OTHER, 0, {CLQ_F32, {6, 6}}}};
  schema.metadata = Json::parse(metadata);
  return schema;
}

BatchLayout layout(const std::string& data, const DataSchema& from = schema(), bool with_mask = false) {
  return make_layout(test::config(data, "data"), from, true, with_mask);
}

std::string words(const std::string& data, const DataSchema& from = schema()) {
  return test::words_of([&] { layout(data, from); });
}

TEST(ImageField, IsTheOneOfItsRoleAndNeedsNoScalars) {
  const BatchLayout made = layout(R"({"target": "Z"})");
  ASSERT_EQ(made.tensors.size(), 3u);
  EXPECT_EQ(made.tensors[0].name, "images");
  EXPECT_EQ(made.tensors[0].desc, (TensorDesc{CLQ_F32, {3, 4, 5}}));
  EXPECT_EQ(made.columns[0].field, 1u);
  EXPECT_EQ(made.image_shape().pixels(), 20);
  EXPECT_EQ(made.columns_width(), 0);
}

TEST(ImageField, IsLeftAloneWhereOnlyColumnsAreAskedFor) {
  const BatchLayout made = layout(R"({"scalars": "MAG", "target": "Z"})");
  EXPECT_EQ(made.tensor("images"), -1);
  EXPECT_EQ(made.tensor("scalars"), 0);
}

TEST(ImageField, StandsBehindTheScalarsWithItsMask) {
  const BatchLayout made = layout(R"({"scalars": ["MAG"], "target": "Z", "images": "CUTOUT"})", schema(), true);
  std::vector<std::string> names;
  for (const InputField& tensor : made.tensors) names.push_back(tensor.name);
  EXPECT_THAT(names, testing::ElementsAre("scalars", "images", "mask", "target", "weight"));
  EXPECT_EQ(made.tensors[1].desc.dims, (Shape{2, 6, 6}));
  EXPECT_EQ(made.tensors[2].desc, made.tensors[1].desc);
  EXPECT_EQ(made.given_width(1), 72);
  EXPECT_EQ(made.given_width(2), 0);
}

TEST(ImageField, IsPassedByWhereAPatternAsksForColumns) {
  DataSchema small = schema();
  small.fields.resize(3);
  small.fields[2].name = "mag";
  EXPECT_EQ(layout(R"({"scalars": ["*ag*"], "target": "Z"})", small).columns_width(), 1);
}

TEST(ImageField, NamesWhatIsWrong) {
  EXPECT_EQ(words(R"({"scalars": ["images"], "target": "Z"})"),
            "data.scalars: images holds images, which are an input of their own");
  EXPECT_EQ(words(R"({"images": "STAMP", "target": "Z"})"),
            "data.images: STAMP has the shape [6, 6], [bands, height, width] is needed");
  DataSchema table = schema();
  table.fields.erase(table.fields.begin() + 1);
  EXPECT_EQ(words(R"({"images": "cut/{ID}.fits", "target": "Z"})", table),
            "data.images: the source has no images and no field 'cut/{ID}.fits'");
  EXPECT_EQ(words(R"({"target": "Z"})", table), "data.scalars names no column; it lists the inputs of the network");
  DataSchema two = schema();
  two.fields[3].role = CLQ_ROLE_IMAGE;
  EXPECT_EQ(words(R"({"target": "Z"})", two),
            "data.images: the source has the images images and CUTOUT, name one of them");
  EXPECT_EQ(words(R"({"target": "Z", "derived": {"A": "1"}})"), "data.derived needs columns of data.scalars");
}

TEST(ImageFacts, ComeFromTheRunFileOrTheSource) {
  const DataSchema source = schema(R"({"images": {"bands": ["g", "r", "i"], "zeropoint": [22.5, 22.5, 30]}})");
  const BatchLayout told = layout(R"({"target": "Z"})", source);
  EXPECT_THAT(told.images.bands, testing::ElementsAre("g", "r", "i"));
  EXPECT_THAT(told.images.zeropoint, testing::ElementsAre(22.5, 22.5, 30));
  EXPECT_FALSE(told.images.bands_may_miss);
  const BatchLayout given = layout(R"({"target": "Z", "zeropoint": [1, 2, 3], "on_missing_band": "mask"})");
  EXPECT_THAT(given.images.zeropoint, testing::ElementsAre(1, 2, 3));
  EXPECT_TRUE(given.images.bands_may_miss);
  EXPECT_EQ(words(R"({"target": "Z", "zeropoint": [22.5, 22.5, 22.5]})", source),
            "data.zeropoint says 22.5 for band i, the source says 30");
  EXPECT_EQ(words(R"({"target": "Z", "zeropoint": [22.5]})"), "data.zeropoint has 1 numbers for 3 bands");
  EXPECT_EQ(words(R"({"target": "Z", "bands": ["g", "r"]})"), "data.bands names 2 bands, the images have 3");
}

TEST(ImageFacts, RefuseOtherBandsAndZeroPoints) {
  ImageFacts facts;
  facts.bands = {"g", "r", "i"};
  facts.zeropoint = {22.5, 22.5, 22.5};
  const auto words_of = [&](const char* metadata) {
    return test::words_of([&] { require_same_bands(facts, schema(metadata), 3); });
  };
  EXPECT_EQ(words_of(R"({"images": {"zeropoint": [30, 22.5, 22.5]}})"),
            "zero point of band g is 30, the model was trained with 22.5");
  EXPECT_EQ(words_of(R"({"images": {"bands": ["r", "g", "i"]}})"),
            "the images have the bands r, g, i, the model was trained with g, r, i");
  // A header may keep it in single precision.
  require_same_bands(facts, schema(R"({"images": {"zeropoint": [22.500000001, 22.5, 22.5]}})"), 3);
  require_same_bands(facts, schema(), 3);
  require_same_bands({}, schema(R"({"images": {"bands": ["r", "g", "i"], "zeropoint": [1, 2, 3]}})"), 3);
}

// A zero point that one band lacks is no reason to leave those of the others unchecked.
TEST(ImageFacts, CompareZeroPointsOfEachBandThatHasOne) {
  const BatchLayout told = layout(R"({"target": "Z"})", schema(R"({"images": {"zeropoint": [22.5, null, 30]}})"));
  EXPECT_THAT(told.images.zeropoint, testing::ElementsAre(22.5, testing::IsNan(), 30));
  const auto words_of = [&](const char* metadata) {
    return test::words_of([&] { require_same_bands(told.images, schema(metadata), 3); });
  };
  require_same_bands(told.images, schema(R"({"images": {"zeropoint": [22.5, 25, null]}})"), 3);
  EXPECT_EQ(words_of(R"({"images": {"zeropoint": [null, 25, 29]}})"),
            "zero point of band 2 is 29, the model was trained with 30");
  EXPECT_EQ(words(R"({"target": "Z", "zeropoint": [22.5, 22.5, 22.5]})",
                  schema(R"({"images": {"zeropoint": [null, 30, 22.5]}})")),
            "data.zeropoint says 22.5 for band 1, the source says 30");
  EXPECT_THAT(words(R"({"target": "Z"})", schema(R"({"images": {"zeropoint": ["a", 1, 2]}})")),
              testing::HasSubstr("the source's zero points"));
}

TEST(BadPixels, TellAMissingBandFromAHole) {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  const ImageShape shape{2, 1, 3};
  const ImageFacts facts;
  const float whole[] = {1, 2, 3, 4, 5, 6}, hole[] = {1, 2, 3, 4, nan, 6}, band[] = {1, 2, 3, nan, nan, nan},
              none[] = {nan, nan, nan, nan, nan, nan};
  const PixelPolicy plain{}, masks{true, false}, may_miss{true, true};
  EXPECT_EQ(bad_pixels(whole, shape, plain), 0);
  EXPECT_EQ(bad_pixels(hole, shape, plain), kBadNan);
  EXPECT_EQ(bad_pixels(hole, shape, masks), 0);
  EXPECT_EQ(bad_pixels(band, shape, plain), kBadBand);
  EXPECT_EQ(bad_pixels(band, shape, masks), kBadBand);
  EXPECT_EQ(bad_pixels(band, shape, may_miss), 0);
  EXPECT_EQ(bad_pixels(none, shape, may_miss), kBadBand);
  EXPECT_EQ(explain_pixels(hole, shape, plain, facts), "band 1: pixel 1, 0 is NaN");
  EXPECT_EQ(explain_pixels(band, shape, plain, facts), "band 1 is missing");
  EXPECT_EQ(explain_pixels(whole, shape, plain, facts), "");
}

}  // namespace
}  // namespace clq
