// tests/core/data/image_noise.test.cpp -- noise on images, and two views of one row.
// SPDX-License-Identifier: BSD-3-Clause
#include <cmath>

#include "core/data/image_support.hpp"
#include "data/slot.hpp"

namespace clq {
namespace {

using test::first_rows;
using test::Prepared;
using test::Rows;

constexpr const char* kData = R"({"images": "images", "target": "Z"})";

// Of 40 images of 400 pixels a band: the sigma of a mean of 16000 is 1/126 of that of a pixel, that of a variance 1/89.
TEST(Noise, HasTheAmountOfEachBandAndNoOther) {
  const test::Sky sky(40, 2, 20);
  const Prepared made(sky.open(), kData, {R"({"use": "noise", "amount": 0.5})"});
  const Rows still(made, first_rows(40)), moved(made, first_rows(40), 7);
  const std::vector<BandRange>& bands = made.transforms.images()->bands();
  for (size_t band = 0; band < 2; ++band) {
    double sum = 0, squares = 0, neighbours = 0, before = 0;
    for (int64_t i = 0; i < 40; ++i) {
      const std::vector<float> plain = still.row("images", i), noisy = moved.row("images", i);
      for (size_t p = band * 400; p < band * 400 + 400; ++p) {
        const double off = static_cast<double>(noisy[p] - plain[p]) / (0.5 * bands[band].sky.sigma);
        sum += off;
        squares += off * off;
        neighbours += off * before;
        before = off;
      }
    }
    EXPECT_NEAR(sum / 16000, 0, 5.0 / 126);
    EXPECT_NEAR(squares / 16000, 1, 5.0 / 89);
    EXPECT_NEAR(neighbours / 16000, 0, 5.0 / 126);
  }
}

TEST(Noise, DependsOnSeedEpochAndRowAlone) {
  const test::Sky sky(6, 1, 5);
  const Prepared made(sky.open(), kData, {R"({"use": "noise"})"});
  const Rows all(made, first_rows(6), 7), again(made, {4, 2}, 7), other_seed(made, {4}, 8), later(made, {4}, 7, 1);
  EXPECT_EQ(all.row("images", 4), again.row("images", 0));
  EXPECT_EQ(all.row("images", 2), again.row("images", 1));
  EXPECT_NE(all.row("images", 4), other_seed.row("images", 0));
  EXPECT_NE(all.row("images", 4), later.row("images", 0));
}

TEST(Noise, LeavesMaskedPixelsAndPredictionsAlone) {
  test::Sky sky(3, 1, 5);
  sky.image(1)[7] = NAN;
  const Prepared made(sky.open(), kData, {R"({"use": "nan_mask"})", R"({"use": "noise"})"});
  const Rows still(made, first_rows(3)), moved(made, first_rows(3), 7);
  EXPECT_EQ(moved.row("images", 1)[7], 0);
  EXPECT_EQ(moved.row("mask", 1)[7], 0);
  EXPECT_NE(moved.row("images", 1)[6], still.row("images", 1)[6]);
  EXPECT_EQ(still.row("images", 0), (std::vector<float>{sky.image(0), sky.image(0) + 25}));
}

TEST(Noise, IsTheSameFromItsState) {
  const test::Sky sky(5, 2, 4);
  Prepared made(sky.open(), kData, {R"({"use": "noise", "amount": 2})"});
  const Rows rows(made, first_rows(5), 3);
  made.transforms = Transforms::from_state(made.transforms.state(), made.layout);
  EXPECT_EQ(Rows(made, first_rows(5), 3).row("images", 3), rows.row("images", 3));
}

TEST(Noise, SaysWhatIsWrong) {
  const test::Sky sky(5, 1, 4);
  const auto words = [&](const char* spec) { return test::words_of([&] { Prepared(sky.open(), kData, {spec}); }); };
  EXPECT_EQ(words(R"({"use": "noise", "amount": -1})"), "noise: amount must be positive, got -1");
  EXPECT_EQ(words(R"({"use": "noise", "sigma": 0})"),
            "noise: the sigma of band 0 is 0, where half of the pixels are equal there is none");
}

// Rows 2 i and 2 i + 1 are views of one sample: the first is what it is alone, the second something else.
TEST(Views, OfARowVaryByThemselves) {
  const test::Sky sky(4, 1, 5);
  const Prepared made(sky.open(), kData, {R"({"use": "noise"})"});
  const Rows alone(made, first_rows(4), 7);
  Rows pairs(made, {0, 0, 1, 1}, 7);
  EXPECT_EQ(pairs.row("images", 0), pairs.row("images", 1));  // one view each
  const Rows still(made, {0, 0, 1, 1});
  pairs.slot.rows.views = 2;
  for (size_t t = 0; t < pairs.memory.size(); ++t) pairs.memory[t] = still.memory[t];
  for (size_t t = 0; t < pairs.memory.size(); ++t) pairs.slot.data[t] = pairs.memory[t].bytes();
  made.transforms.apply(pairs.slot, pairs.layout, 7);
  EXPECT_EQ(pairs.row("images", 0), alone.row("images", 0));
  EXPECT_EQ(pairs.row("images", 2), alone.row("images", 1));
  EXPECT_NE(pairs.row("images", 1), pairs.row("images", 0));
  EXPECT_NE(pairs.row("images", 3), pairs.row("images", 2));
}

}  // namespace
}  // namespace clq
