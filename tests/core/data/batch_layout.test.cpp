// tests/core/data/batch_layout.test.cpp -- which column goes where, and what cannot be one.
// SPDX-License-Identifier: BSD-3-Clause
#include "data/batch_layout.hpp"

#include "core/data/support.hpp"
#include "data/glob.hpp"

namespace clq {
namespace {

DataSchema schema() {
  DataSchema schema;
  const auto add = [&](const char* name, Shape dims, uint32_t flags) {
    schema.fields.push_back(
        {name, "", "", CLQ_ROLE_OTHER, flags, {flags == CLQ_FIELD_TEXT ? CLQ_U8 : CLQ_F32, std::move(dims)}});
  };
  add("NAME", {16}, CLQ_FIELD_TEXT);
  add("MAG_U", {}, 0);
  add("MAGERR_U", {}, 0);
  add("MAG_G", {}, 0);
  add("FLUX", {3}, 0);
  add("Z", {}, 0);
  add("W", {}, 0);
  add("POSITION", {2}, 0);
  return schema;
}

BatchLayout layout(const std::string& json, bool with_target = true) {
  return make_layout(test::config(json, "data"), schema(), with_target);
}

std::string words(const std::string& json) {
  return test::words_of([&] { layout(json); });
}

TEST(BatchLayout, PutsColumnsSideBySideInTheOrderOfTheSchema) {
  const BatchLayout made =
      layout(R"({"scalars": ["FLUX", "MAG_*"], "target": "Z", "weight": "W", "null": [-99], "id": "NAME"})");
  ASSERT_EQ(made.tensors.size(), 3u);
  EXPECT_EQ(made.tensors[0].desc, (TensorDesc{CLQ_F32, {5}}));
  EXPECT_EQ(made.tensors[1].desc, (TensorDesc{CLQ_F64, {}}));
  EXPECT_EQ(made.tensors[2].desc, (TensorDesc{CLQ_F64, {}}));
  EXPECT_EQ(made.columns[0].name, "FLUX");
  EXPECT_EQ(made.columns[1].name, "MAG_U");
  EXPECT_EQ(made.columns[2].name, "MAG_G");
  EXPECT_EQ(made.columns[2].offset, 4);
  EXPECT_EQ(made.columns[3].tensor, 1u);
  EXPECT_EQ(made.columns[4].tensor, 2u);
  EXPECT_EQ(made.tensor("target"), 1);
  EXPECT_EQ(made.tensor("images"), -1);
  EXPECT_THAT(made.nulls, testing::ElementsAre(-99));
  EXPECT_EQ(made.id, "NAME");
}

TEST(BatchLayout, NeedsNoTargetAndNoWeightToPredict) {
  const BatchLayout made = layout(R"({"scalars": "MAG_U", "target": "MISSING", "weight": "GONE"})", false);
  ASSERT_EQ(made.tensors.size(), 2u);
  EXPECT_EQ(made.tensors[1].name, "weight");
  EXPECT_EQ(made.columns.size(), 1u);
}

TEST(BatchLayout, TakesSeveralTargetsOrAVector) {
  EXPECT_EQ(layout(R"({"scalars": "MAG_U", "target": ["Z", "POSITION"]})").tensors[1].desc.dims, (Shape{3}));
  EXPECT_EQ(layout(R"({"scalars": "MAG_U", "target": "POSITION"})").tensors[1].desc.dims, (Shape{2}));
}

TEST(BatchLayout, NamesWhatIsWrong) {
  EXPECT_EQ(words(R"({"scalars": ["MAGU"], "target": "Z"})"),
            "data.scalars: there is no column 'MAGU', did you mean 'MAG_U'?");
  EXPECT_EQ(words(R"({"scalars": ["X_*"], "target": "Z"})"),
            "data.scalars: no column matches 'X_*'; there are NAME, MAG_U, MAGERR_U, MAG_G, FLUX, Z, W, POSITION");
  EXPECT_EQ(words(R"({"scalars": ["NAME"], "target": "Z"})"), "data.scalars: NAME is a text column, not numbers");
  EXPECT_EQ(words(R"({"scalars": ["MAG_*", "MAG_U"], "target": "Z"})"), "data.scalars: MAG_U is asked for twice");
  EXPECT_EQ(words(R"({"scalars": ["Z"], "target": "Z"})"), "data.scalars: Z is the target, it cannot be an input too");
  EXPECT_EQ(words(R"({"target": "Z"})"), "data.scalars names no column; it lists the inputs of the network");
  EXPECT_EQ(words(R"({"scalars": ["MAG_U"]})"), "data.target is missing");
  EXPECT_EQ(words(R"({"scalars": ["MAG_U"], "target": "REDSHIFT"})").substr(0, 50),
            "data.target: there is no column 'REDSHIFT'; there ");
  EXPECT_EQ(words(R"({"scalars": ["MAG_U"], "target": "Z", "weight": "FLUX"})"),
            "data.weight: FLUX has shape [3], one number is needed");
  EXPECT_EQ(words(R"({"scalars": ["MAG_U"], "target": "Z", "weight": "MAG_U"})"),
            "data.weight: MAG_U is an input or target already");
}

// A damaged header says any size; nothing of that size is asked for.
TEST(BatchLayout, RefusesRowsThatNobodyHas) {
  DataSchema wide = schema();
  wide.fields[4].sample.dims = {int64_t{1} << 31};
  const auto refused = [&](const char* json) {
    try {
      make_layout(test::config(json, "data"), wide, true);
    } catch (const Error& e) {
      EXPECT_EQ(e.status(), CLQ_E_DATA);
      return std::string(e.what());
    }
    return std::string();
  };
  EXPECT_EQ(refused(R"({"scalars": ["FLUX"], "target": "Z"})"),
            "FLUX has 2147483648 elements a row, at most 268435456 are read of all columns of scalars");
  wide.fields[4].sample.dims = {int64_t{1} << 28};
  EXPECT_EQ(refused(R"({"scalars": ["FLUX"], "target": "Z"})"), "");
  EXPECT_EQ(refused(R"({"scalars": ["FLUX", "POSITION"], "target": "Z"})"),
            "POSITION has 2 elements a row, at most 268435456 are read of all columns of scalars");
}

TEST(Glob, MatchesStarsAndQuestionMarks) {
  EXPECT_TRUE(glob_matches("MAG_*", "MAG_U"));
  EXPECT_TRUE(glob_matches("*_U", "MAGERR_U"));
  EXPECT_TRUE(glob_matches("M*_?", "MAG_U"));
  EXPECT_TRUE(glob_matches("*a*b*", "xxaxxaxb"));
  EXPECT_TRUE(glob_matches("*", ""));
  EXPECT_FALSE(glob_matches("MAG_*", "MAGERR_U"));
  EXPECT_FALSE(glob_matches("MAG_?", "MAG_"));
  EXPECT_FALSE(glob_matches("*a*b", "xbxa"));
}

}  // namespace
}  // namespace clq
