// tests/plugins/fits/image_damage.test.cpp -- image files that are cut short, hostile or foreign: errors, no crash.
// SPDX-License-Identifier: BSD-3-Clause
#include <cstdlib>
#include <random>

#include <fitsio.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "image_files.hpp"

// cfitsio 4.2 forgets a buffer of its own when the bytes of a tile are damaged; only the leak sanitizer asks for this.
extern "C" [[gnu::visibility("default")]] const char* __lsan_default_suppressions() {
  return "leak:imcomp_decompress_tile";
}

namespace clq::test {
namespace {

using testing::HasSubstr;

class FitsImageDamage : public testing::Test {
 protected:
  std::string write_cube(int bitpix, int compression) {
    ImageSpec spec;
    spec.bitpix = bitpix;
    spec.objects = {0, 1, 2, 3, 4, 5};
    spec.compression = compression;
    spec.name = "CUBE";
    return write_images(folder, "cube.fits", {spec});
  }
  std::string error(const std::string& bytes, const std::string& more = "") const {
    folder.write("cube.fits", bytes);
    const Source source(fits(), catalogue, options_of(folder, "cube.fits", more));
    EXPECT_NE(source.status, CLQ_OK);
    return source.error;
  }

  const Folder folder;
  const std::string catalogue = write_objects(folder, "cat.fits");
};

// One more card, before the END of the extension.
std::string with_more(std::string bytes, std::string card) {
  card.resize(80, ' ');
  for (size_t at = 2880; at < bytes.size(); at += 80)  // in the extension
    if (bytes.compare(at, 8, "END     ") == 0) {
      std::string end = "END";
      end.resize(80, ' ');
      return bytes.replace(at, 160, card + end);
    }
  return bytes;
}

// Replaces the value of the last card of that keyword, or adds it.
std::string with_card(std::string bytes, const std::string& keyword, const std::string& value) {
  std::string key = keyword, card;
  key.resize(8, ' ');
  card = key + "= " + value;
  card.resize(80, ' ');
  for (size_t at = bytes.size() / 80 * 80; at > 0; at -= 80)
    if (bytes.compare(at - 80, 10, key + "= ") == 0) return bytes.replace(at - 80, 80, card);
  return with_more(std::move(bytes), card);
}

struct Damage {
  const char* keyword;
  const char* value;
  const char* words;
};

TEST_F(FitsImageDamage, NamesTheKeywordThatIsWrong) {
  const std::string whole = read_file(write_cube(16, 0));
  const Damage cases[] = {
      {"NAXIS1", "2147483648", "the header declares"},
      {"NAXIS1", "0", "has no image"},
      {"NAXIS2", "0", "NAXIS2 = 0; an axis has at least 1 pixel"},
      {"NAXIS3", "-1", "NAXIS3 = -1 is negative"},
      {"NAXIS4", "7", "has 7 images"},
      {"NAXIS4", "9223372036854775807", "the header declares more than 2^63 bytes"},
      {"BITPIX", "17", "BITPIX = 17 is not 8, 16, 32"},
      {"BSCALE", "0", "BSCALE must be finite and not 0"},
      {"BZERO", "'many'", "BZERO = 'many' is not a number"},
      {"BLANK", "1.5", "BLANK = 1.5 is not an integer"},
      {"XTENSION", "'BINTABLE'", "has no image"},
  };
  for (const Damage& damage : cases)
    EXPECT_THAT(error(with_card(whole, damage.keyword, damage.value)), HasSubstr(damage.words)) << damage.keyword;
  EXPECT_THAT(error(with_card(with_card(whole, "NAXIS1", "2147483648"), "NAXIS2", "2147483648")),
              HasSubstr("cube.fits[1]: the header declares"));
}

TEST_F(FitsImageDamage, NamesTheTileKeywordThatIsWrong) {
  const std::string whole = read_file(write_cube(16, RICE_1));
  const Damage cases[] = {
      {"ZTILE1", "0", "ZTILE1 = 0 is not 1..4"},
      {"ZTILE1", "2147483647", "ZTILE1 = 2147483647 is not 1..4"},
      {"ZTILE4", "-5", "ZTILE4 = -5 is not 1..6"},
      {"ZTILE4", "2", "the image has 3 tiles, the table 6 rows"},
      {"ZNAXIS4", "7", "the image has 7 tiles, the table 6 rows"},
      {"ZNAXIS", "7", "ZNAXIS = 7 is not 1..6"},
      {"ZNAXIS", "5", "keyword ZNAXIS5 is missing"},
      {"ZBITPIX", "17", "ZBITPIX = 17 is not 8, 16"},
      {"ZCMPTYPE", "'PLIO_1'", "ZCMPTYPE = 'PLIO_1' is not RICE_1"},
      {"ZVAL1", "0", "ZVAL1 = 0; BLOCKSIZE is 16 or 32"},
      {"ZVAL2", "3", "ZVAL2 = 3; BYTEPIX is 1, 2, 4 or 8"},
      {"ZDITHER0", "0", "ZDITHER0 = 0 is not 1..10000"},
      {"ZDITHER0", "10001", "ZDITHER0 = 10001 is not 1..10000"},
      {"ZQUANTIZ", "'NONE'", "ZQUANTIZ = 'NONE' is for floats packed by GZIP, here ZBITPIX = 16, ZCMPTYPE = 'RICE_1'"},
      {"TTYPE1", "'OTHER'", "has no column COMPRESSED_DATA"},
  };
  for (const Damage& damage : cases)
    EXPECT_THAT(error(with_card(whole, damage.keyword, damage.value)), HasSubstr(damage.words)) << damage.keyword;
  const std::string unnamed = with_card(with_card(whole, "ZNAME1", "'OTHER'"), "ZNAME2", "'OTHER'");
  EXPECT_THAT(error(with_card(unnamed, "ZVAL1", "0")), HasSubstr("ZVAL1 = 0; BLOCKSIZE is 16 or 32"));
  EXPECT_THAT(error(with_card(unnamed, "ZVAL2", "3")), HasSubstr("ZVAL2 = 3; BYTEPIX is 1, 2, 4 or 8"));
  for (const auto& [bitpix, compression] : {std::pair(16, GZIP_1), {-32, RICE_1}})
    EXPECT_THAT(error(with_card(read_file(write_cube(bitpix, compression)), "ZQUANTIZ", "'NONE'")),
                HasSubstr("ZQUANTIZ = 'NONE' is for floats"));
}

// cfitsio obeys such cards: what it reads must be what was checked.
TEST_F(FitsImageDamage, RefusesStructuralCardsThatAreNotWrittenAsFitsAsks) {
  const std::string whole = read_file(write_cube(16, RICE_1));
  for (const std::string card : {"ztile1  = 0", "ZTILE1  =0", "HIERARCH ZTILE1 = 0", "HIERARCH ztile1=0", "znaxis= 9",
                                 " ZTILE1 = 0", "END= 1"}) {
    const std::string words = error(with_more(whole, card));
    EXPECT_THAT(words, HasSubstr(", " + card.substr(card[0] == ' ') + ", is not written as FITS asks")) << card;
    EXPECT_THAT(words, HasSubstr("cube.fits[1]: card ")) << card;
  }
  for (const std::string card : {"HIERARCH ESO NAXIS1 = 0", "HIERARCH NAXIS RAW = 2", "COMMENT   NAXIS1 = 0",
                                 "HISTORY BZERO= 3", "         BITPIX = 3", "wcsname = 'sky'", "  END"}) {
    folder.write("cube.fits", with_more(whole, card));
    EXPECT_EQ(Source(fits(), catalogue, options_of(folder, "cube.fits")).status, CLQ_OK) << card;
  }
}

// cfitsio takes them by their place, and turns them round where that is how they make sense.
TEST_F(FitsImageDamage, TakesTheParametersOfRiceInEitherOrder) {
  std::string bytes = read_file(write_cube(16, RICE_1));
  for (const auto& [key, value] : {std::pair("ZNAME1", "'BYTEPIX'"), {"ZVAL1", "2"}, {"ZNAME2", "'BLOCKSIZE'"},
                                   {"ZVAL2", "32"}})
    bytes = with_card(bytes, key, value);
  folder.write("cube.fits", bytes);
  EXPECT_EQ(images_of(Source(fits(), catalogue, options_of(folder, "cube.fits")), {3}), expected(3));
}

// On its way to an HDU cfitsio takes in each header before it.
TEST_F(FitsImageDamage, NamesTheTilesThatStandInTheWay) {
  ImageSpec tiles;
  tiles.bitpix = 16;
  tiles.compression = RICE_1;
  tiles.name = "MASK";
  const std::string path = write_images(folder, "both.fits", {tiles});
  append_objects(path, {});
  const std::string whole = read_file(path);
  EXPECT_EQ(Source(fits(), path).status, CLQ_OK);
  const Damage cases[] = {{"ZTILE1", "0", "both.fits[1]: ZTILE1 = 0 is not 1..4"},
                          {"ZVAL1", "0", "both.fits[1]: ZVAL1 = 0; BLOCKSIZE is 16 or 32"},
                          {"ZIMAGE", "TRUE", "both.fits[1]: ZTILE1 = 0 is not 1..4"},
                          {"ZNAXIS2", "-9223372036854775808", "both.fits[1]: ZNAXIS2 = -9223372036854775808"}};
  for (const Damage& damage : cases) {
    const std::string base = damage.value == std::string("TRUE") ? with_card(whole, "ZTILE1", "0") : whole;
    folder.write("both.fits", with_card(base, damage.keyword, damage.value));
    EXPECT_THAT(Source(fits(), path).error, HasSubstr(damage.words));
    EXPECT_THAT(Source(fits(), catalogue, options_of(folder, "both.fits[CAT][X]")).error, HasSubstr(damage.words));
  }
  folder.write("both.fits", with_card(whole, "ZCMPTYPE", "'HCOMPRESS_1'"));  // never decoded
  EXPECT_EQ(Source(fits(), path).status, CLQ_OK);
}

// A column of old files, for tiles that are not packed: empty in all but a few.
TEST_F(FitsImageDamage, RefusesTilesThatAreNotPacked) {
  const std::string path = write_cube(16, RICE_1);
  int status = 0;
  fitsfile* file = nullptr;
  const auto open = [&] {
    fits_open_diskfile(&file, path.c_str(), READWRITE, &status);
    fits_movabs_hdu(file, 2, nullptr, &status);
  };
  open();
  char name[] = "UNCOMPRESSED_DATA", form[] = "1PI";
  fits_insert_col(file, 2, name, form, &status);
  fits_close_file(file, &status);
  ASSERT_EQ(status, 0);
  const std::string options = options_of(folder, "cube.fits");
  EXPECT_EQ(images_of(Source(fits(), catalogue, options), {2}), expected(2));
  open();
  std::vector<short> pixels(100000, 7);  // of 60
  fits_write_descript(file, 1, 3, 0, 0, &status);
  fits_write_col(file, TSHORT, 2, 3, 1, static_cast<LONGLONG>(pixels.size()), pixels.data(), &status);
  fits_close_file(file, &status);
  ASSERT_EQ(status, 0);
  const Outcome outcome = outcome_of(Source(fits(), catalogue, options), {2});
  EXPECT_EQ(outcome.status, CLQ_E_DATA);
  EXPECT_THAT(outcome.words, HasSubstr("cube.fits[1], row 3: holds a tile in UNCOMPRESSED_DATA, which is not read"));
}

TEST_F(FitsImageDamage, RefusesMorePlanesThanBands) {
  const std::string whole = read_file(write_cube(8, RICE_1));
  for (const std::string planes : {"65537", "67108864"}) {
    std::string bytes = whole;
    for (const char* key : {"ZNAXIS1", "ZTILE1", "ZNAXIS2", "ZTILE2"}) bytes = with_card(bytes, key, "1");
    for (const char* key : {"ZNAXIS3", "ZTILE3"}) bytes = with_card(bytes, key, planes);
    EXPECT_THAT(error(bytes), HasSubstr("cube.fits[1]: has " + planes + " planes, at most 65536 are read as bands"));
  }
}

TEST_F(FitsImageDamage, RefusesLargeTilesAndObjects) {
  std::string bytes = read_file(write_cube(16, RICE_1));
  for (const auto& [key, value] : {std::pair("ZNAXIS1", "100000"), {"ZTILE1", "100000"}, {"ZNAXIS2", "100000"},
                                   {"ZTILE2", "100000"}})
    bytes = with_card(bytes, key, value);
  EXPECT_THAT(error(bytes), HasSubstr("a tile has 60000000000 bytes, at most 67108864 are read"));
}

TEST_F(FitsImageDamage, RefusesTruncatedFilesAsTheirRowsFault) {
  for (int64_t k = 0; k < kObjects; ++k) {
    ImageSpec spec;
    spec.objects = {k};
    spec.height = spec.width = 40;
    write_images(folder, std::to_string(100 + k) + ".fits", {spec});
  }
  const std::string whole = read_file(folder.path("103.fits"));
  const Source source(fits(), catalogue, options_of(folder, "{ID}.fits"));
  for (const size_t size : {size_t{0}, size_t{100}, size_t{2880}, size_t{9000}, whole.size() - 2881}) {
    folder.write("103.fits", whole.substr(0, size));
    const Outcome outcome = outcome_of(source, {2, 3});
    EXPECT_EQ(outcome.status, CLQ_E_DATA) << size;
    EXPECT_EQ(outcome.n_done, 1u);
    EXPECT_THAT(outcome.words, HasSubstr("row 4, ")) << size;
    EXPECT_THAT(outcome.words, HasSubstr("103.fits")) << size;
  }
  folder.write("103.fits", "A,B\n1,2\n");
  EXPECT_THAT(outcome_of(source, {3}).words, HasSubstr("must begin with SIMPLE"));
}

TEST_F(FitsImageDamage, RefusesWholeFileCompression) {
  const std::string path = write_cube(16, 0);
  ASSERT_EQ(std::system(("gzip '" + path + "'").c_str()), 0);
  const Source zipped(fits(), catalogue, options_of(folder, "cube.fits.gz"));
  EXPECT_EQ(zipped.status, CLQ_E_DATA);
  EXPECT_THAT(zipped.error, HasSubstr("compressed file; uncompress it, or use fpack"));
  EXPECT_EQ(Source(fits(), catalogue, options_of(folder, "cube.fits")).status, CLQ_E_NOT_FOUND);
}

TEST_F(FitsImageDamage, OpensNamesLiterally) {
  ImageSpec spec;
  spec.objects = {0, 1, 2, 3, 4, 5};
  write_images(folder, "a.fits(new.fits)", {spec});
  const Source source(fits(), catalogue, options_of(folder, "a.fits(new.fits)"));
  EXPECT_EQ(images_of(source, {2}), expected(2));
  EXPECT_EQ(folder.names(), (std::vector<std::string>{"a.fits(new.fits)", "cat.fits"}));
}

TEST_F(FitsImageDamage, NoticesAFileThatChanges) {
  write_cube(16, 0);
  ImageSpec spec;
  for (int64_t k = 0; k < kObjects; ++k) write_images(folder, std::to_string(100 + k) + ".fits", {spec});
  const Source cube(fits(), catalogue, options_of(folder, "cube.fits"));
  const Source files(fits(), catalogue, options_of(folder, "{ID}.fits"));
  EXPECT_EQ(outcome_of(cube, {0}).status, CLQ_OK);
  EXPECT_EQ(outcome_of(files, {2}).status, CLQ_OK);
  write_cube(16, 0);
  write_images(folder, "102.fits", {spec});
  const Outcome one = outcome_of(cube, {0}), other = outcome_of(files, {1, 2});
  EXPECT_EQ(one.status, CLQ_E_IO);
  EXPECT_THAT(one.words, HasSubstr("cube.fits: the file changed since it was first read"));
  EXPECT_EQ(other.status, CLQ_E_IO);
  EXPECT_THAT(other.words, HasSubstr("102.fits: the file changed since it was first read"));
}

// Opens and, where it opens, reads everything; the test is that this returns.
void read_all(const Source& source) {
  if (source.status != CLQ_OK) {
    EXPECT_FALSE(source.error.empty());
    return;
  }
  (void)source.status_of("images", {0, source.info.n_samples - 1}, CLQ_F32);
}

TEST_F(FitsImageDamage, SurvivesRandomMutations) {
  std::mt19937 random(1);
  for (const int compression : {0, RICE_1, GZIP_2}) {
    const std::string whole = read_file(write_cube(32, compression));
    for (int i = 0; i < 150; ++i) {
      std::string bytes = whole;
      for (int k = 0; k < 6; ++k) bytes[2880 + random() % (bytes.size() - 2880)] = static_cast<char>(random());
      if (i % 4 == 0) bytes.resize(random() % bytes.size());
      folder.write("cube.fits", bytes);
      read_all(Source(fits(), catalogue, options_of(folder, "cube.fits")));
    }
  }
}

}  // namespace
}  // namespace clq::test
