// tests/core/data/image_moves.test.cpp -- orientations and shifts: what goes where, in training alone.
// SPDX-License-Identifier: BSD-3-Clause
#include <algorithm>
#include <limits>
#include <set>

#include "core/data/image_support.hpp"
#include "data/d4.hpp"
#include "data/slot.hpp"

namespace clq {
namespace {

using test::first_rows;
using test::Prepared;
using test::Rows;

// By the definition: what was at (x, y) from the centre is where turn_vector puts it.
std::vector<float> turned(int orientation, const std::vector<float>& image, int64_t side) {
  std::vector<float> out(image.size());
  for (int64_t row = 0; row < side; ++row)
    for (int64_t column = 0; column < side; ++column) {
      int64_t x = 2 * column - (side - 1), y = 2 * row - (side - 1);
      turn_vector(orientation, x, y);
      const int64_t to = (y + side - 1) / 2 * side + (x + side - 1) / 2;
      out[static_cast<size_t>(to)] = image[static_cast<size_t>(row * side + column)];
    }
  return out;
}

TEST(D4, TurnsPixelsAsItTurnsVectors) {
  for (const int64_t side : {1, 4, 5}) {
    std::vector<float> image(static_cast<size_t>(side * side)), out(image.size());
    std::iota(image.begin(), image.end(), 0.0f);
    std::set<std::vector<float>> all;
    for (int e = 0; e < kOrientations; ++e) {
      turn_plane(e, image.data(), out.data(), side);
      EXPECT_EQ(out, turned(e, image, side)) << "orientation " << e << " of " << side;
      all.insert(out);
    }
    EXPECT_EQ(all.size(), side == 1 ? 1u : 8u);
  }
}

TEST(D4, TurnsFromXTowardsY) {
  int x = 1, y = 0;
  turn_vector(1, x, y);
  EXPECT_EQ(std::pair(x, y), std::pair(0, 1));
  x = 1, y = 0;
  turn_vector(4, x, y);
  EXPECT_EQ(std::pair(x, y), std::pair(-1, 0));
  x = 1, y = 0;
  turn_vector(5, x, y);  // mirrored, then turned
  EXPECT_EQ(std::pair(x, y), std::pair(0, -1));
}

// Which orientation made `after` of `before`; -1: none.
int orientation_of(const std::vector<float>& before, const std::vector<float>& after, int64_t side) {
  for (int e = 0; e < kOrientations; ++e)
    if (turned(e, before, side) == after) return e;
  return -1;
}

TEST(Dihedral, TurnsImagesMaskAndVectorsTogether) {
  test::Sky sky(200, 1, 4);
  for (int64_t i = 0; i < 200; ++i) sky.image(i)[1] = std::numeric_limits<float>::quiet_NaN();
  const Prepared made(sky.open(), R"({"images": "images", "scalars": ["VX", "VY"], "target": "Z"})",
                      {R"({"use": "nan_mask"})", R"({"use": "dihedral", "vectors": ["VX", "VY"]})"});
  const Rows still(made, first_rows(200)), rows(made, first_rows(200), 7);
  std::set<int> seen;
  for (int64_t i = 0; i < 200; ++i) {
    EXPECT_EQ(still.row("scalars", i)[0], sky.x[static_cast<size_t>(i)]);
    const int e = orientation_of(still.row("images", i), rows.row("images", i), 4);
    ASSERT_GE(e, 0) << i;
    seen.insert(e);
    EXPECT_EQ(rows.row("mask", i), turned(e, still.row("mask", i), 4));
    float x = sky.x[static_cast<size_t>(i)], y = sky.y[static_cast<size_t>(i)];
    turn_vector(e, x, y);
    EXPECT_THAT(rows.row("scalars", i), testing::ElementsAre(x, y));
  }
  EXPECT_EQ(seen.size(), 8u);
}

TEST(Dihedral, TurnsATargetToo) {
  const test::Sky sky(40, 1, 3);
  const Prepared made(sky.open(), R"({"target": ["VX", "VY"]})", {R"({"use": "dihedral", "vectors": ["VX", "VY"]})"});
  const Rows still(made, first_rows(40)), rows(made, first_rows(40), 7);
  for (int64_t i = 0; i < 40; ++i) {
    double x = static_cast<double>(sky.x[static_cast<size_t>(i)]),
           y = static_cast<double>(sky.y[static_cast<size_t>(i)]);
    turn_vector(orientation_of(still.row("images", i), rows.row("images", i), 3), x, y);
    const double* target = rows.slot.row<const double>(static_cast<size_t>(rows.layout.tensor("target")), i, 2);
    EXPECT_EQ(target[0], x);
    EXPECT_EQ(target[1], y);
  }
}

// Philox of seed, epoch and row alone: neither the batch nor the place in it counts.
TEST(Dihedral, DependsOnSeedEpochAndRowAlone) {
  const test::Sky sky(32, 1, 4);
  const Prepared made(sky.open(), R"({"target": "Z"})", {R"({"use": "dihedral"})", R"({"use": "shift", "pixels": 1})"});
  const Rows all(made, first_rows(32), 7, 2), one(made, {9, 3}, 7, 2);
  EXPECT_EQ(one.row("images", 0), all.row("images", 9));
  EXPECT_EQ(one.row("images", 1), all.row("images", 3));
  const auto differ = [&](const Rows& other) {
    int count = 0;
    for (int64_t i = 0; i < 32; ++i) count += other.row("images", i) != all.row("images", i);
    return count;
  };
  EXPECT_GT(differ(Rows(made, first_rows(32), 8, 2)), 16);
  EXPECT_GT(differ(Rows(made, first_rows(32), 7, 3)), 16);
}

TEST(Shift, MovesByWholePixelsAndLeavesZeros) {
  test::Sky sky(120, 2, 5);
  for (float& x : sky.pixels) x = std::abs(x) + 1;  // 0 is what came in from outside
  const Prepared made(sky.open(), R"({"target": "Z"})", {R"({"use": "nan_mask"})", R"({"use": "shift", "pixels": 2})"});
  const Rows still(made, first_rows(120)), rows(made, first_rows(120), 7);
  std::set<std::pair<int64_t, int64_t>> seen;
  for (int64_t i = 0; i < 120; ++i) {
    const std::vector<float> before = still.row("images", i), after = rows.row("images", i), mask = rows.row("mask", i);
    int found = 0;
    for (int64_t dx = -2; dx <= 2; ++dx)
      for (int64_t dy = -2; dy <= 2; ++dy) {
        bool same = true;
        for (int64_t p = 0; same && p < 50; ++p) {
          const int64_t b = p / 25, x = p % 5 - dx, y = p % 25 / 5 - dy;
          const bool inside = x >= 0 && x < 5 && y >= 0 && y < 5;
          const auto at = static_cast<size_t>(p);
          same = after[at] == (inside ? before[static_cast<size_t>(b * 25 + y * 5 + x)] : 0) &&
                 mask[at] == (inside ? 1 : 0);
        }
        if (!same) continue;
        ++found;
        seen.insert({dx, dy});
      }
    EXPECT_EQ(found, 1) << i;
  }
  EXPECT_GT(seen.size(), 20u);  // of 25
}

TEST(Dihedral, RefusesWhatNobodySaidHowToTurn) {
  const test::Sky sky(4, 1, 3);
  const auto source = sky.open();
  const auto words = [&](uint32_t role, const char* spec) {
    DataSchema schema = source->schema();
    schema.fields[static_cast<size_t>(schema.find("VX"))].role = role;
    return test::words_of([&] {
      const BatchLayout layout = make_layout(
          test::config(R"({"images": "images", "scalars": ["VX", "VY"], "target": "Z"})", "data"), schema, true);
      Transforms::from_config(test::specs({spec}), layout);
    });
  };
  const char* plain = R"({"use": "dihedral"})";
  EXPECT_EQ(words(CLQ_ROLE_VECTOR, plain),
            "dihedral: VX turns with the image, vectors must name it with its other component");
  EXPECT_EQ(words(CLQ_ROLE_ANGLE, plain),
            "dihedral: VX is an angle, which turns with the image: give it as the x and y of a vector");
  EXPECT_EQ(words(CLQ_ROLE_LABEL_MAP, plain), "dihedral: VX is a map of labels, which is not turned");
  EXPECT_EQ(words(CLQ_ROLE_OTHER, R"({"use": "dihedral", "vectors": ["VX"]})"),
            "dihedral: vectors lists x and y by turns, 1 names are no pairs");
  EXPECT_EQ(words(CLQ_ROLE_OTHER, R"({"use": "dihedral", "vectors": ["VX", "VZ"]})"),
            "dihedral: vectors names 'VZ', which is neither an input nor the target, did you mean 'VX'?");
}

TEST(Dihedral, NeedsSquareImages) {
  ArraySource arrays(1);
  const std::vector<float> pixels(6);
  const double z = 0;
  arrays.add("images", pixels.data(), {CLQ_F32, {1, 2, 3}}, false);
  arrays.add("Z", &z, {CLQ_F64, {}}, false);
  const auto source = arrays.open();
  EXPECT_EQ(test::words_of([&] { Prepared(source, R"({"target": "Z"})", {R"({"use": "dihedral"})"}); }),
            "dihedral: images of 3 x 2 pixels are not square");
}

}  // namespace
}  // namespace clq
