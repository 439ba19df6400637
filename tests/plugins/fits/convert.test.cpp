// tests/plugins/fits/convert.test.cpp -- every column format into every dtype, and values that do not fit.
// SPDX-License-Identifier: BSD-3-Clause
#include <cmath>
#include <limits>
#include <numeric>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fits_files.hpp"

namespace clq::test {
namespace {

using testing::HasSubstr;

std::vector<int64_t> all_rows() {
  std::vector<int64_t> rows(kRows);
  std::iota(rows.begin(), rows.end(), 0);
  return rows;
}

template <class T>
void expect_column(const Source& source, const std::string& column, int32_t dtype) {
  const std::vector<T> values = source.values<T>(column, all_rows(), dtype);
  for (int64_t row = 0; row < kRows; ++row)
    ASSERT_EQ(values[static_cast<size_t>(row)], static_cast<T>(value_at(column, row))) << column << " row " << row;
}

TEST(FitsConvert, ReadsEveryNumericFormIntoEveryDtype) {
  const Folder folder;
  const Source source(fits(), write_catalogue(folder));
  ASSERT_EQ(source.status, CLQ_OK) << source.error;
  for (const std::string& column : numeric_columns()) {
    expect_column<float>(source, column, CLQ_F32);
    expect_column<double>(source, column, CLQ_F64);
    expect_column<int8_t>(source, column, CLQ_I8);
    expect_column<uint8_t>(source, column, CLQ_U8);
    expect_column<int16_t>(source, column, CLQ_I16);
    expect_column<uint16_t>(source, column, CLQ_U16);
    expect_column<int32_t>(source, column, CLQ_I32);
    expect_column<uint32_t>(source, column, CLQ_U32);
    expect_column<int64_t>(source, column, CLQ_I64);
    expect_column<uint64_t>(source, column, CLQ_U64);
  }
}

TEST(FitsConvert, RefusesHalfPrecision) {
  const Folder folder;
  const Source source(fits(), write_catalogue(folder));
  EXPECT_EQ(source.status_of("E", {0}, CLQ_F16), CLQ_E_UNSUPPORTED);
  EXPECT_EQ(source.status_of("E", {0}, CLQ_BF16), CLQ_E_UNSUPPORTED);
  EXPECT_EQ(source.status_of("NAME", {0}, CLQ_F32), CLQ_E_UNSUPPORTED);
}

TEST(FitsConvert, KeepsVectorsRowMajorAndTextPaddedWithNul) {
  const Folder folder;
  const Source source(fits(), write_catalogue(folder));
  EXPECT_THAT(source.values<float>("VEC", {3}, CLQ_F32), testing::ElementsAre(3, 3.125f, 3.25f, 3.375f, 3.5f, 3.625f));
  EXPECT_EQ(source.text("NAME", 137), "obj137");
  EXPECT_EQ(source.values<char>("NAME", {1}, CLQ_U8).back(), '\0');
}

TEST(FitsConvert, TurnsTheNullIntegerIntoNanForFloatsOnly) {
  const Folder folder;
  const Source source(fits(), folder.write("hand.fits", HandMade().bytes()));
  ASSERT_EQ(source.status, CLQ_OK) << source.error;
  const auto values = source.values<float>("N", {0, 1, 2}, CLQ_F32);
  EXPECT_EQ(values[0], 5);
  EXPECT_TRUE(std::isnan(values[1]));
  EXPECT_EQ(values[2], 2147483648.0f);
  EXPECT_THAT(source.values<int32_t>("N", {0, 1, 2}, CLQ_I32), testing::ElementsAre(5, -99, 2147483647));
  EXPECT_THAT(source.info.metadata_json, HasSubstr("\"null\":{\"N\":-99}"));
}

TEST(FitsConvert, NamesRowColumnAndValueOfWhatDoesNotFit) {
  const Folder folder;
  const Source source(fits(), folder.write("hand.fits", HandMade().bytes()));
  uint32_t n_done = 99;
  EXPECT_EQ(source.status_of("N", {0, 2, 1}, CLQ_I16, &n_done), CLQ_E_DATA);
  EXPECT_EQ(n_done, 1u);
  EXPECT_THAT(error_text(), HasSubstr("hand.fits[1], row 3, column N: 2147483647 does not fit I16 (-32768..32767"));
  EXPECT_EQ(source.status_of("N", {1}, CLQ_U64, &n_done), CLQ_E_DATA);
  EXPECT_EQ(source.status_of("MAG", {0, 1}, CLQ_I64, &n_done), CLQ_E_DATA);
  EXPECT_EQ(n_done, 1u);
  EXPECT_THAT(error_text(), HasSubstr("row 2, column MAG: nan does not fit I64"));
  EXPECT_EQ(source.status_of("MAG", {2}, CLQ_I32, &n_done), CLQ_E_DATA);  // pi is a fraction
}

TEST(FitsConvert, RefusesADoubleBeyondFloat) {
  HandMade hand;
  hand.set("TFORM1", "'1D'");
  hand.set("NAXIS1", "12");
  hand.set("NAXIS2", "2");
  hand.data = std::string("\x7f\xe0\0\0\0\0\0\0\0\0\0\1\x3f\xf8\0\0\0\0\0\0\0\0\0\2", 24);  // 2^1023, 1.5
  const Folder folder;
  const Source source(fits(), folder.write("hand.fits", hand.bytes()));
  ASSERT_EQ(source.status, CLQ_OK) << source.error;
  EXPECT_EQ(source.values<double>("MAG", {0}, CLQ_F64)[0], std::ldexp(1.0, 1023));
  EXPECT_EQ(source.status_of("MAG", {0}, CLQ_F32), CLQ_E_DATA);
  EXPECT_THAT(error_text(), HasSubstr("8.98846567e+307 does not fit F32"));
  EXPECT_EQ(source.values<float>("MAG", {1}, CLQ_F32)[0], 1.5f);
}

TEST(FitsConvert, KeepsAllBitsOf64BitIntegers) {
  HandMade hand;
  hand.set("TFORM2", "'1K'");
  hand.set("NAXIS1", "12");
  hand.set("NAXIS2", "1");
  hand.set("TZERO2", "9223372036854775808");
  hand.remove("TNULL2");
  hand.data = std::string("\0\0\0\0\x7f\xff\xff\xff\xff\xff\xff\xfe", 12);
  const Folder folder;
  const Source source(fits(), folder.write("hand.fits", hand.bytes()), R"({"id": "N"})");
  ASSERT_EQ(source.status, CLQ_OK) << source.error;
  EXPECT_EQ(source.field("N").sample.dtype, CLQ_U64);
  EXPECT_EQ(source.values<uint64_t>("N", {0}, CLQ_U64)[0], UINT64_MAX - 1);
  EXPECT_EQ(source.ids(0, 1)[0], UINT64_MAX - 1);
  EXPECT_EQ(source.status_of("N", {0}, CLQ_I64), CLQ_E_DATA);
}

TEST(FitsConvert, RefusesAnUndefinedLogicalAsInteger) {
  HandMade hand;
  hand.set("TFORM2", "'4L'");
  hand.remove("TNULL2");
  hand.data = std::string("\0\0\0\0TF\0T", 8);
  hand.set("NAXIS2", "1");
  const Folder folder;
  const Source source(fits(), folder.write("hand.fits", hand.bytes()));
  ASSERT_EQ(source.status, CLQ_OK) << source.error;
  const auto values = source.values<float>("N", {0}, CLQ_F32);
  EXPECT_EQ(values[0], 1);
  EXPECT_TRUE(std::isnan(values[2]));
  EXPECT_EQ(source.status_of("N", {0}, CLQ_U8), CLQ_E_DATA);
  EXPECT_THAT(error_text(), HasSubstr("an undefined logical (element 2) does not fit U8"));
}

}  // namespace
}  // namespace clq::test
