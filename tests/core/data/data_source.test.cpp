// tests/core/data/data_source.test.cpp -- the owner of a source's table: what it checks, what it fills in.
// SPDX-License-Identifier: BSD-3-Clause
#include "core/data/support.hpp"

namespace clq {
namespace {

TEST(DataSource, FillsInWhatAnOlderTableLacks) {
  test::Scripted script{{"a"}, 4, 2, [](int64_t row, uint32_t) { return static_cast<double>(row); }};
  clq_data_source_api api = test::scripted_api();
  api.locate = nullptr;
  const DataSource source(api, reinterpret_cast<clq_source*>(&script), "x.dat");
  EXPECT_THAT(source.ids(1, 2), testing::ElementsAre(1, 2));
  EXPECT_EQ(source.locate(3), "x.dat, row 3");
  EXPECT_EQ(source.schema().max_readers, 2u);
  EXPECT_EQ(source.fingerprint(), (std::array<uint8_t, 32>{}));
}

TEST(DataSource, RefusesATableWithoutAReader) {
  clq_data_source_api api = test::scripted_api();
  api.struct_size = static_cast<uint32_t>(CLQ_SIZE_UPTO(clq_data_source_api, reader_open));  // an older, shorter one
  EXPECT_THAT(test::words_of([&] { DataSource(api, "x.dat", "{}"); }), testing::HasSubstr("lacks a function"));
}

TEST(DataSource, PassesOnTheWordsOfAFailedOpen) {
  clq_data_source_api api = test::scripted_api();
  api.open = [](const char* uri, const char*, clq_source**) -> clq_status {
    set_thread_error((std::string(uri) + ": no such file").c_str());
    return CLQ_E_NOT_FOUND;
  };
  try {
    DataSource(api, "x.dat", "{}");
    ADD_FAILURE();
  } catch (const Error& error) {
    EXPECT_EQ(error.status(), CLQ_E_NOT_FOUND);
    EXPECT_STREQ(error.what(), "x.dat: no such file");
  }
}

// A positive status is an information, not an error; thrown, it would reach the host as a success.
TEST(DataSource, TakesAPositiveStatusForSuccess) {
  static test::Scripted script{{"a"}, 4, 0, {}};
  clq_data_source_api api = test::scripted_api();
  api.open = [](const char*, const char*, clq_source** out) -> clq_status {
    *out = reinterpret_cast<clq_source*>(&script);
    return CLQ_END;
  };
  EXPECT_EQ(DataSource(api, "x.dat", "{}").schema().n_samples, 4);
}

TEST(DataSource, SaysSoWhenASourceFailsWithoutWords) {
  EXPECT_EQ(test::words_of([] { DataSource(test::scripted_api(), "x.dat", "{}"); }),
            "opening x.dat ended with status -2 and no words");
}

TEST(DataSource, RefusesStreamsAndTwinColumns) {
  test::Scripted stream{{"a"}, -1, 0, {}}, twins{{"a", "a"}, 1, 0, {}};
  EXPECT_THAT(test::words_of([&] { test::open_scripted(stream); }), testing::HasSubstr("unknown length"));
  EXPECT_EQ(test::words_of([&] { test::open_scripted(twins); }), "scripted:: two columns are named a");
}

std::string words_of_opening(test::Scripted script) {
  script.names = script.names.empty() ? std::vector<std::string>{"a"} : script.names;
  script.n = 1;
  return test::words_of([&] { test::open_scripted(script); });
}

// What a source asks for by a flag, and this host does not do, would be taken as done.
TEST(DataSource, RefusesFlagsThatItDoesNotKnow) {
  EXPECT_EQ(words_of_opening({.flags = CLQ_SRC_RANDOM_ACCESS | 12u}),
            "scripted:: the source sets flags 0xc that this host does not know");
  EXPECT_EQ(words_of_opening({.field_flags = CLQ_FIELD_TEXT | 8u}),
            "scripted:: column a sets flags 0x8 that this host does not know");
  EXPECT_EQ(words_of_opening({.sample_flags = 1}),
            "scripted:: the sample of column a sets flags 0x1 that this host does not know");
  EXPECT_EQ(words_of_opening({.sample_reserved = 2}),
            "scripted:: the sample of column a sets reserved members 0x2 that this host does not know");
}

// They go into bundles and reports, which are JSON.
TEST(DataSource, RefusesTextsThatAreNoUtf8) {
  EXPECT_EQ(words_of_opening({.names = {"a", "fl\xfcx"}}),
            "scripted:: the name of column 1 (the first is 0), 'fl\\xfcx', is not UTF-8");
  EXPECT_EQ(words_of_opening({.unit = "\xb5Jy"}),
            "scripted:: the unit of column 0 (the first is 0), '\\xb5Jy', is not UTF-8");
  EXPECT_EQ(words_of_opening({.axes = "\xff"}),
            "scripted:: the axes of column 0 (the first is 0), '\\xff', is not UTF-8");
}

TEST(DataSource, GivesNoSingleRowsOfAStream) {
  test::Scripted stream{
      .names = {"a"}, .n = 4, .value = [](int64_t, uint32_t) { return 0.0; }, .flags = CLQ_SRC_STREAM};
  const auto source = test::open_scripted(stream);
  EXPECT_EQ(source->schema().max_readers, 1u);
  EXPECT_EQ(test::words_of([&] { source->read_field(0, {2}, CLQ_F64); }),
            "scripted:: is read in order alone, looking at single rows needs a source of random access");
  stream.flags |= CLQ_SRC_RANDOM_ACCESS;
  EXPECT_EQ(test::open_scripted(stream)->read_field(0, {2}, CLQ_F64).as<double>()[0], 0.0);
}

TEST(DataSchema, NamesTheNearestColumn) {
  const auto source = test::make_source({{"MAG_U", {1}}, {"MAG_G", {1}}});
  EXPECT_EQ(source->schema().require("MAG_G", "where"), 1u);
  EXPECT_EQ(source->schema().find("Z"), -1);
  EXPECT_EQ(test::words_of([&] { source->schema().require("MAGU", "data.target"); }),
            "data.target: there is no column 'MAGU', did you mean 'MAG_U'?");
}

}  // namespace
}  // namespace clq
