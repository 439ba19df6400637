// tests/capi/write.test.cpp -- a source's samples into a file, and what the file says.
// SPDX-License-Identifier: BSD-3-Clause
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <sstream>

#include <unistd.h>

#include <gmock/gmock.h>

#include "client.hpp"

namespace clq::test {
namespace {

using ::testing::HasSubstr;

class Write : public ::testing::Test {
 protected:
  Write() { std::filesystem::create_directories(folder_); }
  ~Write() override { std::filesystem::remove_all(folder_); }
  std::string path(const char* name) const { return (folder_ / name).string(); }
  std::string text(const char* name) const {
    std::ostringstream all;
    all << std::ifstream(folder_ / name).rdbuf();
    return all.str();
  }
  void refused(const char* uri, const char* options, clq_status status, const char* words) const {
    EXPECT_EQ(clq_source_write(host_.source, uri, options), status);
    EXPECT_THAT(last_error(), HasSubstr(words));
  }

  Host host_;
  std::filesystem::path folder_ = std::filesystem::temp_directory_path() / own_name();

 private:
  static std::string own_name() { return "clq_write." + std::to_string(::getpid()); }
};

TEST_F(Write, KeepsRowsAndOrder) {
  const double y[4] = {0.5, -1, 2, 1e30};
  const int32_t k[4] = {3, 2, 1, 0};
  ok(clq_source_create(4, &host_.source));
  ok(clq_source_add(host_.source, "y", y, CLQ_F64, 0, nullptr, 0));
  ok(clq_source_add(host_.source, "k", k, CLQ_I32, 0, nullptr, 0));
  ok(clq_source_write(host_.source, path("all.csv").c_str(), nullptr));
  EXPECT_THAT(text("all.csv"), ::testing::ContainsRegex("y,k\n0.5,3\n-1(.0)?,2\n2(.0)?,1\n1e\\+?30,0\n"));
  ok(clq_source_write(host_.source, path("part.csv").c_str(), R"({"fields": ["k"], "first": 1, "n": 2})"));
  EXPECT_THAT(text("part.csv"), HasSubstr("k\n2\n1\n"));
  ok(clq_source_write(host_.source, path("rest.csv").c_str(), R"({"fields": ["k", "?"], "first": 3})"));
  EXPECT_THAT(text("rest.csv"), HasSubstr("y,k\n1e"));
}

// More rows than a block of 65,536.
TEST_F(Write, StreamsBlocksInOrder) {
  std::vector<int32_t> k(70'000);
  for (size_t i = 0; i < k.size(); ++i) k[i] = static_cast<int32_t>(i);
  ok(clq_source_create(70'000, &host_.source));
  ok(clq_source_add(host_.source, "k", k.data(), CLQ_I32, 0, nullptr, 1));
  ok(clq_source_write(host_.source, path("long.csv").c_str(), nullptr));
  clq_handle read = 0;
  ok(clq_source_open(path("long.csv").c_str(), nullptr, &read));
  int64_t n = 0;
  ok(clq_source_count(read, &n));
  ASSERT_EQ(n, 70'000);
  const int64_t rows[] = {0, 65'535, 65'536, 69'999};
  int64_t values[4];
  ok(clq_source_read(read, rows, 4, "k", values, sizeof values));
  for (int i = 0; i < 4; ++i) EXPECT_EQ(values[i], rows[i]);
  refused("x.csv", R"({"first": 70001})", CLQ_E_INVALID, "first must be from 0 to 70000, got 70001");
  clq_source_close(read);
}

// A FITS table of one row with an image of three bands; the second has no zero point.
std::string table_of_images() {
  const auto header = [](const std::vector<std::string>& cards) {
    std::string all;
    for (std::string card : cards) {
      card.resize(80, ' ');
      all += card;
    }
    all.resize(2880, ' ');
    return all;
  };
  std::string bytes = header({"SIMPLE  = T", "BITPIX  = 8", "NAXIS   = 0", "EXTEND  = T", "END"});
  bytes += header({"XTENSION= 'BINTABLE'", "BITPIX  = 8", "NAXIS   = 2", "NAXIS1  = 48", "NAXIS2  = 1", "PCOUNT  = 0",
                   "GCOUNT  = 1", "TFIELDS = 1", "TTYPE1  = 'IMAGE'", "TFORM1  = '12E'", "TDIM1   = '(2,2,3)'",
                   "BAND1   = 'g'", "BAND2   = 'r'", "BAND3   = 'i'", "ZP1     = 25.5", "ZP3     = 27.5", "END"});
  bytes.resize(bytes.size() + 2880, '\0');
  return bytes;
}

TEST_F(Write, KeepsZeroPointsOfTheBandsThatHaveOne) {
  std::ofstream(folder_ / "in.fits") << table_of_images();
  const char* options = R"({"images": "[IMAGE]"})";
  const clq_status status = clq_source_open(path("in.fits").c_str(), options, &host_.source);
  if (status == CLQ_E_UNSUPPORTED) GTEST_SKIP() << "no plugin reads FITS: " << last_error();
  ok(status);
  ok(clq_source_write(host_.source, path("out.fits").c_str(), nullptr));
  EXPECT_THAT(text("out.fits"), ::testing::ContainsRegex("BAND2   = 'r "));
  EXPECT_THAT(text("out.fits"), ::testing::ContainsRegex("ZP1     = +25.5 .*ZP3     = +27.5 "));
  EXPECT_THAT(text("out.fits"), ::testing::Not(HasSubstr("ZP2 ")));
}

TEST_F(Write, RefusesWhatItCannotWrite) {
  std::ofstream(folder_ / "in.csv") << "a,b\n1,2\n3,4\n";
  ok(clq_source_open(path("in.csv").c_str(), nullptr, &host_.source));
  refused(path("in.csv").c_str(), nullptr, CLQ_E_INVALID, "is the data that is read, name another file to write");
  refused(path("o.csv").c_str(), R"({"field": ["a"]})", CLQ_E_INVALID, "did you mean 'fields'");
  refused(path("o.csv").c_str(), R"({"fields": ["c"]})", CLQ_E_INVALID, "there is no column 'c'");
  refused(path("o.csv").c_str(), R"({"n": 3})", CLQ_E_INVALID, "n must be at most 2, got 3");
  refused(path("o.csv").c_str(), R"({"n": -1})", CLQ_E_INVALID, "options.n must not be negative, got -1");
  refused(path("o.vot").c_str(), nullptr, CLQ_E_UNSUPPORTED, ".vot");
  EXPECT_FALSE(std::filesystem::exists(folder_ / "o.csv"));
  EXPECT_EQ(text("in.csv"), "a,b\n1,2\n3,4\n");
}

}  // namespace
}  // namespace clq::test
