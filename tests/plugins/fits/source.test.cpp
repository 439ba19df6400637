// tests/plugins/fits/source.test.cpp -- what a table says about itself: fields, ids, fingerprint, places.
// SPDX-License-Identifier: BSD-3-Clause
#include <filesystem>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <xxhash.h>

#include "fits_files.hpp"

namespace clq::test {
namespace {

using testing::HasSubstr;

TEST(FitsSource, DescribesColumnsAsFields) {
  const Folder folder;
  const Source source(fits(), write_catalogue(folder));
  ASSERT_EQ(source.status, CLQ_OK) << source.error;
  EXPECT_EQ(source.info.n_samples, kRows);
  EXPECT_EQ(source.info.n_fields, 15u);
  EXPECT_EQ(source.info.flags, static_cast<uint32_t>(CLQ_SRC_RANDOM_ACCESS));
  const int32_t expected[] = {CLQ_U8,  CLQ_U8,  CLQ_U8,  CLQ_I8,  CLQ_I16, CLQ_U16, CLQ_I32, CLQ_U32,
                              CLQ_I64, CLQ_U64, CLQ_F32, CLQ_F64, CLQ_F64, CLQ_F32, CLQ_U8};
  for (size_t i = 0; i < 15; ++i) {
    EXPECT_EQ(source.info.fields[i].sample.dtype, expected[i]) << source.info.fields[i].name;
    EXPECT_EQ(source.info.fields[i].role, static_cast<uint32_t>(CLQ_ROLE_OTHER));
  }
  EXPECT_STREQ(source.field("E").unit, "mag");
  EXPECT_EQ(source.field("E").sample.rank, 0);
  EXPECT_EQ(source.field("VEC").sample.rank, 2);
  EXPECT_EQ(source.field("VEC").sample.dims[0], 2);
  EXPECT_EQ(source.field("VEC").sample.dims[1], 3);
  EXPECT_EQ(source.field("NAME").flags, static_cast<uint32_t>(CLQ_FIELD_TEXT));
  EXPECT_EQ(source.field("NAME").sample.dims[0], 12);
}

TEST(FitsSource, TakesTheFirstBinaryTableAndSaysSo) {
  const Folder folder;
  const Source source(fits(), write_catalogue(folder));
  EXPECT_THAT(source.info.metadata_json, HasSubstr("\"hdu\":2,\"extname\":\"CAT\",\"hdu_chosen\":\"the first binary"));
}

TEST(FitsSource, TakesAnHduByNameOrNumber) {
  const Folder folder;
  const std::string path = write_catalogue(folder);
  EXPECT_EQ(Source(fits(), path, R"({"hdu": "second"})").info.n_samples, 1);
  EXPECT_EQ(Source(fits(), path, R"({"hdu": 3})").info.n_samples, 1);
  const Source image(fits(), path, R"({"hdu": "PICTURE"})");
  EXPECT_EQ(image.status, CLQ_E_DATA);
  EXPECT_THAT(image.error, HasSubstr("cat.fits[1]: is not a binary table"));
  const Source absent(fits(), path, R"({"hdu": "CATT"})");
  EXPECT_EQ(absent.status, CLQ_E_NOT_FOUND);
  EXPECT_THAT(absent.error, HasSubstr("has no HDU 'CATT'; it has 0 primary, 1 IMAGE 'PICTURE', 2 BINTABLE 'CAT', 3"));
  EXPECT_EQ(Source(fits(), path, R"({"hdu": -1})").status, CLQ_E_INVALID);
  EXPECT_EQ(Source(fits(), path, "{").status, CLQ_E_INVALID);
}

TEST(FitsSource, GivesIdsOfIntegersTextsAndRows) {
  const Folder folder;
  const std::string path = write_catalogue(folder);
  EXPECT_THAT(Source(fits(), path).ids(5, 2), testing::ElementsAre(5, 6));
  EXPECT_THAT(Source(fits(), path, R"({"id": "J"})").ids(101, 2), testing::ElementsAre(0, 1));
  EXPECT_EQ(Source(fits(), path, R"({"id": "NAME"})").ids(42, 1)[0], XXH3_64bits("obj42", 5));
  EXPECT_EQ(Source(fits(), path, R"({"id": "name"})").ids(0, kRows).size(), 200u);
}

TEST(FitsSource, RefusesAColumnThatIsNoId) {
  const Folder folder;
  const std::string path = write_catalogue(folder);
  const Source absent(fits(), path, R"({"id": "NAMES"})");
  EXPECT_EQ(absent.status, CLQ_E_NOT_FOUND);
  EXPECT_THAT(absent.error, HasSubstr("cat.fits[2]: has no column 'NAMES'; the nearest is 'NAME'"));
  const Source real(fits(), path, R"({"id": "E"})");
  EXPECT_EQ(real.status, CLQ_E_DATA);
  EXPECT_THAT(real.error, HasSubstr("id column 'E' is F32 with 1 elements; an id is one integer or a text"));
  EXPECT_EQ(Source(fits(), path, R"({"id": "VEC"})").status, CLQ_E_DATA);
  EXPECT_EQ(Source(fits(), path, R"({"id": 3})").status, CLQ_E_INVALID);
}

TEST(FitsSource, RefusesIdsOutsideTheTable) {
  const Folder folder;
  const Source source(fits(), write_catalogue(folder));
  uint64_t id = 0;
  EXPECT_EQ(source.api().ids(source.handle(), kRows, 1, &id), CLQ_E_INVALID);
  EXPECT_EQ(source.api().ids(source.handle(), -1, 1, &id), CLQ_E_INVALID);
}

TEST(FitsSource, FingerprintsContentLayoutNotFolderOrTime) {
  const Folder folder, other;
  const std::string path = write_catalogue(folder);
  std::filesystem::copy_file(path, other.path("cat.fits"));
  std::filesystem::copy_file(path, other.path("dog.fits"));
  const std::string print = Source(fits(), path).fingerprint();
  EXPECT_EQ(print.size(), 64u);
  EXPECT_NE(print.substr(0, 32), print.substr(32));
  EXPECT_EQ(print, Source(fits(), other.path("cat.fits")).fingerprint());
  EXPECT_NE(print, Source(fits(), other.path("dog.fits")).fingerprint());
  EXPECT_NE(print, Source(fits(), path, R"({"hdu": 3})").fingerprint());
}

TEST(FitsSource, LocatesRowsCountedFromOne) {
  const Folder folder;
  const Source source(fits(), write_catalogue(folder));
  EXPECT_THAT(source.locate(41232), HasSubstr("cat.fits[2], row 41233"));
  char text[8];
  EXPECT_EQ(source.api().locate(source.handle(), 0, text, sizeof text), CLQ_OK);
  EXPECT_EQ(std::string(text).size(), 7u);
}

TEST(FitsSource, ProbesBySuffixAndFirstBytes) {
  const Folder folder;
  const std::string path = write_catalogue(folder), bare = folder.path("bare");
  std::filesystem::copy_file(path, bare);
  EXPECT_EQ(fits().source->probe(path.c_str()), 100u);
  EXPECT_GT(fits().source->probe(bare.c_str()), 50u);
  EXPECT_EQ(fits().source->probe("fits://anything"), 100u);
  EXPECT_EQ(fits().source->probe("absent.fits"), 50u);
  EXPECT_EQ(fits().source->probe("cat.csv"), 0u);
  EXPECT_EQ(fits().source->probe(nullptr), 0u);
}

TEST(FitsSource, NotesColumnsItCannotRead) {
  HandMade hand;
  hand.set("TFORM2", "'1PE(9)'");
  hand.set("NAXIS1", "12");
  hand.set("NAXIS2", "2");
  const Folder folder;
  const Source source(fits(), folder.write("hand.fits", hand.bytes()));
  ASSERT_EQ(source.status, CLQ_OK) << source.error;
  EXPECT_EQ(source.info.n_fields, 1u);
  EXPECT_THAT(source.info.metadata_json, HasSubstr("column N is not read: its arrays have variable length"));
}

TEST(FitsSource, OpensNamesLiterally) {
  const Folder folder;
  const std::string path = write_catalogue(folder, "a.fits(new.fits)");
  EXPECT_EQ(Source(fits(), path).info.n_samples, kRows);
  EXPECT_EQ(folder.names(), std::vector<std::string>{"a.fits(new.fits)"});
  EXPECT_EQ(Source(fits(), write_catalogue(folder, "b[1].fits")).info.n_samples, kRows);
  const Source bracket(fits(), folder.path("cat.fits[1]"));
  EXPECT_EQ(bracket.status, CLQ_E_NOT_FOUND);
  EXPECT_THAT(bracket.error, HasSubstr("name the HDU by hdu"));
}

TEST(FitsSource, RefusesAnInfoThatIsTooSmall) {
  const Folder folder;
  const Source source(fits(), write_catalogue(folder));
  clq_source_info info{};
  info.struct_size = 8;
  EXPECT_EQ(source.api().describe(source.handle(), &info), CLQ_E_ABI);
}

}  // namespace
}  // namespace clq::test
