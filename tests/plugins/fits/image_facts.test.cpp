// tests/plugins/fits/image_facts.test.cpp -- what headers say of a band, which every file must say alike.
// SPDX-License-Identifier: BSD-3-Clause
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "image_files.hpp"

namespace clq::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

using Cards = std::vector<std::pair<std::string, std::string>>;

ImageSpec one(const std::vector<int64_t>& bands, const Cards& cards, const std::string& name = "") {
  ImageSpec spec;
  spec.bands = bands;
  spec.name = name;
  spec.cards = cards;
  return spec;
}

class FitsImageFacts : public testing::Test {
 protected:
  // One file an object, an HDU a band, with the cards of each; 100.fits ... 105.fits.
  void write(int64_t object, const Cards& g, const Cards& r) const {
    write_images(folder, std::to_string(100 + object) + ".fits", {one({0}, g, "g"), one({1}, r, "r")});
  }
  void write_all(const Cards& g, const Cards& r) const {
    for (int64_t k = 0; k < kObjects; ++k) write(k, g, r);
  }
  // One file an object and band: obj0_g.fits ...
  void write_band(int64_t object, const std::string& band, const Cards& cards) const {
    write_images(folder, "obj" + std::to_string(object) + "_" + band + ".fits", {one({0}, cards)});
  }
  Source source(const std::string& more = "") const {
    return Source(fits(), catalogue, options_of(folder, "{ID}.fits", R"("bands": ["g", "r"])" + more));
  }
  Source by_band(const std::string& more = "") const {
    return Source(fits(), catalogue, options_of(folder, "{NAME}_{BAND}.fits", R"("bands": ["g", "r"])" + more));
  }

  const Folder folder;
  const std::string catalogue = write_objects(folder, "cat.fits");
};

// One band without a card is no reason to leave the others unchecked.
TEST_F(FitsImageFacts, CompareTheZeroPointOfEachBandThatHasOne) {
  write_all({{"ZP", "25.5"}}, {});
  write(2, {{"ZP", "26"}}, {});
  write(3, {}, {});
  const Source files = source();
  EXPECT_THAT(files.info.metadata_json, HasSubstr(R"("zeropoint":[25.5,null])"));
  EXPECT_THAT(files.info.metadata_json, HasSubstr("band r: no card gives its zero point"));
  EXPECT_EQ(outcome_of(files, {1}).status, CLQ_OK);
  EXPECT_THAT(outcome_of(files, {2}).words, HasSubstr("102.fits[1]: band g has the zero point 26, " +
                                                      folder.path("100.fits[1]") + " has the zero point 25.5; data"));
  EXPECT_THAT(outcome_of(files, {3}).words, HasSubstr("band g has no zero point, "));
  EXPECT_EQ(outcome_of(source(R"(, "on_missing_band": "mask")"), {2}).status, CLQ_E_DATA);
}

// As bundles compare them: a header may keep one in single precision.
TEST_F(FitsImageFacts, CompareZeroPointsToAHundredThousandth) {
  write_all({{"ZP", "22.4"}}, {{"ZP", "25"}});
  write(2, {{"ZP", "22.3999996185"}}, {{"ZP", "25"}});
  write(3, {{"ZP", "22.40002"}}, {{"ZP", "25"}});
  const Source files = source();
  EXPECT_EQ(outcome_of(files, {2}).status, CLQ_OK);
  EXPECT_THAT(outcome_of(files, {3}).words, AllOf(HasSubstr("has the zero point 22.40002, "),
                                                  HasSubstr("100.fits[1] has the zero point 22.4; data.zeropoint")));
  EXPECT_THAT(source(R"(, "zeropoint": [22.3999996185, 25])").info.metadata_json, Not(HasSubstr("replaces")));
}

TEST_F(FitsImageFacts, RefuseAZeroPointWhereTheFirstFileHasNone) {
  write_all({}, {});
  write(4, {}, {{"MAGZERO", "22.5"}});
  const Source files = source();
  EXPECT_THAT(files.info.metadata_json, Not(HasSubstr("zeropoint")));
  EXPECT_EQ(outcome_of(files, {3}).status, CLQ_OK);
  const Outcome outcome = outcome_of(files, {4});
  EXPECT_EQ(outcome.status, CLQ_E_DATA);
  EXPECT_THAT(outcome.words, HasSubstr("104.fits[2]: band r has the zero point 22.5, "));
  EXPECT_THAT(outcome.words, HasSubstr("100.fits[2] has no zero point; data.zeropoint says"));
  EXPECT_EQ(outcome_of(source(R"(, "zeropoint": [22.5, 22.5])"), {4}).status, CLQ_OK);
}

TEST_F(FitsImageFacts, OfABandThatTheFirstRowLacksComeFromTheNext) {
  for (int64_t k = 0; k < kObjects; ++k) write_band(k, "g", {{"ZP", "25"}});
  for (int64_t k = 2; k < kObjects; ++k) write_band(k, "r", {{"ZP", k == 4 ? "26" : "27"}});
  const Source files = by_band(R"(, "on_missing_band": "mask")");
  EXPECT_THAT(files.info.metadata_json, HasSubstr(R"("zeropoint":[25.0,27.0])"));
  EXPECT_EQ(outcome_of(files, {0, 1, 2, 3}).status, CLQ_OK);
  EXPECT_THAT(outcome_of(files, {4}).words,
              AllOf(HasSubstr("obj4_r.fits[0]: band r has the zero point 26, "),
                    HasSubstr("obj2_r.fits[0] has the zero point 27")));
}

// A zero point that comes later has nothing to be compared with.
TEST_F(FitsImageFacts, OfABandThatNoFirstRowHasAreRefusedWithAZeroPoint) {
  for (int64_t k = 0; k < kObjects; ++k) write_band(k, "g", {{"ZP", "25"}});
  const Source files = by_band(R"(, "on_missing_band": "mask")");
  EXPECT_THAT(files.info.metadata_json, HasSubstr(R"("zeropoint":[25.0,null])"));
  EXPECT_THAT(files.info.metadata_json, HasSubstr("band r: none of the first 6 rows has it, so units and filters of"));
  write_band(3, "r", {{"ZP", "27"}});
  EXPECT_THAT(outcome_of(files, {3}).words,
              HasSubstr("band r has the zero point 27, the first files have no zero point; data.zeropoint"));
  const Source given = by_band(R"(, "on_missing_band": "mask", "zeropoint": [25, 27])");
  EXPECT_EQ(outcome_of(given, {3}).status, CLQ_OK);
}

TEST_F(FitsImageFacts, SpreadAZeroPointToAllPlanesOnlyFromACardWithoutANumber) {
  const auto zeropoints = [&](const Cards& cards) {
    for (int64_t k = 0; k < kObjects; ++k)
      write_images(folder, std::to_string(100 + k) + ".fits", {one({0, 1, 2}, cards)});
    const Source cubes(fits(), catalogue, options_of(folder, "{ID}.fits"));
    const std::string facts = cubes.info.metadata_json;
    const size_t at = facts.find("\"zeropoint\":");
    return at == std::string::npos ? "" : facts.substr(at + 12, facts.find(']', at) - at - 11);
  };
  EXPECT_EQ(zeropoints({{"ZP1", "25"}}), "[25.0,null,null]");
  EXPECT_EQ(zeropoints({{"ZP1", "25"}, {"ZP3", "27"}}), "[25.0,null,27.0]");
  EXPECT_EQ(zeropoints({{"ZP2", "26"}, {"ZP", "20"}}), "[null,26.0,null]");
  EXPECT_EQ(zeropoints({{"ZP02", "26"}, {"ZPX", "3"}}), "");
  EXPECT_EQ(zeropoints({{"ZP", "24"}, {"MAGZERO", "20"}}), "[24.0,24.0,24.0]");
  EXPECT_EQ(zeropoints({{"MAGZERO", "20"}}), "[20.0,20.0,20.0]");
}

TEST_F(FitsImageFacts, TakeAZeroPointFromAnyFormOfNumber) {
  write_all({{"ZP", "2.25D1"}}, {{"ZP", "'+23.5'"}});
  EXPECT_THAT(source().info.metadata_json, HasSubstr(R"("zeropoint":[22.5,23.5])"));
  write_all({{"ZP", "''"}}, {{"ZP", "23.5"}});
  const Source empty = source();
  EXPECT_THAT(empty.info.metadata_json, HasSubstr(R"("zeropoint":[null,23.5])"));
  EXPECT_THAT(empty.info.metadata_json, HasSubstr("100.fits[1]: ZP = '' is not a number, so it gives no zero point"));
  write_all({{"MAGZERO", "'unknown'"}}, {{"ZP", "23.5"}});
  EXPECT_THAT(source().info.metadata_json, HasSubstr("MAGZERO = 'unknown' is not a number"));
}

// In plane order nothing but FILTER says which band it is.
TEST_F(FitsImageFacts, RefuseAnotherFilter) {
  for (int64_t k = 0; k < kObjects; ++k) {
    const std::string filter = k == 3 ? "'G1'" : k == 2 ? "'r1'" : "'R1'";
    write_images(folder, std::to_string(100 + k) + ".fits", {one({1}, k == 4 ? Cards{} : Cards{{"FILTER", filter}})});
  }
  const Source single(fits(), catalogue, options_of(folder, "{ID}.fits", R"("bands": ["red"])"));
  EXPECT_THAT(single.info.metadata_json, HasSubstr("FILTER = R1"));
  EXPECT_EQ(outcome_of(single, {1, 2, 5}).status, CLQ_OK);
  const Outcome other = outcome_of(single, {3});
  EXPECT_EQ(other.status, CLQ_E_DATA);
  EXPECT_THAT(other.words, HasSubstr("103.fits[0]: band red has FILTER = 'G1', " + folder.path("100.fits[0]") +
                                     " has 'R1'"));
  EXPECT_EQ(outcome_of(single, {4}).status, CLQ_OK);  // it does not say
}

TEST_F(FitsImageFacts, RefuseAnotherUnitOfAnyBand) {
  write_all({{"BUNIT", "'nMgy'"}}, {{"BUNIT", "'nMgy'"}});
  write(2, {{"BUNIT", "'nMgy'"}}, {{"BUNIT", "'Jy'"}});
  const Source files = source();
  EXPECT_EQ(outcome_of(files, {1}).status, CLQ_OK);
  EXPECT_THAT(outcome_of(files, {2}).words, HasSubstr("102.fits[2]: band r has BUNIT = 'Jy', " +
                                                      folder.path("100.fits[2]") + " has 'nMgy'"));
  for (int64_t k = 0; k < kObjects; ++k) {
    write_band(k, "g", {{"BUNIT", "'nMgy'"}});
    if (k > 0) write_band(k, "r", {{"BUNIT", k == 3 ? "'nMgy'" : "'adu'"}});
  }
  const Source bands = by_band(R"(, "on_missing_band": "mask")");
  EXPECT_EQ(outcome_of(bands, {0, 1, 2}).status, CLQ_OK);
  EXPECT_THAT(outcome_of(bands, {3}).words, HasSubstr("obj3_r.fits[0]: band r has BUNIT = 'nMgy', " +
                                                      folder.path("obj1_r.fits[0]") + " has 'adu'"));
}

TEST_F(FitsImageFacts, OfTwoImagesOfOneNameNeedANumber) {
  for (int64_t k = 0; k < kObjects; ++k)
    write_images(folder, std::to_string(100 + k) + ".fits",
                 {one({0}, {}, "SCI"), one({1}, {}, "ERR"), one({2}, {}, "sci")});
  const auto in_hdu = [&](const std::string& hdu) {
    return Source(fits(), catalogue, options_of(folder, "{ID}.fits[" + hdu + "]"));
  };
  EXPECT_EQ(in_hdu("SCI").status, CLQ_E_DATA);
  EXPECT_THAT(in_hdu("SCI").error, HasSubstr("100.fits[3]: has the EXTNAME of " + folder.path("100.fits[1]") +
                                           ", 'SCI'; name the HDU by its number"));
  EXPECT_EQ(images_of(in_hdu("ERR"), {0}), expected(0, {1}));
  EXPECT_EQ(images_of(in_hdu("1"), {0}), expected(0, {0}));
  EXPECT_EQ(images_of(in_hdu("3"), {0}), expected(0, {2}));
}

// A position in pixels is one of the sky in all bands only where they share their pixels.
TEST_F(FitsImageFacts, OfBandsThatOnePositionIsCutOutOfAreOneSize) {
  CatalogueSpec spec;
  spec.x = spec.y = {10, 10, 10, 10, 10, 10};
  write_objects(folder, "cat.fits", spec);
  const std::string options = R"("bands": ["g", "r"], "crop": 4, "position": {"x": "X", "y": "Y"})";
  const auto write_large = [&](const std::string& name, int64_t band, int64_t size) {
    ImageSpec large = one({band}, {});
    large.height = size;
    large.width = size + 2;
    write_images(folder, name, {large});
  };
  write_large("g.fits", 0, 30);
  write_large("r.fits", 1, 60);
  const Source whole(fits(), catalogue, options_of(folder, "{BAND}.fits", options));
  EXPECT_EQ(whole.status, CLQ_E_DATA);
  EXPECT_THAT(whole.error, HasSubstr("/r.fits[0]: is 62 x 60, " + folder.path("g.fits[0]") + " is 32 x 30; one"));
  for (int64_t k = 0; k < kObjects; ++k) {
    write_large("obj" + std::to_string(k) + "_g.fits", 0, 30 + k);  // fields may differ in size
    write_large("obj" + std::to_string(k) + "_r.fits", 1, k == 3 ? 60 : 30 + k);
  }
  const Source fields(fits(), catalogue, options_of(folder, "{NAME}_{BAND}.fits", options));
  EXPECT_EQ(outcome_of(fields, {0, 1, 2, 4, 5}).status, CLQ_OK);
  const Outcome outcome = outcome_of(fields, {3});
  EXPECT_EQ(outcome.status, CLQ_E_DATA);
  EXPECT_THAT(outcome.words, HasSubstr("obj3_r.fits[0]: is 62 x 60, " + folder.path("obj3_g.fits[0]") + " is 35 x 33"));
}

}  // namespace
}  // namespace clq::test
