// tests/core/data/array_source.test.cpp -- arrays behind the data-source table.
// SPDX-License-Identifier: BSD-3-Clause
#include "core/data/support.hpp"

namespace clq {
namespace {

TEST(ArraySource, ConvertsEveryTypeToWhatIsWanted) {
  const std::vector<int16_t> i16{-3, 4, 5};
  const std::vector<uint64_t> u64{1, 2, 3};
  const std::vector<float> f32{0.5f, 1.5f, 2.5f};
  ArraySource arrays(3);
  arrays.add("i", i16.data(), {CLQ_I16, {}}, true);
  arrays.add("u", u64.data(), {CLQ_U64, {}}, true);
  arrays.add("f", f32.data(), {CLQ_F32, {}}, true);
  const auto source = arrays.open();
  EXPECT_THAT(source->read_field(0, {2, 0}, CLQ_F32).as<float>(), testing::ElementsAre(5.0f, -3.0f));
  EXPECT_THAT(source->read_field(1, {1}, CLQ_F64).as<double>(), testing::ElementsAre(2.0));
  EXPECT_THAT(source->read_field(2, {0, 1, 2}, CLQ_F64).as<double>(), testing::ElementsAre(0.5, 1.5, 2.5));
}

TEST(ArraySource, ReadsVectors) {
  const std::vector<double> data{1, 2, 3, 4, 5, 6};
  ArraySource arrays(2);
  arrays.add("v", data.data(), {CLQ_F64, {3}}, false);
  EXPECT_THAT(arrays.open()->read_field(0, {1}, CLQ_F32).as<float>(), testing::ElementsAre(4, 5, 6));
}

TEST(ArraySource, SeesChangesOfBorrowedArraysOnly) {
  std::vector<double> lent{1, 2}, copied{1, 2};
  ArraySource arrays(2);
  arrays.add("lent", lent.data(), {CLQ_F64, {}}, true);
  arrays.add("copied", copied.data(), {CLQ_F64, {}}, false);
  lent[0] = copied[0] = 9;
  const auto source = arrays.open();
  EXPECT_EQ(source->read_field(0, {0}, CLQ_F64).as<double>()[0], 9);
  EXPECT_EQ(source->read_field(1, {0}, CLQ_F64).as<double>()[0], 1);
}

TEST(ArraySource, OutlivesItsBuilder) {
  std::shared_ptr<DataSource> source;
  {
    ArraySource arrays(1);
    const double value = 7;
    arrays.add("x", &value, {CLQ_F64, {}}, false);
    source = arrays.open();
  }
  EXPECT_EQ(source->read_field(0, {0}, CLQ_F64).as<double>()[0], 7);
}

TEST(ArraySource, TakesIdsFromAFieldOrTheRow) {
  const std::vector<int64_t> id{1237645943978393694, -5};
  ArraySource arrays(2);
  arrays.add("OBJID", id.data(), {CLQ_I64, {}}, true);
  EXPECT_THAT(arrays.open()->ids(0, 2), testing::ElementsAre(0, 1));
  EXPECT_THAT(arrays.open("OBJID")->ids(0, 2), testing::ElementsAre(1237645943978393694u, static_cast<uint64_t>(-5)));
  EXPECT_EQ(test::words_of([&] { arrays.open("OBJIDS"); }), "data.id: there is no field 'OBJIDS'");
}

TEST(ArraySource, RefusesFieldsThatCannotBe) {
  const double value = 0;
  ArraySource arrays(1);
  arrays.add("x", &value, {CLQ_F64, {}}, true);
  EXPECT_EQ(test::words_of([&] { arrays.add("x", &value, {CLQ_F64, {}}, true); }), "x is there already");
  EXPECT_EQ(test::words_of([&] { arrays.add("y", nullptr, {CLQ_F64, {}}, true); }), "y: the data are NULL");
  EXPECT_EQ(test::words_of([&] { arrays.open("x"); }), "x cannot be the id: it must be one integer a row");
  arrays.open();
  EXPECT_EQ(test::words_of([&] {
              arrays.add("y", &value, {CLQ_F64, {}}, true);
            }),
            "y: fields cannot be added once the source is in use");
}

TEST(ArraySource, FingerprintsNamesShapesAndContents) {
  const auto print = [](const std::string& name, double value, bool pair) {
    const double data[2] = {value, 1};
    ArraySource arrays(pair ? 1 : 2);
    arrays.add(name, data, {CLQ_F64, pair ? Shape{2} : Shape{}}, false);
    return arrays.open()->fingerprint();
  };
  EXPECT_EQ(print("x", 1, false), print("x", 1, false));
  EXPECT_NE(print("x", 1, false), print("y", 1, false));
  EXPECT_NE(print("x", 1, false), print("x", 2, false));
  EXPECT_NE(print("x", 1, false), print("x", 1, true));
}

TEST(ArraySource, NamesTheRowOfAValueThatDoesNotFit) {
  const std::vector<double> data{1, 1e300};
  const auto source = test::make_source({{"big", data}});
  EXPECT_EQ(test::words_of([&] {
              source->read_field(0, {0, 1}, CLQ_F32);
            }),
            "arrays in memory, row 1: big: 1e+300 does not fit f32");
  EXPECT_THAT(test::words_of([&] { source->read_field(0, {2}, CLQ_F64); }), testing::HasSubstr("row 2 is not in 0..1"));
}

}  // namespace
}  // namespace clq
