// tests/plugins/fits/damage.test.cpp -- files that are absent, foreign, cut short or damaged: an error, never a crash.
// SPDX-License-Identifier: BSD-3-Clause
#include <cstdlib>
#include <filesystem>
#include <random>

#include <sys/stat.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fits_files.hpp"

namespace clq::test {
namespace {

using testing::HasSubstr;

struct Damage {
  const char* keyword;
  const char* value;  // nullptr: the card is removed
  const char* words;
};

TEST(FitsDamage, NamesTheKeywordThatIsWrong) {
  const Damage cases[] = {
      {"BITPIX", "17", "BITPIX = 17 is not 8, 16, 32"},
      {"BITPIX", nullptr, "keyword BITPIX is missing"},
      {"NAXIS", "999", "keyword NAXIS3 is missing"},
      {"NAXIS", "1", "a binary table has BITPIX 8, NAXIS 2"},
      {"NAXIS", "-1", "NAXIS = -1 is not 0..999"},
      {"NAXIS1", "0", "NAXIS1 = 0, a row has bytes"},
      {"NAXIS1", "9", "NAXIS1 = 9, the columns' formats add up to 8 bytes a row"},
      {"NAXIS1", "'eight'", "NAXIS1 = 'eight' is not an integer"},
      {"NAXIS1", "99999999999999999999999", "is not an integer"},
      {"NAXIS2", "-3", "NAXIS2 = -3 is negative"},
      {"NAXIS2", "1000", "the header declares 8000 bytes of data, the file has 2880 left"},
      {"NAXIS2", "9223372036854775807", "the header declares more than 2^63 bytes"},
      {"PCOUNT", "1000000", "bytes of data, the file has 2880 left"},
      {"PCOUNT", "-8", "PCOUNT = -8, GCOUNT = 1; they must be at least 0 and 1"},
      {"GCOUNT", "2", "a binary table has BITPIX 8, NAXIS 2 and GCOUNT 1"},
      {"TFIELDS", "0", "TFIELDS = 0 is not 1..999"},
      {"TFIELDS", "3", "keyword TFORM3 is missing"},
      {"TFIELDS", "1000", "TFIELDS = 1000 is not 1..999"},
      {"TFORM1", "'1Y'", "TFORM1 = '1Y' is not a column format"},
      {"TFORM1", "''", "TFORM1 = '' is not a column format"},
      {"TFORM1", "'-1E'", "TFORM1 = '-1E' is not a column format"},
      {"TFORM1", "'99999999999999999999E'", "is not a column format"},
      {"TFORM1", "5", "TFORM1 = 5 is not a text in quotes"},
      {"TFORM1", "'2E'", "add up to 12 bytes a row"},
      {"TTYPE2", "'MAG'", "two columns are named 'MAG'"},
      {"TDIM1", "'(2,2)'", "TDIM1 = '(2,2)' does not describe 1 elements"},
      {"TDIM1", "'(1'", "does not describe 1 elements"},
      {"TDIM1", "'(1,)'", "does not describe 1 elements"},
      {"TDIM1", "'(4294967296,4294967296)'", "does not describe 1 elements"},
      {"TSCAL2", "0", "TSCAL2 must be finite and not 0"},
      {"TZERO2", "'many'", "TZERO2 = 'many' is not a number"},
      {"TNULL2", "1.5", "TNULL2 = 1.5 is not an integer"},
      {"XTENSION", "'IMAGE'", "has no binary table"},
      {"ZTABLE", "T", "is a compressed table; use funpack"},
      {"ZIMAGE", "T", "keyword ZNAXIS is missing"},
  };
  const Folder folder;
  for (const Damage& damage : cases) {
    HandMade hand;
    if (damage.value == nullptr)
      hand.remove(damage.keyword);
    else
      hand.set(damage.keyword, damage.value);
    const Source source(fits(), folder.write("hand.fits", hand.bytes()));
    EXPECT_TRUE(source.status == CLQ_E_DATA || source.status == CLQ_E_NOT_FOUND) << damage.keyword << source.status;
    EXPECT_THAT(source.error, HasSubstr(damage.words)) << damage.keyword;
    EXPECT_THAT(source.error, HasSubstr("hand.fits"));
  }
}

TEST(FitsDamage, RefusesAKeywordGivenTwice) {
  HandMade hand;
  hand.cards.emplace_back("NAXIS2", "2");
  const Folder folder;
  const Source source(fits(), folder.write("hand.fits", hand.bytes()));
  EXPECT_EQ(source.status, CLQ_E_DATA);
  EXPECT_THAT(source.error, HasSubstr("keyword NAXIS2 is given twice, 3 and 2"));
}

TEST(FitsDamage, RefusesFilesThatAreNotFits) {
  const Folder folder;
  const std::string whole = HandMade().bytes();
  EXPECT_EQ(Source(fits(), folder.path("absent.fits")).status, CLQ_E_NOT_FOUND);
  EXPECT_EQ(Source(fits(), "").status, CLQ_E_NOT_FOUND);
  folder.write("file", "A");
  const Source below(fits(), folder.path("file/absent.fits"));
  EXPECT_EQ(below.status, CLQ_E_NOT_FOUND);
  EXPECT_THAT(below.error, HasSubstr("absent.fits: No such file"));  // in fixed words, whatever strerror says
  EXPECT_EQ(Source(fits(), folder.path("")).status, CLQ_E_DATA);  // a folder
  EXPECT_EQ(Source(fits(), folder.write("empty.fits", "")).status, CLQ_E_DATA);
  EXPECT_EQ(Source(fits(), folder.write("zero.fits", std::string(2880, '\0'))).status, CLQ_E_DATA);
  EXPECT_THAT(Source(fits(), folder.write("text.fits", "A,B\n1,2\n")).error, HasSubstr("must begin with SIMPLE"));
  EXPECT_THAT(Source(fits(), folder.write("short.fits", whole.substr(0, 100))).error, HasSubstr("at least 2880"));
  EXPECT_THAT(Source(fits(), folder.write("head.fits", whole.substr(0, 2880))).error, HasSubstr("has no binary table"));
  for (const size_t bytes : {size_t{2960}, size_t{4000}})
    EXPECT_THAT(Source(fits(), folder.write("cut.fits", whole.substr(0, bytes))).error,
                HasSubstr("cut.fits[1]: the header has no END card; the file may be cut short"));
  EXPECT_THAT(Source(fits(), folder.write("empty.fits", "")).error, HasSubstr("is empty, not a FITS file"));
  EXPECT_EQ(Source(fits(), folder.path(std::string(1100, 'x'))).status, CLQ_E_NOT_FOUND);  // the system's own limit
}

TEST(FitsDamage, RefusesCompressedFiles) {
  const Folder folder;
  const std::string path = folder.write("a.fits", HandMade().bytes());
  ASSERT_EQ(std::system(("gzip -k '" + path + "'").c_str()), 0);
  const Source source(fits(), path + ".gz");
  EXPECT_EQ(source.status, CLQ_E_DATA);
  EXPECT_THAT(source.error, HasSubstr("a.fits.gz: compressed file; uncompress it, or use fpack"));
  std::filesystem::remove(path);
  EXPECT_EQ(Source(fits(), path).status, CLQ_E_NOT_FOUND);  // cfitsio would open a.fits.gz instead
}

TEST(FitsDamage, RefusesAPipe) {
  const Folder folder;
  ASSERT_EQ(::mkfifo(folder.path("pipe.fits").c_str(), 0600), 0);
  EXPECT_EQ(Source(fits(), folder.path("pipe.fits")).status, CLQ_E_DATA);
}

TEST(FitsDamage, RefusesEveryTruncation) {
  const Folder folder;
  const std::string whole = HandMade().bytes();
  for (const size_t size : {2881UL, 4000UL, 5759UL, 5760UL, 5783UL}) {
    const Source source(fits(), folder.write("cut.fits", whole.substr(0, size)));
    EXPECT_NE(source.status, CLQ_OK) << size;
    EXPECT_FALSE(source.error.empty()) << size;
  }
  const Source unpadded(fits(), folder.write("cut.fits", whole.substr(0, 5784)));  // all rows, no padding
  EXPECT_EQ(unpadded.status, CLQ_OK) << unpadded.error;
  EXPECT_THAT(unpadded.info.metadata_json, HasSubstr("not a multiple of 2880"));
}

TEST(FitsDamage, RefusesAHeaderWithoutEnd) {
  const Folder folder;
  std::string bytes = HandMade().bytes();
  bytes.replace(bytes.rfind("END"), 3, "   ");
  EXPECT_THAT(Source(fits(), folder.write("a.fits", bytes)).error, HasSubstr("has no END card"));
}

// Opens and, where it opens, reads everything; the test is that this returns.
void read_all(const std::string& path) {
  const Source source(fits(), path);
  if (source.status != CLQ_OK) {
    EXPECT_FALSE(source.error.empty());
    return;
  }
  for (uint32_t f = 0; f < source.info.n_fields && source.info.n_samples > 0; ++f) {
    const std::string name = source.info.fields[f].name;
    (void)source.status_of(name, {0, source.info.n_samples - 1}, source.info.fields[f].sample.dtype);
  }
}

TEST(FitsDamage, SurvivesEveryHeaderByteChanged) {
  const Folder folder;
  const std::string whole = HandMade().bytes();
  const char replacements[] = {'\0', '9', '\'', 'E'};
  for (size_t at = 2880; at < 2880 + 16 * 80; ++at) {
    std::string bytes = whole;
    bytes[at] = replacements[at % sizeof replacements];
    read_all(folder.write("mutant.fits", bytes));
  }
}

TEST(FitsDamage, SurvivesRandomMutations) {
  const Folder folder;
  const std::string whole = read_file(write_catalogue(folder));
  std::mt19937 random(1);
  for (int i = 0; i < 300; ++i) {
    std::string bytes = whole;
    for (int k = 0; k < 8; ++k) bytes[random() % bytes.size()] = static_cast<char>(random());
    if (i % 4 == 0) bytes.resize(random() % bytes.size());
    read_all(folder.write("mutant.fits", bytes));
  }
}

}  // namespace
}  // namespace clq::test
