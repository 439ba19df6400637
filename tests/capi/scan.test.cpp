// tests/capi/scan.test.cpp -- a source scanned, searched and looked at by a host.
// SPDX-License-Identifier: BSD-3-Clause
#include <filesystem>

#include <unistd.h>
#include <nlohmann/json.hpp>

#include "client.hpp"

namespace clq::test {
namespace {

using Json = nlohmann::json;

Json result_of(clq_handle result) {
  return Json::parse(text_of([&](char* text, int64_t n) { return clq_result_text(result, text, n); }));
}

TEST(Scan, CountsTheHostsArrays) {
  Host host;
  host.a[3] = std::nanf("");
  host.b[4] = -99;
  host.open_source();
  ok(clq_source_scan(host.source, R"({"readers": 2, "null": [-99], "columns": ["a", "b"]})", &host.result));
  const Json scan = result_of(host.result);
  EXPECT_EQ(scan["rows"], kRows);
  EXPECT_EQ(scan["missing_value"], 2);
  EXPECT_EQ(scan["columns"][0]["nan"], 1);
  EXPECT_EQ(scan["columns"][1]["null"], 1);
  EXPECT_EQ(scan["first_bad"][1]["row"], 4);
  EXPECT_TRUE(scan["repeated_ids"].is_null());
  int64_t rows = 0;
  ok(clq_source_scanned(host.source, &rows));
  EXPECT_EQ(rows, kRows);
}

TEST(Scan, RefusesWhatItDoesNotKnow) {
  Host host;
  host.open_source();
  clq_handle result = 0;
  EXPECT_EQ(clq_source_scan(host.source, R"({"reader": 2})", &result), CLQ_E_INVALID);
  EXPECT_NE(last_error().find("did you mean 'readers'?"), std::string::npos) << last_error();
  EXPECT_EQ(clq_source_scan(host.source, R"({"readers": 0})", &result), CLQ_E_INVALID);
  EXPECT_EQ(clq_source_scan(host.source, R"({"id": "nr"})", &result), CLQ_E_INVALID);
  EXPECT_EQ(clq_source_scan(host.source, "{}", nullptr), CLQ_E_INVALID);
  EXPECT_EQ(clq_source_scan(12345, "{}", &result), CLQ_E_INVALID);
  EXPECT_EQ(result, 0);
}

TEST(Find, NamesTheRowOfAnId) {
  const int32_t id[] = {7, 5, 7, 7};
  Host host;
  ok(clq_source_create(4, &host.source));
  ok(clq_source_add(host.source, "nr", id, CLQ_I32, 0, nullptr, 1));
  int64_t row = -1;
  EXPECT_EQ(clq_source_find(host.source, "nr", "5", &row), 0);
  EXPECT_EQ(row, 1);
  EXPECT_EQ(clq_source_find(host.source, "nr", "7", &row), 2);
  EXPECT_EQ(row, 0);
  EXPECT_EQ(clq_source_find(host.source, "", "3", &row), 0);
  EXPECT_EQ(row, 3);
  EXPECT_EQ(clq_source_find(host.source, "nr", "6", &row), CLQ_E_NOT_FOUND);
  EXPECT_EQ(row, 3);
  EXPECT_EQ(clq_source_find(host.source, "nr", "six", &row), CLQ_E_INVALID);
}

TEST(Look, NeedsStatisticsAndThenShowsTheInputs) {
  Host host;
  host.open_model("[[transform]]\nuse = \"standardise\"\n");
  EXPECT_EQ(clq_source_look(host.source, host.model, 2, nullptr, &host.result), CLQ_E_INVALID);
  ok(clq_model_fit(host.model, host.source, host.config));
  ok(clq_source_look(host.source, host.model, 2, nullptr, &host.result));
  const Json looked = result_of(host.result);
  EXPECT_FLOAT_EQ(looked["inputs"]["a"][0].get<float>(), host.a[2]);
  EXPECT_NE(looked["inputs"]["a"][1], looked["inputs"]["a"][0]);
  EXPECT_EQ(looked["columns"]["y"], host.y[2]);
  EXPECT_TRUE(looked["values"].is_null());
  EXPECT_EQ(clq_source_look(host.source, host.model, kRows, nullptr, &host.result), CLQ_E_INVALID);
}

TEST(Look, WritesPicturesOfImages) {
  std::vector<float> images(3 * 2 * 6 * 6);
  for (size_t p = 0; p < images.size(); ++p) images[p] = static_cast<float>(p % 7);
  const int64_t dims[] = {2, 6, 6};
  Host host;
  ok(clq_source_create(3, &host.source));
  ok(clq_source_add(host.source, "images", images.data(), CLQ_F32, 3, dims, 1));
  const std::string prefix =
      (std::filesystem::temp_directory_path() / ("clq-look-" + std::to_string(getpid()))).string();
  ok(clq_source_look(host.source, 0, 1, prefix.c_str(), &host.result));
  EXPECT_EQ(result_of(host.result)["images"][0]["files"][0], prefix + "-images.png");
  EXPECT_GT(std::filesystem::file_size(prefix + "-images.png"), 100u);
  for (const char* end : {"-images.png", "-values.fits"}) std::filesystem::remove(prefix + end);
  EXPECT_EQ(clq_source_look(host.source, 0, 1, "/nowhere/p", &host.result), CLQ_E_IO);
}

TEST(Fit, IsRefusedWhileATrainerHoldsTheModel) {
  Host host;
  host.open_trainer();
  EXPECT_EQ(clq_model_fit(host.model, host.source, host.config), CLQ_E_INVALID);
}

}  // namespace
}  // namespace clq::test
