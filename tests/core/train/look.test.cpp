// tests/core/train/look.test.cpp -- what is shown of a row is what the network gets, and its pictures can be read back.
// SPDX-License-Identifier: BSD-3-Clause
#include "train/look.hpp"

#include <cmath>
#include <filesystem>

#include <gtest/gtest.h>
#include <png.h>

#include "core/data/support.hpp"
#include "data/array_source.hpp"
#include "toy.hpp"
#include "train/fit_model.hpp"
#include "train/seen_rows.hpp"
#include "train/stretch.hpp"

namespace clq {
namespace {

namespace fs = std::filesystem;

struct Decoded {
  int64_t width = 0, height = 0;
  std::vector<Colour> pixels;
  Colour at(int64_t x, int64_t y) const { return pixels[static_cast<size_t>(y * width + x)]; }
};

Decoded decode(const std::string& path) {
  const std::string file = toy::read_text(path);
  png_image image{};
  image.version = PNG_IMAGE_VERSION;
  EXPECT_NE(png_image_begin_read_from_memory(&image, file.data(), file.size()), 0) << path << ": " << image.message;
  image.format = PNG_FORMAT_RGB;
  Decoded picture{image.width, image.height, std::vector<Colour>(size_t{image.width} * image.height)};
  EXPECT_NE(png_image_finish_read(&image, nullptr, picture.pixels.data(), 0, nullptr), 0) << path;
  return picture;
}

// Sky of 10 +- 1 (a fixed pattern), one pixel of 1000 at (x, y) = (1, 6), one NaN at (0, 0).
std::vector<float> star(int64_t side) {
  std::vector<float> pixels;
  for (int64_t p = 0; p < side * side; ++p) pixels.push_back(10.0f + static_cast<float>(p % 3 - 1));
  pixels[static_cast<size_t>(6 * side + 1)] = 1000;
  pixels[0] = std::nanf("");
  return pixels;
}

TEST(Stretch, IsSetByTheSky) {
  const std::vector<float> pixels = star(8);
  const Stretch stretch = choose_stretch(pixels);
  EXPECT_EQ(stretch.finite, 63);
  EXPECT_EQ(stretch.middle, 10);
  EXPECT_NEAR(stretch.scale, 3 * 1.4826, 1e-9);
  EXPECT_EQ(stretch.grey(stretch.black), 0);
  EXPECT_EQ(stretch.grey(stretch.white), 1);
  EXPECT_EQ(stretch.grey(-1e30), 0);
  EXPECT_EQ(stretch.grey(1e30), 1);
  const double half =
      std::sinh((std::asinh((stretch.black - 10) / stretch.scale) + std::asinh((stretch.white - 10) / stretch.scale)) /
                2) *
          stretch.scale +
      10;
  EXPECT_NEAR(stretch.grey(half), 0.5, 1e-12);
}

TEST(Stretch, KnowsFlatAndEmptyImages) {
  EXPECT_EQ(choose_stretch(std::vector<float>(9, 2.5f)).middle, 2.5);
  const std::vector<float> none(4, std::nanf(""));
  EXPECT_EQ(choose_stretch(none).text(), "no finite pixel");
  EXPECT_EQ(choose_stretch(none).grey(1), 0);
}

// Row 0 of the data is at the bottom; bands stand side by side.
TEST(Stretch, DrawsTheBandsUpright) {
  const std::vector<float> pixels = star(8);
  const std::vector<float> both = [&] {
    std::vector<float> all(64, 0.0f);
    all.insert(all.end(), pixels.begin(), pixels.end());
    return all;
  }();
  const ImageView view{both, 2, 8, 8};
  const std::vector<Stretch> stretches = {choose_stretch(view.band(0)), choose_stretch(view.band(1))};
  const Picture picture = bands_picture(view, stretches);
  EXPECT_EQ(picture.height(), 192);
  EXPECT_EQ(picture.width(), 2 * 192 + 4);
  const auto block = [](int64_t x, int64_t y) { return std::pair{196 + x * 24 + 12, (7 - y) * 24 + 12}; };
  const auto [sx, sy] = block(1, 6);
  EXPECT_EQ(picture.at(sx, sy), (Colour{255, 255, 255}));
  const auto [nx, ny] = block(0, 0);
  EXPECT_EQ(picture.at(nx, ny), (Colour{140, 0, 0}));
  const auto [gx, gy] = block(4, 4);
  EXPECT_LT(picture.at(gx, gy)[0], 120);
}

TEST(Stretch, ColoursFollowTheBands) {
  std::vector<float> pixels(3 * 64, 0.0f);
  for (size_t p = 0; p < pixels.size(); ++p) pixels[p] = static_cast<float>(p % 3) - 1.0f;
  pixels[2 * 64 + 9] = 300;  // the last band alone
  const ImageView view{pixels, 3, 8, 8};
  std::vector<Stretch> stretches;
  for (int64_t b = 0; b < 3; ++b) stretches.push_back(choose_stretch(view.band(b)));
  EXPECT_EQ(colour_bands(3), (std::array<int64_t, 3>{2, 1, 0}));
  EXPECT_EQ(colour_bands(5), (std::array<int64_t, 3>{3, 2, 1}));
  EXPECT_EQ(colour_bands(9), (std::array<int64_t, 3>{7, 4, 1}));
  const Picture picture = colour_picture(view, stretches, colour_bands(3));
  const Colour red = picture.at(1 * 24 + 12, (7 - 1) * 24 + 12);
  EXPECT_GT(red[0], 240);
  EXPECT_LT(red[2], 30);
}

struct Images {  // 12 rows of [3, 8, 8], row + 10 band + the star, beside A = row
  Images() {
    std::vector<float> a;
    for (int64_t row = 0; row < 12; ++row) {
      a.push_back(static_cast<float>(row));
      for (int64_t band = 0; band < 3; ++band)
        for (const float pixel : star(8)) pixels.push_back(pixel + static_cast<float>(row + 10 * band));
    }
    ArraySource arrays(12);
    arrays.add("A", a.data(), {CLQ_F32, {}}, false);
    arrays.add("pictures", pixels.data(), {CLQ_F32, {3, 8, 8}}, false);
    source = arrays.open();
  }
  std::vector<float> pixels;
  std::shared_ptr<DataSource> source;
};

TEST(Look, ShowsTheSourcesOwnImages) {
  const Images data;
  const toy::Folder folder;
  fs::create_directories(folder.path());
  const Json json = look(*data.source, nullptr, 5, folder.file("p"), toy::registry());
  EXPECT_EQ(json["columns"]["A"], 5.0);
  ASSERT_EQ(json["images"].size(), 1u);
  const Json& image = json["images"][0];
  EXPECT_EQ(image["name"], "pictures");
  EXPECT_EQ(image["shape"], (Json{3, 8, 8}));
  EXPECT_EQ(image["bands"][2]["median"], 35.0);
  EXPECT_EQ(image["bands"][2]["maximum"], 1025.0);
  EXPECT_EQ(image["bands"][2]["not_finite"], 1);
  const Decoded bands = decode(folder.file("p-pictures.png")), colours = decode(folder.file("p-pictures-rgb.png"));
  EXPECT_EQ(bands.width, 3 * 192 + 2 * 4);
  EXPECT_EQ(colours.width, 192);
  EXPECT_EQ(bands.at(1 * 24 + 12, 1 * 24 + 12), (Colour{255, 255, 255}));
}

TEST(Look, WritesNothingWithoutAPrefix) {
  const Images data;
  const Json json = look(*data.source, nullptr, 0, "", toy::registry());
  EXPECT_FALSE(json["images"][0].contains("files"));
  EXPECT_EQ(json["values"], nullptr);
  EXPECT_THROW(look(*data.source, nullptr, 12, "", toy::registry()), Error);
}

// An undefined logical, a null: no integer takes it, and it ends no look.
TEST(Look, ShowsWholeNumbersAndWhatIsNone) {
  test::Scripted script{.names = {"GOOD", "N"}, .n = 3, .value = [](int64_t row, uint32_t field) {
                          return field == 0 && row == 1 ? std::nan("") : static_cast<double>(row);
                        }};
  script.dtype = CLQ_U8;
  script.before = [](int64_t row, const clq_read& io) {
    const bool whole = io.slots[0].field == 0 && io.slots[0].want.dtype != CLQ_F64;
    return row == 1 && whole ? CLQ_E_DATA : CLQ_OK;
  };
  const auto source = test::open_scripted(script);
  const Json undefined = look(*source, nullptr, 1, "", toy::registry())["columns"];
  EXPECT_EQ(undefined["GOOD"], "NaN");
  EXPECT_TRUE(undefined["N"].is_number_integer());
  EXPECT_EQ(look(*source, nullptr, 2, "", toy::registry())["columns"]["GOOD"].dump(), "2");
}

TEST(Look, KeepsLargeIntegers) {
  const int64_t ids[] = {INT64_MAX, INT64_MIN + 1};
  const uint64_t hashes[] = {UINT64_MAX, 0};
  ArraySource arrays(2);
  arrays.add("I", ids, {CLQ_I64, {}}, false);
  arrays.add("U", hashes, {CLQ_U64, {}}, false);
  const auto source = arrays.open();
  EXPECT_EQ(look(*source, nullptr, 0, "", toy::registry())["columns"], (Json{{"I", INT64_MAX}, {"U", UINT64_MAX}}));
  EXPECT_EQ(look(*source, nullptr, 1, "", toy::registry())["columns"], (Json{{"I", INT64_MIN + 1}, {"U", 0}}));
}

TEST(Look, WritesPicturesOfAnyName) {
  const std::vector<float> pixels(2 * 3 * 64, 1.0f);
  ArraySource arrays(2);
  arrays.add("flux/error", pixels.data(), {CLQ_F32, {3, 8, 8}}, false);
  const toy::Folder folder;
  fs::create_directories(folder.path());
  const Json image = look(*arrays.open(), nullptr, 0, folder.file("p"), toy::registry())["images"][0];
  EXPECT_EQ(image["name"], "flux/error");
  EXPECT_EQ(image["files"], (Json{folder.file("p-flux_error.png"), folder.file("p-flux_error-rgb.png")}));
  EXPECT_EQ(decode(folder.file("p-flux_error.png")).width, 3 * 192 + 2 * 4);
}

Json standardised_run() {
  Json run = toy::run();
  toy::set(run, "/transform", Json::array({{{"use", "standardise"}}}));
  return run;
}

// The inputs are those that a prediction computes with: the same code, and the values of a trained bundle.
TEST(Look, ShowsWhatTheNetworkGets) {
  const auto source = toy::source();
  const Json run = standardised_run();
  const auto model = toy::model(run, source);
  EXPECT_THROW(look(*source, model.get(), 3, "", toy::registry()), Error);  // no statistics yet
  fit_model(*model, *source, Config(run));
  const Json json = look(*source, model.get(), 3, "", toy::registry());
  const auto trainer = toy::trainer(run, source);
  trainer->run_steps(1);
  const auto& statistics = trainer->model().transforms.inputs();
  EXPECT_NEAR(statistics.at(0).mean, 0, 1e-6);  // of the standardised input
  const double given = json["inputs"]["A"][0].get<double>(), seen = json["inputs"]["A"][1].get<double>();
  const SeenRows rows = see_rows(*source, trainer->model().layout, trainer->model().transforms, {3});
  EXPECT_FLOAT_EQ(static_cast<float>(given), rows.given[0].as<float>()[0]);
  EXPECT_FLOAT_EQ(static_cast<float>(seen), rows.seen[0].as<float>()[0]);
  EXPECT_NE(given, seen);
  EXPECT_EQ(json["bad"], 0);
}

TEST(Look, TellsWhyARowIsBad) {
  const float a[] = {1, std::nanf(""), 3}, b[] = {1, 2, 3};
  const double y[] = {1, 2, 3};
  ArraySource arrays(3);
  arrays.add("A", a, {CLQ_F32, {}}, false);
  arrays.add("B", b, {CLQ_F32, {}}, false);
  arrays.add("Y", y, {CLQ_F64, {}}, false);
  const auto source = arrays.open();
  const auto model = toy::model(toy::run(), toy::source());
  model->fitted = true;
  const Json json = look(*source, model.get(), 1, "", toy::registry());
  EXPECT_EQ(json["bad"], 2);
  EXPECT_EQ(json["why"], "A is NaN or null");
  EXPECT_EQ(json["columns"]["A"], "NaN");
}

}  // namespace
}  // namespace clq
