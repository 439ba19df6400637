// tests/core/data/image_transforms.test.cpp -- transforms of pixels against closed forms; what a bundle keeps of them.
// SPDX-License-Identifier: BSD-3-Clause
#include <algorithm>
#include <limits>

#include "core/data/image_support.hpp"
#include "data/slot.hpp"

namespace clq {
namespace {

using test::first_rows;
using test::Prepared;
using test::Rows;

constexpr float kNan = std::numeric_limits<float>::quiet_NaN();
constexpr const char* kData = R"({"target": "Z"})";

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  const size_t n = values.size();
  return n % 2 == 1 ? values[n / 2] : (values[n / 2 - 1] + values[n / 2]) / 2;
}

std::vector<double> band_pixels(const test::Sky& sky, int64_t band) {
  std::vector<double> values;
  for (int64_t i = 0; i < sky.rows; ++i)
    for (int64_t p = 0; p < sky.shape.pixels(); ++p)
      values.push_back(
          static_cast<double>(sky.pixels[static_cast<size_t>(i * sky.shape.count() + band * sky.shape.pixels() + p)]));
  return values;
}

// {median, 1.4826 MAD}; every pixel of so small a set is kept.
std::pair<double, double> robust(const test::Sky& sky, int64_t band) {
  std::vector<double> values = band_pixels(sky, band);
  const double level = median(values);
  for (double& x : values) x = std::abs(x - level);
  return {level, 1.4826 * median(values)};
}

TEST(SkyAsinh, ScalesEachBandByItsSkyAndAllByOneRms) {
  const test::Sky sky(40, 2, 6);
  const Prepared made(sky.open(), kData, {R"({"use": "sky_asinh"})"});
  const Json step = made.transforms.state()["images"][0];
  double squares = 0, count = 0;
  for (int64_t b = 0; b < 2; ++b) {
    const double sigma = robust(sky, b).second;
    EXPECT_NEAR(step["sigma"][static_cast<size_t>(b)].get<double>(), sigma, 1e-6 * sigma);  // distances are F32
    EXPECT_NEAR(sigma, 2 + 3 * static_cast<double>(b), 0.1 * sigma);  // of a normal sky it is its sigma
    for (const double x : band_pixels(sky, b)) squares += std::pow(std::asinh(x / (3 * sigma)), 2), ++count;
  }
  const double rms = std::sqrt(squares / count);
  EXPECT_NEAR(step["rms"].get<double>(), rms, 1e-6 * rms);
  const Rows rows(made, first_rows(40));
  double all = 0;
  for (int64_t i = 0; i < 40; ++i) {
    const std::vector<float> row = rows.row("images", i);
    for (size_t p = 0; p < row.size(); ++p) {
      const size_t b = p / 36;
      const double x = static_cast<double>(sky.pixels[static_cast<size_t>(i) * 72 + p]);
      EXPECT_NEAR(row[p], std::asinh(x / (3 * step["sigma"][b].get<double>())) / rms, 1e-5);  // F32, values about 1
      all += static_cast<double>(row[p]) * static_cast<double>(row[p]);
    }
  }
  EXPECT_NEAR(all / (40 * 72), 1, 1e-5);
}

TEST(SkyAsinh, TakesGivenNumbersAndRefusesASkyWithoutScatter) {
  test::Sky sky(4, 2, 3);
  const Prepared given(sky.open(), kData, {R"({"use": "sky_asinh", "sigma": [1, 2], "rms": 0.5})"});
  EXPECT_NEAR(Rows(given, {1}).row("images", 0)[9], 2 * std::asinh(sky.image(1)[9] / 6), 1e-6);
  std::fill_n(sky.image(0), sky.pixels.size(), 7.0f);
  EXPECT_EQ(test::words_of([&] { Prepared(sky.open(), kData, {R"({"use": "sky_asinh"})"}); }),
            "sky_asinh: half of the pixels of band 0 in the training rows are equal, a sky has scatter");
}

TEST(ImageScale, FollowsItsFormulaABand) {
  const test::Sky sky(3, 2, 2);
  const auto pixel = [&](const char* spec, size_t p) {
    return static_cast<double>(Rows(Prepared(sky.open(), kData, {spec}), {2}).row("images", 0)[p]);
  };
  for (const size_t p : {size_t{1}, size_t{6}}) {
    const double x = static_cast<double>(sky.pixels[16 + p]), scale = p < 4 ? 2 : 5;
    EXPECT_NEAR(pixel(R"({"use": "asinh", "fields": "images", "scale": [2, 5]})", p), std::asinh(x / scale), 1e-6);
    EXPECT_NEAR(pixel(R"({"use": "clip", "fields": ["images"], "min": -0.5, "max": [0.5, 1]})", p),
                std::clamp(x, -0.5, p < 4 ? 0.5 : 1.0), 1e-6);
    EXPECT_NEAR(pixel(R"({"use": "standardise", "fields": "images", "mean": [1, 2], "std": [2, 5]})", p),
                (x - (p < 4 ? 1 : 2)) / scale, 1e-6);
  }
}

TEST(ImageStandardise, LearnsTheMeanAndDeviationOfEachBand) {
  const test::Sky sky(30, 2, 4);
  const Prepared made(sky.open(), kData, {R"({"use": "standardise", "fields": ["images"]})"});
  const Rows rows(made, first_rows(30));
  for (size_t b = 0; b < 2; ++b) {
    double sum = 0, squares = 0;
    for (int64_t i = 0; i < 30; ++i)
      for (size_t p = 0; p < 16; ++p) {
        const auto x = static_cast<double>(rows.row("images", i)[b * 16 + p]);
        sum += x;
        squares += x * x;
      }
    EXPECT_NEAR(sum / 480, 0, 1e-6);
    EXPECT_NEAR(squares / 480, 1, 1e-5);
  }
}

TEST(ImageTransforms, GoOneAfterTheOtherAsWritten) {
  test::Sky sky(2, 1, 2);
  sky.pixels[0] = 3;
  const char* clip = R"({"use": "clip", "fields": "images", "min": -1, "max": 1})";
  const char* asinh = R"({"use": "asinh", "fields": "images", "scale": 0.1})";
  const auto first = [&](const std::vector<std::string>& chain) {
    return static_cast<double>(Rows(Prepared(sky.open(), kData, chain), {0}).row("images", 0)[0]);
  };
  EXPECT_NEAR(first({clip, asinh}), std::asinh(1 / 0.1), 1e-5);
  EXPECT_NEAR(first({asinh, clip}), 1, 1e-6);
}

TEST(NanMask, MakesHolesZeroAndSaysWhere) {
  test::Sky sky(6, 2, 2);
  sky.image(1)[5] = kNan;
  sky.image(2)[0] = std::numeric_limits<float>::infinity();
  std::fill_n(sky.image(3), 4, kNan);
  const Prepared plain(sky.open(), kData, {});
  EXPECT_THAT(Rows(plain, first_rows(4)).slot.bad, testing::ElementsAre(0, kBadNan, kBadNan, kBadBand));
  EXPECT_EQ(Rows(plain, {2}).words[0], "band 0: pixel 0, 0 is infinite");
  const Prepared masks(sky.open(), kData, {R"({"use": "nan_mask"})"});
  const Rows rows(masks, first_rows(4));
  EXPECT_THAT(rows.slot.bad, testing::ElementsAre(0, 0, 0, kBadBand));
  EXPECT_THAT(rows.row("mask", 0), testing::Each(1.0f));
  EXPECT_THAT(rows.row("mask", 1), testing::ElementsAre(1, 1, 1, 1, 1, 0, 1, 1));
  EXPECT_EQ(rows.row("images", 1)[5], 0);
  EXPECT_EQ(rows.row("images", 1)[4], sky.image(1)[4]);
  EXPECT_THAT(rows.row("mask", 3), testing::Each(0.0f));  // a bad row's inputs are 0
  const Prepared may_miss(sky.open(), R"({"target": "Z", "on_missing_band": "mask"})", {R"({"use": "nan_mask"})"});
  const Rows missing(may_miss, {3});
  EXPECT_EQ(missing.slot.bad[0], 0);
  EXPECT_THAT(missing.row("mask", 0), testing::ElementsAre(0, 0, 0, 0, 1, 1, 1, 1));
}

TEST(ImageTransforms, ComeBackFromTheirState) {
  const test::Sky sky(50, 2, 4);
  const Prepared made(sky.open(), R"({"target": "Z", "images": "images", "scalars": ["VX", "VY"]})",
                      {R"({"use": "sky_asinh"})", R"({"use": "standardise"})", R"({"use": "nan_mask"})",
                       R"({"use": "clip", "fields": "images", "min": -2, "max": 2})",
                       R"({"use": "dihedral", "vectors": ["VX", "VY"]})", R"({"use": "shift", "pixels": 1})"});
  Prepared again = made;
  again.transforms = Transforms::from_state(made.transforms.state(), made.layout);
  EXPECT_EQ(again.transforms.state(), made.transforms.state());
  const Rows a(made, first_rows(50), 3, 5), b(again, first_rows(50), 3, 5);
  for (size_t t = 0; t < a.memory.size(); ++t)
    EXPECT_EQ(std::memcmp(a.memory[t].bytes(), b.memory[t].bytes(), static_cast<size_t>(a.memory[t].desc().bytes())),
              0);
  EXPECT_EQ(a.slot.ood, b.slot.ood);
}

TEST(ImageStatistics, DoNotDependOnTheReaders) {
  const test::Sky sky(3000, 2, 8);
  const char* step = R"({"use": "sky_asinh"})";
  const Json wanted = Prepared(sky.open(), kData, {step}).transforms.state();
  for (const uint32_t readers : {2u, 4u})
    EXPECT_EQ(Prepared(sky.open(), kData, {step}, readers).transforms.state(), wanted);
}

TEST(ImageStatistics, LeaveBadRowsOutAndNameABandWithoutAny) {
  test::Sky sky(20, 2, 4);
  const Json wanted = Prepared(sky.open(), kData, {}).transforms.state()["bands"];
  test::Sky more(21, 2, 4);
  std::fill_n(more.image(20), 32, 1e6f);
  more.image(20)[3] = kNan;
  EXPECT_EQ(Prepared(more.open(), kData, {}).transforms.state()["bands"], wanted);
  for (int64_t i = 0; i < 20; ++i) std::fill_n(sky.image(i) + 16, 16, kNan);
  EXPECT_EQ(test::words_of([&] { Prepared(sky.open(), kData, {}); }),
            "band 0: none of 20 training rows has a good pixel");
}

// S/N = sum (x - level) / (sigma sqrt n), of the pixels as they are read.
TEST(OutOfRange, IsTheSignalToNoiseOfABand) {
  test::Sky sky(400, 2, 4);
  const Json bands = Prepared(sky.open(), kData, {R"({"use": "sky_asinh"})"}).transforms.state()["bands"];
  std::vector<double> ratios;
  const auto [level, sigma] = robust(sky, 1);
  for (int64_t i = 0; i < 400; ++i) {
    double sum = 0;
    for (int64_t p = 0; p < 16; ++p) sum += static_cast<double>(sky.image(i)[16 + p]) - level;
    ratios.push_back(sum / (sigma * 4));
  }
  std::sort(ratios.begin(), ratios.end());
  EXPECT_NEAR(bands[1]["level"].get<double>(), level, 1e-6);
  EXPECT_NEAR(bands[1]["q999"].get<double>(), ratios[398] + 0.601 * (ratios[399] - ratios[398]), 1e-5);
  EXPECT_NEAR(bands[1]["q001"].get<double>(), ratios[0] + 0.399 * (ratios[1] - ratios[0]), 1e-5);
  const Prepared made(sky.open(), kData, {R"({"use": "sky_asinh"})"});
  for (int64_t p = 0; p < 16; ++p) sky.image(7)[16 + p] += 20;
  Prepared bright(sky.open(), kData, {R"({"use": "sky_asinh"})"});
  bright.transforms = made.transforms;
  EXPECT_EQ(Rows(bright, {7}).slot.ood[0], 1);
  EXPECT_EQ(Rows(made, {7}).slot.ood[0], 0);
}

TEST(ImageTransforms, NameWhatIsWrong) {
  const test::Sky sky(4, 2, 3);
  const auto words = [&](const std::string& spec, const char* data = kData) {
    return test::words_of([&] { Prepared(sky.open(), data, {spec}); });
  };
  const std::string per_sample =
      "transform[0].use: there is no transform 'minmax': per-sample normalisation removes the magnitude; sky_asinh and "
      "standardise take one scale a band for the whole set";
  EXPECT_EQ(words(R"({"use": "minmax"})"), per_sample);
  EXPECT_EQ(words(R"({"use": "sky_asin"})"),
            "transform[0].use: there is no transform 'sky_asin', did you mean 'sky_asinh'?");
  EXPECT_EQ(
      words(R"({"use": "clip", "fields": ["images", "VX"], "min": 0, "max": 1})"),
      "transform[0].fields: clip of images and of columns are two transforms, fields = [\"images\"] stands alone");
  EXPECT_EQ(words(R"({"use": "standardise"})"),
            "transform[0]: standardise needs columns, and the data have images alone: fields = [\"images\"]");
  EXPECT_EQ(words(R"({"use": "shift", "pixels": 3})"), "shift: pixels must be from 1 to 2, got 3");
  EXPECT_EQ(words(R"({"use": "asinh", "fields": "images", "scale": [1, 0]})"),
            "asinh: the scale of band 1 is 0, it must be positive");
  EXPECT_EQ(words(R"({"use": "sky_asinh", "sigma": 1})"), "sky_asinh: sigma and rms are given together or not at all");
  EXPECT_EQ(words(R"({"use": "shift", "pixel": 1})"), "transform[0].pixels is missing");
  ArraySource table(1);
  const double one = 1;
  table.add("Z", &one, {CLQ_F64, {}}, false);
  table.add("A", &one, {CLQ_F64, {}}, false);
  const auto source = table.open();
  EXPECT_EQ(
      test::words_of([&] { Prepared(source, R"({"target": "Z", "scalars": "A"})", {R"({"use": "sky_asinh"})"}); }),
      "transform[0].use: sky_asinh works on images, the data have none");
}

}  // namespace
}  // namespace clq
