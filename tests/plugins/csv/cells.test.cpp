// tests/plugins/csv/cells.test.cpp -- cells without a value, ids among them, and texts over several lines.
// SPDX-License-Identifier: BSD-3-Clause
#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "table_harness.hpp"

namespace clq::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

const Plugin& csv() {
  static const Plugin plugin("clq_csv");
  return plugin;
}

TEST(CsvCells, KeepsTheLineEndsOfAQuotedText) {
  const Folder folder;
  const Source source(csv(), folder.write("t.csv", "A,B\r\n1,\"two\r\nlines\"\r\n2,\"x\"\r\r\n3,7\r\r\n"));
  ASSERT_EQ(source.status, CLQ_OK) << source.error;
  EXPECT_EQ(source.info.n_samples, 3);
  EXPECT_EQ(source.field("B").sample.dims[0], 10);
  EXPECT_EQ(source.text("B", 0), "two\r\nlines");
  EXPECT_EQ(source.text("B", 1), "x");
  EXPECT_EQ(source.text("B", 2), "7");
  EXPECT_THAT(source.values<int64_t>("A", {2, 1, 0}, CLQ_I64), ElementsAre(3, 2, 1));
}

TEST(CsvCells, TakesAnEmptyLineOfTheOnlyColumnForARow) {
  const Folder folder;
  const Source source(csv(), folder.write("t.csv", "A\r\n1\r\n\r\n3\r\n \r\n5\r\n\r\n\r\n"));
  ASSERT_EQ(source.status, CLQ_OK) << source.error;
  ASSERT_EQ(source.info.n_samples, 5);
  const auto values = source.values<double>("A", {0, 1, 2, 3, 4}, CLQ_F64);
  EXPECT_TRUE(std::isnan(values[1]) && std::isnan(values[3]));
  EXPECT_EQ(values[0] + values[2] + values[4], 9);
  EXPECT_THAT(source.locate(4), HasSubstr("row 5 (line 6)"));
  EXPECT_THAT(source.info.metadata_json, HasSubstr("2 empty lines are rows without a value"));
  const Source texts(csv(), folder.write("n.csv", "NAME\na\n\nb\n"));
  EXPECT_EQ(texts.info.n_samples, 3);
  EXPECT_EQ(texts.text("NAME", 1) + texts.text("NAME", 2), "b");
  EXPECT_EQ(Source(csv(), folder.write("e.csv", "A\n\n\n")).info.n_samples, 0);
}

TEST(CsvCells, ReadsAMaskedCellOfADeclaredIntegerAsNaN) {
  const Folder folder;
  const Source source(csv(),
                      folder.write("t.ecsv",
                                   "# %ECSV 1.0\n# ---\n# delimiter: ','\n# datatype:\n"
                                   "# - {name: ID, datatype: int32}\n# - {name: N, datatype: int32}\n"
                                   "# - {name: GOOD, datatype: bool}\n# - {name: LONG, datatype: int64}\n"
                                   "ID,N,GOOD,LONG\n1,7,True,9007199254740993\n2,,,\n3,9,False,3\n"),
                      R"({"id": "ID"})");
  ASSERT_EQ(source.status, CLQ_OK) << source.error;
  EXPECT_EQ(source.field("ID").sample.dtype, CLQ_I32);
  EXPECT_EQ(source.field("N").sample.dtype, CLQ_F64);
  EXPECT_EQ(source.field("GOOD").sample.dtype, CLQ_F64);
  EXPECT_EQ(source.field("LONG").sample.dtype, CLQ_I64);
  for (const char* name : {"N", "GOOD"}) {
    ASSERT_EQ(source.status_of(name, {0, 1, 2}, CLQ_F64), CLQ_OK) << error_text();
    EXPECT_TRUE(std::isnan(source.values<double>(name, {1}, CLQ_F64)[0])) << name;
  }
  EXPECT_EQ(source.values<double>("N", {2}, CLQ_F64)[0], 9);
  EXPECT_EQ(source.values<double>("GOOD", {0}, CLQ_F64)[0], 1);
  EXPECT_EQ(source.values<int64_t>("LONG", {0}, CLQ_I64)[0], 9007199254740993);
  EXPECT_THAT(source.info.metadata_json,
              HasSubstr("column N is declared I32 and read as F64 because line 11 has no value"));
}

struct WrongId {
  const char* text;
  const char* words;
};

TEST(CsvCells, NamesTheLineOfARowWithoutAnId) {
  const WrongId cases[] = {
      {"OBJID,M\n1,2\n,3\n4,5\n,6\n", "gap.csv, line 3: the id column 'OBJID' has no value; each row needs an id"},
      {"OBJID,M\n9007199254740993,2\nnan,3\n",
       "gap.csv, line 3: the id column 'OBJID' has no value; each row needs an id"},
      {"OBJID,M\n1,2\n3,2\n1.5,3\n,6\n", "gap.csv, line 4: the id column 'OBJID' holds '1.5'; an id is one integer"},
      {"# %ECSV 1.0\n# ---\n# delimiter: ','\n# datatype:\n# - {name: OBJID, datatype: int64}\nOBJID\n7\n\"\"\n",
       "gap.csv, line 8: the id column 'OBJID' has no value; each row needs an id"},
  };
  const Folder folder;
  for (const WrongId& wrong : cases) {
    const std::string path = folder.write("gap.csv", wrong.text);
    const Source source(csv(), path, R"({"id": "objid"})");
    EXPECT_EQ(source.status, CLQ_E_DATA) << wrong.text;
    EXPECT_THAT(source.error, HasSubstr(wrong.words));
    EXPECT_EQ(Source(csv(), path).status, CLQ_OK) << wrong.text;
  }
}

// As Windows' editors write it: two bytes a letter.
TEST(CsvCells, OfUtf16AreNoneOfOurs) {
  const Folder folder;
  for (const std::string& text : {std::string("\xff\xfe"
                                              "A\0\n\0"
                                              "1\0\n\0",
                                              10),
                                  std::string("\xfe\xff\0A\0\n\0"
                                              "1\0\n",
                                              10)})
    EXPECT_THAT(Source(csv(), folder.write("t.csv", text)).error,
                testing::HasSubstr("t.csv: is UTF-16; write it as UTF-8"));
}

}  // namespace
}  // namespace clq::test
