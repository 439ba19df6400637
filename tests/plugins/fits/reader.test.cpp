// tests/plugins/fits/reader.test.cpp -- readers: any order, any number, any subset, and never outside a slot.
// SPDX-License-Identifier: BSD-3-Clause
#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <numeric>
#include <random>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fits_files.hpp"

namespace clq::test {
namespace {

using testing::HasSubstr;

std::vector<int64_t> shuffled_rows(uint32_t seed) {
  std::vector<int64_t> rows(kRows);
  std::iota(rows.begin(), rows.end(), 0);
  std::shuffle(rows.begin(), rows.end(), std::mt19937(seed));
  return rows;
}

TEST(FitsReader, GivesTheSameValuesInAnyOrder) {
  const Folder folder;
  const Source source(fits(), write_catalogue(folder));
  for (uint32_t seed = 0; seed < 5; ++seed) {
    const auto rows = shuffled_rows(seed);
    const auto values = source.values<float>("VEC", rows, CLQ_F32);
    for (size_t i = 0; i < rows.size(); ++i)
      ASSERT_EQ(values[6 * i + 5], static_cast<float>(rows[i]) + 0.625f) << "position " << i;
  }
  EXPECT_THAT(source.values<int32_t>("J", {7, 7, 6, 7}, CLQ_I32), testing::ElementsAre(7, 7, 6, 7));
}

TEST(FitsReader, GivesTheSameValuesForAnyNumberOfReaders) {
  const Folder folder;
  const Source source(fits(), write_catalogue(folder));
  const auto rows = shuffled_rows(1);
  const auto expected = source.values<double>("D", rows, CLQ_F64);
  std::vector<double> values(kRows);
  std::vector<std::thread> threads;
  for (size_t t = 0; t < 4; ++t)
    threads.emplace_back([&, t] {
      Reader reader(source, {source.index("D")});
      const std::vector<int64_t> mine(rows.begin() + 50 * static_cast<long>(t),
                                      rows.begin() + 50 * static_cast<long>(t + 1));
      for (int repeat = 0; repeat < 20; ++repeat)
        EXPECT_EQ(reader.read(mine, {make_slot(source.field("D"), source.index("D"), CLQ_F64, &values[50 * t], 400)}),
                  CLQ_OK);
    });
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(values, expected);
}

TEST(FitsReader, ReadsEverySubsetOfThreeFields) {
  const Folder folder;
  const Source source(fits(), write_catalogue(folder));
  const char* names[] = {"NAME", "B", "D"};
  for (unsigned subset = 1; subset < 8; ++subset) {
    std::vector<uint32_t> fields;
    std::vector<clq_slot> slots;
    std::vector<std::vector<char>> memory(3, std::vector<char>(96));
    for (unsigned f = 0; f < 3; ++f)
      if ((subset >> f & 1U) != 0) {
        const clq_field& field = source.field(names[f]);
        fields.push_back(source.index(names[f]));
        slots.push_back(make_slot(field, fields.back(), field.sample.dtype, memory[f].data(), 96));
      }
    Reader reader(source, fields);
    ASSERT_EQ(reader.read({9, 3}, slots), CLQ_OK) << error_text();
    double d = -1;
    std::memcpy(&d, memory[2].data() + 8, 8);
    EXPECT_STREQ(memory[0].data() + 12, (subset & 1U) != 0 ? "obj3" : "");
    EXPECT_EQ(memory[1][0], (subset & 2U) != 0 ? 9 : 0);
    EXPECT_EQ(d, (subset & 4U) != 0 ? 3 : 0);
  }
}

TEST(FitsReader, InterleavesColumnsInOneMatrix) {
  const Folder folder;
  const Source source(fits(), write_catalogue(folder));
  const char* names[] = {"I", "E", "SCALED"};
  std::vector<float> matrix(kRows * 4, -1);
  std::vector<uint32_t> fields;
  std::vector<clq_slot> slots;
  for (size_t c = 0; c < 3; ++c) {
    fields.push_back(source.index(names[c]));
    slots.push_back(make_slot(source.field(names[c]), fields[c], CLQ_F32, &matrix[c],
                              static_cast<int64_t>((matrix.size() - c) * 4), 16));
  }
  Reader reader(source, fields);
  const auto rows = shuffled_rows(2);
  ASSERT_EQ(reader.read(rows, slots), CLQ_OK) << error_text();
  for (size_t i = 0; i < rows.size(); ++i) {
    for (size_t c = 0; c < 3; ++c) ASSERT_EQ(matrix[4 * i + c], static_cast<float>(value_at(names[c], rows[i])));
    ASSERT_EQ(matrix[4 * i + 3], -1) << "a byte between the columns was written";
  }
}

TEST(FitsReader, WritesNothingOutsideItsSlot) {
  const Folder folder;
  const Source source(fits(), write_catalogue(folder));
  for (const char* name : {"L", "I", "D", "VEC", "NAME"}) {
    const clq_field& field = source.field(name);
    const auto bytes = static_cast<size_t>(10 * elements_of(field.sample) * bytes_of(field.sample.dtype));
    std::vector<unsigned char> memory(bytes + 128, 0xa5);
    Reader reader(source, {source.index(name)});
    const clq_slot slot =
        make_slot(field, source.index(name), field.sample.dtype, memory.data() + 64, static_cast<int64_t>(bytes));
    ASSERT_EQ(reader.read({4, 5, 6, 9, 1, 0, 199, 198, 197, 2}, {slot}), CLQ_OK) << error_text();
    for (size_t i = 0; i < 64; ++i) {
      ASSERT_EQ(memory[i], 0xa5) << name;
      ASSERT_EQ(memory[64 + bytes + i], 0xa5) << name;
    }
  }
}

TEST(FitsReader, RefusesSlotsThatCannotHoldTheSamples) {
  const Folder folder;
  const Source source(fits(), write_catalogue(folder));
  const uint32_t e = source.index("E");
  std::vector<float> memory(16);
  Reader reader(source, {e});
  clq_slot slot = make_slot(source.field("E"), e, CLQ_F32, memory.data(), 15);
  EXPECT_EQ(reader.read({0, 1, 2, 3}, {slot}), CLQ_E_INVALID);
  EXPECT_THAT(error_text(), HasSubstr("15 bytes are too few for 4 samples"));
  slot = make_slot(source.field("E"), e, CLQ_F32, memory.data(), 64, 2);
  EXPECT_EQ(reader.read({0, 1}, {slot}), CLQ_E_INVALID);
  slot = make_slot(source.field("VEC"), source.index("VEC"), CLQ_F32, memory.data(), 64);
  EXPECT_EQ(reader.read({0}, {slot}), CLQ_E_INVALID);  // not opened for it
  slot = make_slot(source.field("E"), e, CLQ_F32, nullptr, 64);
  EXPECT_EQ(reader.read({0}, {slot}), CLQ_E_INVALID);
  slot = make_slot(source.field("E"), e, CLQ_F32, memory.data(), 64);
  slot.want.rank = 1;
  slot.want.dims[0] = 3;
  EXPECT_EQ(reader.read({0}, {slot}), CLQ_E_INVALID);
}

TEST(FitsReader, RefusesRowsThatAreNotThere) {
  const Folder folder;
  const Source source(fits(), write_catalogue(folder));
  EXPECT_EQ(source.status_of("E", {0, kRows}, CLQ_F32), CLQ_E_INVALID);
  EXPECT_THAT(error_text(), HasSubstr("sample 200 is outside [0, 200)"));
  EXPECT_EQ(source.status_of("E", {-1}, CLQ_F32), CLQ_E_INVALID);
  const Reader reader(source, {99});
  EXPECT_EQ(reader.status, CLQ_E_INVALID);
}

TEST(FitsReader, RefusesATextLongerThanItsSlot) {
  const Folder folder;
  const Source source(fits(), write_catalogue(folder));
  char memory[32] = {};
  clq_slot slot = make_slot(source.field("NAME"), source.index("NAME"), CLQ_U8, memory, 32);
  slot.want.dims[0] = slot.sample_stride = 5;
  Reader reader(source, {source.index("NAME")});
  EXPECT_EQ(reader.read({42}, {slot}), CLQ_OK) << error_text();
  EXPECT_EQ(std::string(memory), "obj42");
  EXPECT_EQ(reader.read({142}, {slot}), CLQ_E_DATA);
  EXPECT_THAT(error_text(), HasSubstr("row 143, column NAME: a text longer than the slot's 5 bytes"));
}

TEST(FitsReader, StopsWhenCancelled) {
  const Folder folder;
  const Source source(fits(), write_catalogue(folder));
  float value = 0;
  Reader reader(source, {source.index("E")});
  const clq_slot slot = make_slot(source.field("E"), source.index("E"), CLQ_F32, &value, 4);
  EXPECT_EQ(reader.read({0}, {slot}, nullptr, [](const clq_read*) -> int32_t { return 1; }), CLQ_E_CANCELLED);
  EXPECT_EQ(reader.read({0}, {slot}, nullptr, [](const clq_read*) -> int32_t { return 0; }), CLQ_OK);
}

TEST(FitsReader, CountsWholeSamplesBeforeABadOneInALaterColumn) {
  const Folder folder;
  const Source source(fits(), folder.write("hand.fits", HandMade().bytes()));
  int32_t n[3] = {-1, -1, -1};
  int64_t mag[3] = {-1, -1, -1};
  Reader reader(source, {0, 1});
  uint32_t n_done = 0;
  const std::vector<clq_slot> slots = {make_slot(source.field("MAG"), 0, CLQ_I64, mag, 24),
                                       make_slot(source.field("N"), 1, CLQ_I32, n, 12)};
  EXPECT_EQ(reader.read({0, 1, 2}, slots, &n_done), CLQ_E_DATA);
  EXPECT_EQ(n_done, 1u);
  EXPECT_EQ(mag[0], 1);
  EXPECT_EQ(n[0], 5);
}

TEST(FitsReader, ReadsRowsLongerThanItsBuffer) {
  HandMade hand;
  hand.set("TFORM1", "'600000E'");
  hand.set("NAXIS1", "2400004");
  hand.set("NAXIS2", "2");
  hand.data.assign(2 * 2400004, '\0');
  hand.data[2400004 + 2400003] = 7;
  const Folder folder;
  const Source source(fits(), folder.write("hand.fits", hand.bytes()));
  ASSERT_EQ(source.status, CLQ_OK) << source.error;
  EXPECT_THAT(source.values<int32_t>("N", {0, 1}, CLQ_I32), testing::ElementsAre(0, 7));
  EXPECT_EQ(source.values<float>("MAG", {1, 0}, CLQ_F32).size(), 1200000u);
}

TEST(FitsReader, NoticesAFileThatChanged) {
  const Folder folder;
  const std::string path = write_catalogue(folder);
  const Source source(fits(), path, R"({"id": "J"})");
  EXPECT_EQ(source.status_of("E", {0}, CLQ_F32), CLQ_OK);
  std::ofstream(path, std::ios::app) << "more";
  EXPECT_EQ(source.status_of("E", {0}, CLQ_F32), CLQ_E_IO);
  EXPECT_THAT(error_text(), HasSubstr("cat.fits: the file changed since it was opened"));
  uint64_t id = 0;
  EXPECT_EQ(source.api().ids(source.handle(), 0, 1, &id), CLQ_E_IO);
}

TEST(FitsReader, NoticesAFileThatWasReplacedWhileItReads) {
  const Folder folder;
  const std::string path = write_catalogue(folder);
  const Source source(fits(), path);
  float value = 0;
  Reader reader(source, {source.index("E")});
  const clq_slot slot = make_slot(source.field("E"), source.index("E"), CLQ_F32, &value, 4);
  ASSERT_EQ(reader.read({0}, {slot}), CLQ_OK);
  std::filesystem::copy_file(path, folder.path("other"));
  std::filesystem::rename(folder.path("other"), path);
  EXPECT_EQ(reader.read({0}, {slot}), CLQ_E_IO);
  std::filesystem::remove(path);
  EXPECT_EQ(reader.read({0}, {slot}), CLQ_E_IO);
  EXPECT_THAT(error_text(), HasSubstr(std::string("cat.fits: ") + std::strerror(ENOENT)));
}

TEST(FitsReader, LeavesNoFileOpen) {
  const Folder folder;
  const std::string path = write_catalogue(folder);
  const int before = open_files();
  {
    const Source source(fits(), path, R"({"id": "J"})");
    (void)source.ids(0, 10);
    const Reader a(source, {0}), b(source, {1});
    EXPECT_GT(open_files(), before);
  }
  EXPECT_EQ(open_files(), before);
}

}  // namespace
}  // namespace clq::test
