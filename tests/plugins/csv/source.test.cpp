// tests/plugins/csv/source.test.cpp -- CSV and ECSV tables as sources, and files that are not quite tables.
// SPDX-License-Identifier: BSD-3-Clause
#include <cmath>
#include <fstream>
#include <numeric>

#include <sys/stat.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <xxhash.h>

#include "support/other_locale.hpp"
#include "table_harness.hpp"

namespace clq::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

const Plugin& csv() {
  static const Plugin plugin("clq_csv");
  return plugin;
}

const char* kTable =
    "ID,MAG,N,NAME\n"
    "10000000000000000001,21.5,3,\"a, \"\"b\"\"\"\n"
    "2,,4,plain\r\n"
    "3, +1.5e1 ,-5,\n";

TEST(CsvSource, InfersTypesInOnePass) {
  const Folder folder;
  const Source source(csv(), folder.write("t.csv", kTable));
  ASSERT_EQ(source.status, CLQ_OK) << source.error;
  EXPECT_EQ(source.info.n_samples, 3);
  EXPECT_EQ(source.field("ID").sample.dtype, CLQ_U64);
  EXPECT_EQ(source.field("MAG").sample.dtype, CLQ_F64);
  EXPECT_EQ(source.field("N").sample.dtype, CLQ_I64);
  EXPECT_EQ(source.field("NAME").flags, static_cast<uint32_t>(CLQ_FIELD_TEXT));
  EXPECT_EQ(source.field("NAME").sample.dims[0], 6);
}

TEST(CsvSource, ReadsNumbersTextsAndGaps) {
  const Folder folder;
  const Source source(csv(), folder.write("t.csv", kTable));
  const auto mag = source.values<float>("MAG", {2, 0, 1}, CLQ_F32);
  EXPECT_EQ(mag[0], 15);
  EXPECT_EQ(mag[1], 21.5);
  EXPECT_TRUE(std::isnan(mag[2]));
  EXPECT_THAT(source.values<int8_t>("N", {0, 1, 2}, CLQ_I8), ElementsAre(3, 4, -5));
  EXPECT_EQ(source.values<uint64_t>("ID", {0}, CLQ_U64)[0], 10000000000000000001ULL);
  EXPECT_EQ(source.text("NAME", 0), "a, \"b\"");
  EXPECT_EQ(source.text("NAME", 1), "plain");
  EXPECT_EQ(source.text("NAME", 2), "");
}

TEST(CsvSource, LeavesWhatIsNoPlainFileUnopened) {
  const Folder folder;
  const std::string pipe = folder.path("pipe.csv");
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  EXPECT_EQ(csv().source->probe(pipe.c_str()), 80u);  // opening it would wait for a writer
  const Source source(csv(), pipe);
  EXPECT_EQ(source.status, CLQ_E_DATA);
  EXPECT_THAT(source.error, HasSubstr("is not a regular file"));
}

TEST(CsvSource, KeepsTheDigitsOfLongIdsWithGaps) {
  const Folder folder;
  const Source source(csv(), folder.write("t.csv", "A,B\n9007199254740993,1\n,\nnan,3\n"));
  EXPECT_EQ(source.field("A").sample.dtype, CLQ_I64);
  EXPECT_EQ(source.field("B").sample.dtype, CLQ_F64);
  EXPECT_EQ(source.values<int64_t>("A", {0}, CLQ_I64)[0], 9007199254740993);
  EXPECT_TRUE(std::isnan(source.values<double>("A", {1}, CLQ_F64)[0]));
  EXPECT_EQ(source.status_of("A", {2}, CLQ_I64), CLQ_E_DATA);
}

TEST(CsvSource, GivesIdsFingerprintsAndPlaces) {
  const Folder folder;
  const std::string path = folder.write("t.csv", kTable);
  EXPECT_THAT(Source(csv(), path).ids(1, 2), ElementsAre(1, 2));
  EXPECT_THAT(Source(csv(), path, R"({"id": "ID"})").ids(0, 3), ElementsAre(10000000000000000001ULL, 2, 3));
  EXPECT_EQ(Source(csv(), path, R"({"id": "NAME"})").ids(1, 1)[0], XXH3_64bits("plain", 5));
  const Source absent(csv(), path, R"({"id": "IDS"})");
  EXPECT_EQ(absent.status, CLQ_E_NOT_FOUND);
  EXPECT_THAT(absent.error, HasSubstr("t.csv: has no column 'IDS'; the nearest is 'ID'"));
  EXPECT_EQ(Source(csv(), path, R"({"id": "MAG"})").status, CLQ_E_DATA);
  const Source source(csv(), path);
  EXPECT_THAT(source.locate(1), HasSubstr("t.csv, row 2 (line 3)"));
  EXPECT_EQ(source.fingerprint(), Source(csv(), path).fingerprint());
  EXPECT_NE(source.fingerprint(),
            Source(csv(), folder.write("t.csv", std::string(kTable) + "4,1,1,x\n")).fingerprint());
}

TEST(CsvSource, NamesLineColumnAndValueOfWhatDoesNotFit) {
  const Folder folder;
  const Source source(csv(), folder.write("t.csv", "A,B\n1,300\n2,1.5\n"));
  uint32_t n_done = 9;
  EXPECT_EQ(source.status_of("A", {0, 1}, CLQ_U8, &n_done), CLQ_OK);
  EXPECT_EQ(n_done, 2u);
  EXPECT_EQ(source.status_of("B", {1, 0}, CLQ_U8, &n_done), CLQ_E_DATA);
  EXPECT_EQ(n_done, 0u);
  EXPECT_THAT(error_text(), HasSubstr("t.csv, row 2 (line 3), column B: '1.5' does not fit U8 (0..255, no fractions)"));
  EXPECT_EQ(source.status_of("B", {0}, CLQ_U8), CLQ_E_DATA);
  EXPECT_EQ(source.status_of("B", {0}, CLQ_F16), CLQ_E_UNSUPPORTED);
}

TEST(CsvSource, TakesCommentsBlankLinesAndLongRecords) {
  const Folder folder;
  const Source source(csv(), folder.write("t.csv", "#Table1\n\nA,B\n\n1,\"two\nlines\"\n\n2,x\n \n3,y"));
  ASSERT_EQ(source.status, CLQ_OK) << source.error;
  EXPECT_EQ(source.info.n_samples, 3);
  EXPECT_EQ(source.text("B", 0), "two\nlines");
  EXPECT_THAT(source.values<int64_t>("A", {2, 1, 0}, CLQ_I64), ElementsAre(3, 2, 1));
  EXPECT_THAT(source.locate(1), HasSubstr("t.csv, row 2"));
  EXPECT_THAT(source.locate(1), testing::Not(HasSubstr("line")));
}

TEST(CsvSource, TakesAByteOrderMarkAndNamelessColumns) {
  const Folder folder;
  const Source source(csv(), folder.write("t.csv", "\xef\xbb\xbf,B\n0,5\n"));
  EXPECT_STREQ(source.info.fields[0].name, "column1");
  EXPECT_STREQ(source.info.fields[1].name, "B");
}

TEST(CsvSource, NotesTheTextThatMadeAColumnText) {
  const Folder folder;
  const Source source(csv(), folder.write("t.csv", "A\n1\n2\nN/A\n"));
  EXPECT_THAT(source.info.metadata_json, HasSubstr("column A is read as text because of N/A in line 4"));
}

TEST(CsvSource, IgnoresTheLocale) {
  const Folder folder;
  const OtherLocale german("de_DE");
  if (!german.is_set()) GTEST_SKIP() << "localedef makes no locale de_DE.UTF-8 here";
  const Source source(csv(), folder.write("t.csv", "A\n1.5\n"));
  EXPECT_EQ(source.values<double>("A", {0}, CLQ_F64)[0], 1.5);
}

struct Wrong {
  const char* text;
  const char* words;
};

TEST(CsvSource, NamesTheLineThatIsWrong) {
  const Wrong cases[] = {
      {"", "has no line of column names"},
      {"# only a comment\n", "has no line of column names"},
      {"A,B\n1,2\n3\n", "line 3: has 1 fields, 2 expected"},
      {"A,B\n1,2,3\n", "line 2: has 3 fields, 2 expected"},
      {"A,A\n1,2\n", "line 1: two columns are named 'A'"},
      {"1.5,2\n3,4\n", "line 1: must hold the column names; '1.5' is a number"},
      {"A;B\n1;2\n", "line 1: 'A;B' has no comma"},
      {"A,B\n1,\"2\n3,4\n", "line 2: a quote is not closed"},
      {"A,B\n1,\"2\"x\n", "line 2: text follows a closing quote"},
      {"# %ECSV 1.0\n# ---\n# datatype:\n# - {name: A, datatype: complex64}\nA\n",
       "line 4: column A: datatype 'complex64'"},
      {"# %ECSV 1.0\n# ---\n# datatype:\n# - {name: A, datatype: int8}\nB\n",
       "column 1 is 'B' here and 'A' in the ECSV"},
      {"# %ECSV 1.0\n# ---\n# datatype:\n# - {name: A, datatype: int8\nA\n", "line 4: a brace is not closed"},
      {"# %ECSV 1.0\n# ---\n# delimiter: ;\n# datatype:\n# - {name: A, datatype: int8}\nA\n",
       "line 3: the delimiter must"},
      {"# %ECSV 1.0\n# ---\nA\n", "the ECSV header has no datatype list"},
      {"# %ECSV 1.0\n# nonsense\nA\n", "line 2: 'nonsense' has no colon"},
  };
  const Folder folder;
  for (const Wrong& wrong : cases) {
    const Source source(csv(), folder.write("t.csv", wrong.text));
    EXPECT_EQ(source.status, CLQ_E_DATA) << wrong.text;
    EXPECT_THAT(source.error, HasSubstr("t.csv"));
    EXPECT_THAT(source.error, HasSubstr(wrong.words)) << wrong.text;
  }
  EXPECT_EQ(Source(csv(), folder.path("absent.csv")).status, CLQ_E_NOT_FOUND);
  EXPECT_THAT(Source(csv(), folder.write("t.csv.gz", "\x1f\x8b\x08")).error,
              HasSubstr("compressed file; uncompress it"));
}

TEST(CsvSource, SurvivesEveryByteChanged) {
  const Folder folder;
  const std::string whole = std::string(
      "# %ECSV 1.0\n# ---\n# delimiter: ','\n# datatype:\n# - {name: A, unit: 'm', "
      "datatype: int8}\n# - name: B\n#   datatype: string\nA,B\n1,\"x\"\n");
  for (size_t at = 0; at < whole.size(); ++at)
    for (const char c : {'\0', '"', '\n', '{', ' '}) {
      std::string bytes = whole;
      bytes[at] = c;
      const Source source(csv(), folder.write("t.ecsv", bytes));
      if (source.status == CLQ_OK && source.info.n_samples > 0)
        (void)source.status_of(source.info.fields[0].name, {0}, CLQ_U8);
    }
}

TEST(CsvSource, RefusesALineWithoutEnd) {
  const Folder folder;
  const Source source(csv(), folder.write("t.csv", "A\n" + std::string(3 << 20, '1')));
  EXPECT_EQ(source.status, CLQ_E_DATA);
  EXPECT_THAT(source.error, HasSubstr("line 2: is longer than 1048576 bytes"));
}

TEST(CsvSource, ReadsManyRowsInAnyOrderIntoOneMatrix) {
  const Folder folder;
  std::string text = "A,B\n";
  for (int i = 0; i < 100000; ++i) text += std::to_string(i) + "," + std::to_string(i) + ".25\n";
  const Source source(csv(), folder.write("t.csv", text));
  ASSERT_EQ(source.info.n_samples, 100000);
  std::vector<int64_t> rows(100000);
  for (size_t i = 0; i < rows.size(); ++i) rows[i] = static_cast<int64_t>(i * 7919 % rows.size());
  std::vector<float> matrix(300000, -1);
  Reader reader(source, {0, 1});
  ASSERT_EQ(reader.read(rows, {make_slot(source.field("A"), 0, CLQ_F32, matrix.data(), 1200000, 12),
                               make_slot(source.field("B"), 1, CLQ_F32, matrix.data() + 1, 1199996, 12)}),
            CLQ_OK);
  for (size_t i = 0; i < rows.size(); ++i) {
    ASSERT_EQ(matrix[3 * i], static_cast<float>(rows[i]));
    ASSERT_EQ(matrix[3 * i + 1], static_cast<float>(rows[i]) + 0.25f);
    ASSERT_EQ(matrix[3 * i + 2], -1);
  }
  std::iota(rows.begin(), rows.end(), 0);
  EXPECT_EQ(source.values<int32_t>("A", rows, CLQ_I32).back(), 99999);
}

TEST(CsvSource, NoticesAFileThatChangedAndLeavesNoneOpen) {
  const Folder folder;
  const int before = open_files();
  {
    const Source source(csv(), folder.write("t.csv", kTable));
    float value = 0;
    Reader reader(source, {1});
    const std::vector<clq_slot> slots = {make_slot(source.field("MAG"), 1, CLQ_F32, &value, 4)};
    EXPECT_EQ(reader.read({0}, slots), CLQ_OK);
    std::ofstream(folder.path("t.csv"), std::ios::app) << "4,1,1,x\n";
    EXPECT_EQ(reader.read({0}, slots), CLQ_E_IO);
    EXPECT_THAT(error_text(), HasSubstr("t.csv: the file changed"));
  }
  EXPECT_EQ(open_files(), before);
}

TEST(CsvSource, ProbesBySuffixAndFirstLine) {
  const Folder folder;
  EXPECT_EQ(csv().source->probe("a.csv"), 80u);
  EXPECT_EQ(csv().source->probe("a.ecsv"), 80u);
  EXPECT_EQ(csv().source->probe("a.fits"), 0u);
  EXPECT_EQ(csv().source->probe("csv://a"), 100u);
  EXPECT_EQ(csv().source->probe(folder.write("t.txt", "# %ECSV 0.9\n").c_str()), 95u);
}

const char* kWriteEcsv = R"(
from astropy.table import Table, MaskedColumn
import astropy.units as u, numpy as np
t = Table()
t['ID'] = np.array([2**63 + 5, 7, 8], dtype=np.uint64)
t['MAG'] = np.array([1.5, np.nan, -2], dtype=np.float32) * u.mag
t['FLUX'] = MaskedColumn([1.25, 2, 3], mask=[False, True, False], unit='erg / (cm2 s)', description="it's, {a} long \"story\" " * 12)
t['GOOD'] = [True, False, True]
t['N'] = np.array([1, -2, 3], dtype=np.int16)
t['NAME'] = ['a b', '', 'c"d']
t['N'].meta['note'] = {'deep': [1, 2]}
t.meta['keywords'] = ['x', 'y']
t.write(path, format='ascii.ecsv', delimiter=delimiter)
)";

void expect_astropy_table(const std::string& path) {
  const Source source(csv(), path, R"({"id": "ID"})");
  ASSERT_EQ(source.status, CLQ_OK) << source.error;
  ASSERT_EQ(source.info.n_samples, 3);
  EXPECT_EQ(source.field("ID").sample.dtype, CLQ_U64);
  EXPECT_EQ(source.field("MAG").sample.dtype, CLQ_F32);
  EXPECT_EQ(source.field("N").sample.dtype, CLQ_I16);
  EXPECT_STREQ(source.field("MAG").unit, "mag");
  EXPECT_STREQ(source.field("FLUX").unit, "erg / (cm2 s)");
  EXPECT_EQ(source.ids(0, 1)[0], 9223372036854775813ULL);
  EXPECT_TRUE(std::isnan(source.values<float>("MAG", {1}, CLQ_F32)[0]));
  const auto flux = source.values<double>("FLUX", {0, 1, 2}, CLQ_F64);
  EXPECT_EQ(flux[0], 1.25);
  EXPECT_TRUE(std::isnan(flux[1]));
  EXPECT_THAT(source.values<uint8_t>("GOOD", {0, 1, 2}, CLQ_U8), ElementsAre(1, 0, 1));
  EXPECT_THAT(source.values<int16_t>("N", {2, 1, 0}, CLQ_I16), ElementsAre(3, -2, 1));
  EXPECT_EQ(source.text("NAME", 0), "a b");
  EXPECT_EQ(source.text("NAME", 1), "");
  EXPECT_EQ(source.text("NAME", 2), "c\"d");
}

TEST(EcsvSource, ReadsWhatAstropyWrites) {
  for (const char* delimiter : {" ", ","}) {
    const Folder folder;
    bool ran = false;
    run_astropy(folder, "path = '" + folder.path("t.ecsv") + "'\ndelimiter = '" + delimiter + "'\n" + kWriteEcsv, ran);
    CLQ_NEEDS_ASTROPY(ran);
    expect_astropy_table(folder.path("t.ecsv"));
  }
}

TEST(CsvSource, RefusesImages) {
  const Folder folder;
  const Source source(csv(), folder.write("a.csv", "ID\n1\n"), R"({"images": "{ID}.fits"})");
  EXPECT_THAT(source.error, HasSubstr("a.csv: images need a FITS catalogue: convert it to FITS"));
}

}  // namespace
}  // namespace clq::test
