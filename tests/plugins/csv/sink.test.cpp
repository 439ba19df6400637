// tests/plugins/csv/sink.test.cpp -- CSV and ECSV files written row range by row range.
// SPDX-License-Identifier: BSD-3-Clause
#include <filesystem>
#include <fstream>
#include <limits>

#include <sys/stat.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "table_harness.hpp"

namespace clq::test {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

const Plugin& csv() {
  static const Plugin plugin("clq_csv");
  return plugin;
}

const std::vector<clq_field>& fields() {
  static const std::vector<clq_field> all = {make_field("ID", "", CLQ_I64), make_field("ZPHOT", "mag", CLQ_F32),
                                             make_field("BAD", "", CLQ_U8),
                                             make_field("NAME", "", CLQ_U8, {8}, CLQ_FIELD_TEXT)};
  return all;
}

class Sink {
 public:
  Sink(const std::string& path, const std::string& options, int64_t n)
      : status(csv().sink->create(path.c_str(), options.c_str(), fields().data(), 4, n, &sink_)) {}
  ~Sink() { csv().sink->discard(sink_); }
  clq_status write(int64_t first, int64_t id, float z, uint8_t bad, const std::string& name) {
    char text[8] = {};
    name.copy(text, 8);
    const std::vector<clq_slot> slots = {
        make_slot(fields()[0], 0, CLQ_I64, &id, 8), make_slot(fields()[1], 1, CLQ_F32, &z, 4),
        make_slot(fields()[2], 2, CLQ_U8, &bad, 1), make_slot(fields()[3], 3, CLQ_U8, text, 8)};
    return csv().sink->write(sink_, first, 1, slots.data());
  }
  clq_status write_all() {
    if (const clq_status s = write(2, INT64_MIN, std::numeric_limits<float>::quiet_NaN(), 255, "a,\"b"); s != CLQ_OK)
      return s;
    if (const clq_status s = write(0, 1, 0.1f, 0, "x"); s != CLQ_OK) return s;
    return write(1, -2, 1e30f, 1, "");
  }
  clq_status commit() { return csv().sink->commit(sink_); }

 private:
  clq_sink* sink_ = nullptr;

 public:
  clq_status status;
};

TEST(CsvSink, SaysThatANameCannotBe) {
  const Folder folder;
  const std::string loop = folder.path("loop");
  std::filesystem::create_symlink(loop, loop);
  for (const std::string& path :
       {folder.path(std::string(300, 'a') + ".csv"), folder.path(std::string(250, 'a')), loop + "/out.csv"}) {
    EXPECT_EQ(Sink(path, "{}", 3).status, CLQ_E_IO) << path;
    EXPECT_THAT(error_text(), HasSubstr(path));
  }
  EXPECT_THAT(folder.names(), testing::ElementsAre("loop"));
}

// A relative link within a linked folder: names that are put together would lead to another file.
TEST(CsvSink, WritesTheFileThatALinkLeadsTo) {
  const Folder folder;
  fs::create_directories(folder.path("real/deep"));
  fs::create_directory_symlink("real/deep", folder.path("out"));
  fs::create_symlink("../a.csv", folder.path("real/deep/link.csv"));
  std::ofstream(folder.path("real/a.csv")) << "old";
  std::ofstream(folder.path("a.csv")) << "another";
  fs::permissions(folder.path("real/a.csv"), fs::perms{0640});
  Sink sink(folder.path("out/link.csv"), "{}", 3);
  ASSERT_EQ(sink.status, CLQ_OK) << error_text();
  for (const auto& entry : fs::directory_iterator(folder.path("real"))) {
    const bool is_new = entry.path().extension() != ".csv" && entry.is_regular_file();
    EXPECT_TRUE(!is_new || entry.status().permissions() == fs::perms{0600}) << "not yet whole";
  }
  ASSERT_EQ(sink.write_all(), CLQ_OK) << error_text();
  ASSERT_EQ(sink.commit(), CLQ_OK) << error_text();
  EXPECT_TRUE(fs::is_symlink(folder.path("real/deep/link.csv")));
  EXPECT_EQ(read_file(folder.path("real/a.csv")).substr(0, 8), "ID,ZPHOT");
  EXPECT_EQ(fs::status(folder.path("real/a.csv")).permissions(), fs::perms{0640});
  EXPECT_EQ(read_file(folder.path("a.csv")), "another");
}

TEST(CsvSink, TakesThePlaceOfNoDeviceAndNoReadOnlyFile) {
  const Folder folder;
  const std::string pipe = folder.path("pipe.csv"), link = folder.path("link.csv");
  ASSERT_EQ(mkfifo(pipe.c_str(), 0600), 0);
  fs::create_symlink("pipe.csv", link);
  for (const std::string& path : {pipe, link}) {
    EXPECT_EQ(Sink(path, "{}", 3).status, CLQ_E_IO);
    EXPECT_EQ(error_text(), path + ": is not a regular file");
  }
  fs::create_symlink("gone.csv", folder.path("dangling.csv"));
  EXPECT_EQ(Sink(folder.path("dangling.csv"), "{}", 3).status, CLQ_E_IO);
  EXPECT_TRUE(fs::is_fifo(pipe));
  const std::string kept = folder.write("kept.csv", "old");
  fs::permissions(kept, fs::perms{0444});
  EXPECT_EQ(Sink(kept, "{}", 3).status, CLQ_E_IO);
  EXPECT_THAT(error_text(), HasSubstr("kept.csv: is there and read-only"));
}

TEST(CsvSink, WritesRowsInOrderWithTheShortestDigits) {
  const Folder folder;
  Sink sink(folder.path("out.csv"), "{}", 3);
  ASSERT_EQ(sink.status, CLQ_OK) << error_text();
  ASSERT_EQ(sink.write_all(), CLQ_OK) << error_text();
  ASSERT_EQ(sink.commit(), CLQ_OK) << error_text();
  EXPECT_EQ(read_file(folder.path("out.csv")),
            "ID,ZPHOT,BAD,NAME\n1,0.1,0,x\n-2,1e+30,1,\"\"\n-9223372036854775808,nan,255,\"a,\"\"b\"\n");
  EXPECT_EQ(folder.names(), std::vector<std::string>{"out.csv"});
}

TEST(CsvSink, WritesEcsvThatAstropyReads) {
  const Folder folder;
  Sink sink(folder.path("out.ecsv"),
            R"({"columns": {"ZPHOT": {"comment": "it's, a {median}"}}, "cards": [{"key": "CLQVER", "value": "0.1.0"},
                {"key": "NBINS", "value": 180}]})",
            3);
  ASSERT_EQ(sink.write_all(), CLQ_OK) << error_text();
  ASSERT_EQ(sink.commit(), CLQ_OK) << error_text();
  bool ran = false;
  const std::string printed = run_astropy(folder, R"(
from astropy.table import Table
import numpy as np
t = Table.read(')" + folder.path("out.ecsv") + R"(', format='ascii.ecsv')
assert t.colnames == ['ID', 'ZPHOT', 'BAD', 'NAME'], t.colnames
assert t['ID'].dtype == np.int64 and t['ZPHOT'].dtype == np.float32 and t['BAD'].dtype == np.uint8
assert t['ZPHOT'].unit == 'mag' and t['ZPHOT'].description == "it's, a {median}"
assert t['ID'][2] == -2**63 and t['ZPHOT'][0] == np.float32(0.1) and np.isnan(t['ZPHOT'][2]) and t['NAME'][2] == 'a,"b'
assert t.meta['CLQVER'] == '0.1.0' and t.meta['NBINS'] == 180
print('ok')
)",
                                          ran);
  CLQ_NEEDS_ASTROPY(ran);
  EXPECT_EQ(printed, "ok\n");
}

TEST(CsvSink, RoundTripsThroughTheSource) {
  const Folder folder;
  for (const char* name : {"out.csv", "out.ecsv"}) {
    {
      Sink sink(folder.path(name), "{}", 3);
      ASSERT_EQ(sink.write_all(), CLQ_OK);
      ASSERT_EQ(sink.commit(), CLQ_OK);
    }
    const Source source(csv(), folder.path(name), R"({"id": "ID"})");
    ASSERT_EQ(source.status, CLQ_OK) << source.error;
    EXPECT_EQ(source.ids(2, 1)[0], uint64_t{1} << 63);
    EXPECT_EQ(source.values<float>("ZPHOT", {0, 1}, CLQ_F32)[0], 0.1f);
    EXPECT_EQ(source.text("NAME", 2), "a,\"b");
  }
}

TEST(CsvSink, QuotesWhatAReaderWouldTakeForAnotherThing) {
  const Folder folder;
  const std::string path = folder.path("out.csv");
  const std::vector<clq_field> columns = {make_field("#ID", "", CLQ_U8, {4}, CLQ_FIELD_TEXT),
                                          make_field("1e3", "", CLQ_U8)};
  clq_sink* sink = nullptr;
  ASSERT_EQ(csv().sink->create(path.c_str(), "{}", columns.data(), 2, 1, &sink), CLQ_OK);
  char text[4] = {'\t', 'a', '\t', '\0'};
  uint8_t b = 1;
  const std::vector<clq_slot> slots = {make_slot(columns[0], 0, CLQ_U8, text, 4),
                                       make_slot(columns[1], 1, CLQ_U8, &b, 1)};
  ASSERT_EQ(csv().sink->write(sink, 0, 1, slots.data()), CLQ_OK);
  EXPECT_EQ(csv().sink->commit(sink), CLQ_OK);
  csv().sink->discard(sink);
  const Source source(csv(), path);
  ASSERT_EQ(source.status, CLQ_OK) << source.error;
  EXPECT_EQ(source.text("#ID", 0), "\ta\t");
  EXPECT_STREQ(source.info.fields[1].name, "1e3");
}

TEST(CsvSink, RefusesVectorsAndExtraTables) {
  const Folder folder;
  clq_sink* sink = nullptr;
  const clq_field vector = make_field("PDF", "", CLQ_F32, {180});
  EXPECT_EQ(csv().sink->create(folder.path("o.csv").c_str(), "{}", &vector, 1, 1, &sink), CLQ_E_UNSUPPORTED);
  EXPECT_THAT(error_text(), HasSubstr("column PDF holds vectors; CSV holds scalars, write a .fits file"));
  const Sink table(folder.path("o.csv"), R"({"tables": [{"hdu": "ZGRID", "columns": {"Z": [1]}}]})", 1);
  EXPECT_EQ(table.status, CLQ_E_UNSUPPORTED);
  EXPECT_THAT(error_text(), HasSubstr("table ZGRID has no place in CSV"));
  EXPECT_TRUE(folder.names().empty());
}

TEST(CsvSink, CountsRowsRatherThanWrites) {
  const Folder folder;
  Sink sink(folder.path("out.csv"), "{}", 3);
  ASSERT_EQ(sink.write(2, 3, 0, 0, ""), CLQ_OK);
  ASSERT_EQ(sink.write(0, 1, 0, 0, ""), CLQ_OK);
  EXPECT_EQ(sink.write(2, 4, 0, 0, ""), CLQ_E_INVALID);
  EXPECT_THAT(error_text(), HasSubstr("out.csv: row 2 is written already; write each row once"));
  EXPECT_EQ(sink.commit(), CLQ_E_INVALID);
  EXPECT_THAT(error_text(), HasSubstr("2 rows were written, 3 were announced; row 1 is the first without values"));
  ASSERT_EQ(sink.write(1, 2, 0, 0, ""), CLQ_OK);
  ASSERT_EQ(sink.commit(), CLQ_OK) << error_text();
  EXPECT_EQ(read_file(folder.path("out.csv")), "ID,ZPHOT,BAD,NAME\n1,0,0,\"\"\n2,0,0,\"\"\n3,0,0,\"\"\n");
}

TEST(CsvSink, LeavesNothingBehindWithoutCommit) {
  const Folder folder;
  const int before = open_files();
  {
    Sink sink(folder.path("out.csv"), "{}", 3);
    ASSERT_EQ(sink.write(0, 1, 0, 0, ""), CLQ_OK);
    EXPECT_EQ(sink.commit(), CLQ_E_INVALID);
    EXPECT_THAT(error_text(), HasSubstr("1 rows were written, 3 were announced"));
    EXPECT_EQ(sink.write(3, 1, 0, 0, ""), CLQ_E_INVALID);
  }
  EXPECT_TRUE(folder.names().empty());
  EXPECT_EQ(open_files(), before);
}

TEST(CsvSink, LeavesTheFileToTheSinkThatHasIt) {
  const Folder folder;
  const std::string path = folder.path("out.csv");
  Sink first(path, "{}", 3);
  ASSERT_EQ(first.status, CLQ_OK) << error_text();
  {
    const Sink second(path, "{}", 3);
    EXPECT_EQ(second.status, CLQ_E_IO);
    EXPECT_THAT(error_text(), HasSubstr("out.csv: is being written already; if not, remove " + path + ".tmp."));
  }
  ASSERT_EQ(first.write_all(), CLQ_OK) << error_text();
  ASSERT_EQ(first.commit(), CLQ_OK) << error_text();
  EXPECT_EQ(folder.names(), std::vector<std::string>{"out.csv"});
  EXPECT_THAT(read_file(path), HasSubstr("1,0.1,0,x"));
  EXPECT_EQ(Sink(path, "{}", 3).status, CLQ_OK) << error_text();
}

TEST(CsvSink, ReportsAFullDisk) {
  const Folder folder;
  clq_status status = CLQ_OK;
  {
    Sink sink(folder.path("out.csv"), "{}", 3);
    const SizeLimit limit(8);
    status = sink.write_all();
  }
  EXPECT_EQ(status, CLQ_E_NOSPACE);
  EXPECT_THAT(error_text(), HasSubstr("out.csv: cannot be written: 63 bytes are more than the file-size limit of 8"));
  EXPECT_TRUE(folder.names().empty());
}

TEST(CsvSink, StopsBeforeALimitOnTheSizeOfFiles) {
  const Folder folder;
  const auto write = [&](rlim_t bytes) {
    const SizeLimit limit(bytes);
    Sink sink(folder.path("out.csv"), "{}", 3);
    if (sink.status != CLQ_OK) return sink.status;
    if (const clq_status status = sink.write_all(); status != CLQ_OK) return status;
    return sink.commit();
  };
  EXPECT_EQ(write(62), CLQ_E_NOSPACE);  // the raw rows
  EXPECT_THAT(error_text(), HasSubstr("63 bytes are more than the file-size limit of 62"));
  EXPECT_EQ(write(78), CLQ_E_NOSPACE);  // the text
  EXPECT_THAT(error_text(), HasSubstr("out.csv: cannot be written: 79 bytes"));
  EXPECT_TRUE(folder.names().empty());
  EXPECT_EQ(write(79), CLQ_OK) << error_text();
  EXPECT_EQ(std::filesystem::file_size(folder.path("out.csv")), 79u);
}

}  // namespace
}  // namespace clq::test
