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

TEST(DataSchema, NamesTheNearestColumn) {
  const auto source = test::make_source({{"MAG_U", {1}}, {"MAG_G", {1}}});
  EXPECT_EQ(source->schema().require("MAG_G", "where"), 1u);
  EXPECT_EQ(source->schema().find("Z"), -1);
  EXPECT_EQ(test::words_of([&] { source->schema().require("MAGU", "data.target"); }),
            "data.target: there is no column 'MAGU', did you mean 'MAG_U'?");
}

}  // namespace
}  // namespace clq
