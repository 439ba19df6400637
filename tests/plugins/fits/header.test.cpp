// tests/plugins/fits/header.test.cpp -- texts that are longer than a card.
// SPDX-License-Identifier: BSD-3-Clause
#include <algorithm>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fits_files.hpp"

namespace clq::test {
namespace {

using testing::HasSubstr;

// The first text stands in the keyword's own card, the others in CONTINUE cards behind it.
void set_long(HandMade& file, const std::string& keyword, const std::vector<std::string>& texts) {
  file.set(keyword, texts[0]);
  auto at = std::find_if(file.cards.begin(), file.cards.end(), [&](const auto& card) { return card.first == keyword; });
  for (size_t i = 1; i < texts.size(); ++i) at = file.cards.insert(at + 1, {"CONTINUE", texts[i]});
}

TEST(FitsHeader, TextsGoOnInContinueCards) {
  const Folder folder;
  HandMade file;
  set_long(file, "TTYPE1", {"'MAG_&'", "'AUTO  &' / a comment", "'&'", "'it''s   '"});
  set_long(file, "TUNIT1", {"'mag &  '", "'mag'"});  // the blanks behind an & do not count
  set_long(file, "TTYPE2", {"'N&'"});                // nothing goes on: the & is the name's
  set_long(file, "EXTNAME", {"'HAND'", "'MADE'"});   // the card before does not ask for it
  const Source source(fits(), folder.write("long.fits", file.bytes()));
  ASSERT_EQ(source.status, CLQ_OK) << source.error;
  EXPECT_STREQ(source.info.fields[0].name, "MAG_AUTO  it's");
  EXPECT_STREQ(source.info.fields[0].unit, "mag mag");
  EXPECT_STREQ(source.info.fields[1].name, "N&");
  EXPECT_THAT(source.info.metadata_json, HasSubstr(R"("extname":"HAND")"));
}

TEST(FitsHeader, TextsThatGoOnDifferentlyAreTwoValues) {
  const Folder folder;
  HandMade file;
  set_long(file, "TTYPE1", {"'MAG_&'", "'AUTO'"});
  file.cards.emplace_back("TTYPE1", "'MAG_&'");
  file.cards.emplace_back("CONTINUE", "'AUTO'");
  EXPECT_EQ(Source(fits(), folder.write("same.fits", file.bytes())).status, CLQ_OK);
  file.cards.back().second = "'ISO'";
  const Source source(fits(), folder.write("other.fits", file.bytes()));
  EXPECT_EQ(source.status, CLQ_E_DATA);
  EXPECT_THAT(source.error, HasSubstr("TTYPE1 is given twice, 'MAG_AUTO' and 'MAG_ISO'"));
}

// cfitsio writes them for the sink, in cards of its own choice.
TEST(FitsHeader, LongTextsOfTheSinkComeBack) {
  const Folder folder;
  const std::string path = folder.path("out.fits");
  std::string band;
  for (int i = 0; i < 40; ++i) band += "band " + std::to_string(i) + "'s & ";
  band += "end";
  const std::string options = R"({"cards": [{"key": "BAND1", "value": ")" + band +
                              R"(", "comment": "band of a plane"}, {"key": "BAND2", "value": "r"}]})";
  const clq_field field = make_field("IMAGE", "", CLQ_F32, {2, 3, 4});
  float pixels[24] = {};
  const clq_slot slot = make_slot(field, 0, CLQ_F32, pixels, sizeof pixels);
  clq_sink* sink = nullptr;
  ASSERT_EQ(fits().sink->create(path.c_str(), options.c_str(), &field, 1, 1, &sink), CLQ_OK) << error_text();
  EXPECT_EQ(fits().sink->write(sink, 0, 1, &slot), CLQ_OK) << error_text();
  EXPECT_EQ(fits().sink->commit(sink), CLQ_OK) << error_text();
  fits().sink->discard(sink);
  ASSERT_THAT(read_file(path), HasSubstr("CONTINUE  '"));
  const Source source(fits(), path, R"({"images": "[IMAGE]"})");
  ASSERT_EQ(source.status, CLQ_OK) << source.error;
  EXPECT_THAT(source.info.metadata_json, HasSubstr(R"("bands":[")" + band + R"(","r"])"));
}

}  // namespace
}  // namespace clq::test
