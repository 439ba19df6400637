// tests/core/data/derived_inputs.test.cpp -- inputs computed from columns, before the transforms, on every path.
// SPDX-License-Identifier: BSD-3-Clause
#include "data/derived_inputs.hpp"

#include <cmath>

#include "core/data/support.hpp"
#include "data/transforms.hpp"

namespace clq {
namespace {

const test::Columns kTable = {{"G", {20, 21, 22, -9999}}, {"R", {19, 20.5, 22.25, 18}}, {"Z", {0.1, 0.2, 0.3, 0.4}}};

BatchLayout layout_of(const DataSource& source, const std::string& derived) {
  const std::string data = R"({"scalars": ["G", "R"], "null": [-9999], "derived": )" + derived + "}";
  return make_layout(test::config(data, "data"), source.schema(), false);
}

// One slot of all rows, as readers fill it, but behind the columns garbage.
struct Rows {
  Rows(const DataSource& source, const BatchLayout& layout, const Transforms& transforms) {
    const int64_t n = source.schema().n_samples, width = layout.tensors[0].desc.count();
    scalars.assign(static_cast<size_t>(n * width), 777.0f);
    weights.assign(static_cast<size_t>(n), 0.0);
    slot.capacity = n;
    for (int64_t i = 0; i < n; ++i) slot.rows.samples.push_back(i);
    for (const LayoutColumn& column : layout.columns) {
      const Tensor values = source.read_field(column.field, slot.rows.samples, CLQ_F32);
      for (int64_t i = 0; i < n; ++i)
        scalars[static_cast<size_t>(i * width + column.offset)] = values.as<float>()[static_cast<size_t>(i)];
    }
    slot.data = {reinterpret_cast<std::byte*>(scalars.data()), reinterpret_cast<std::byte*>(weights.data())};
    for (int64_t i = 0; i < n; ++i) words.push_back(transforms.explain(slot, layout, i));
    transforms.apply(slot, layout);
  }
  std::vector<float> scalars;
  std::vector<double> weights;
  std::vector<std::string> words;
  Slot slot;
};

TEST(DerivedInputs, StandBehindTheColumnsInTheOrderWritten) {
  const auto source = test::make_source(kTable);
  const BatchLayout layout = layout_of(*source, R"({"second": "G - R", "first": "G ** 2 / R"})");
  EXPECT_EQ(layout.tensors[0].desc.dims, (Shape{4}));
  EXPECT_EQ(layout.columns_width(), 2);
  const Rows rows(*source, layout, Transforms::from_config({}, layout));
  EXPECT_EQ(std::vector<float>(rows.scalars.begin(), rows.scalars.begin() + 4),
            (std::vector<float>{20, 19, 1, static_cast<float>(400.0 / 19)}));
}

TEST(DerivedInputs, AreComputedFromTheColumnsAndNotFromTransforms) {
  const auto source = test::make_source(kTable);
  const BatchLayout layout = layout_of(*source, R"({"G_R": "G - R"})");
  const Config clip = test::config(R"({"use": "clip", "fields": ["G"], "min": 0, "max": 1})", "transform[0]");
  const Rows rows(*source, layout, Transforms::from_config({clip}, layout));
  EXPECT_EQ(std::vector<float>(rows.scalars.begin(), rows.scalars.begin() + 3), (std::vector<float>{1, 19, 1}));
}

TEST(DerivedInputs, GoThroughTransformsByName) {
  const auto source = test::make_source(kTable);
  const BatchLayout layout = layout_of(*source, R"({"G_R": "G - R"})");
  Transforms transforms =
      Transforms::from_config({test::config(R"({"use": "standardise", "fields": ["G_R"]})", "transform[0]")}, layout);
  transforms.fit(*source, layout, RowSet::all(4), 2);
  const Rows rows(*source, layout, transforms);
  // G - R of the three good rows: 1, 0.5, -0.25; their mean 5/12, their population variance 19/72 ... by hand below.
  const double mean = 1.25 / 3, variance = (1 + 0.25 + 0.0625) / 3 - mean * mean;
  for (size_t i = 0; i < 3; ++i)
    EXPECT_NEAR(rows.scalars[3 * i + 2], ((std::vector<double>{1, 0.5, -0.25})[i] - mean) / std::sqrt(variance), 1e-6);
  const BatchLayout again = layout;
  const Transforms loaded = Transforms::from_state(transforms.state(), again);
  EXPECT_EQ(Rows(*source, layout, loaded).scalars, rows.scalars);
}

TEST(DerivedInputs, OfANullMakeTheRowBadForItsColumn) {
  const auto source = test::make_source(kTable);
  const BatchLayout layout = layout_of(*source, R"({"G_R": "G - R"})");
  const Rows rows(*source, layout, Transforms::from_config({}, layout));
  EXPECT_EQ(rows.slot.bad, (std::vector<uint8_t>{0, 0, 0, kBadMissing}));
  EXPECT_EQ(rows.words[3], "G is -9999, a null");
}

TEST(DerivedInputs, WithoutAValueMakeTheRowBadAndSayWhy) {
  const auto source = test::make_source({{"G", {1, 2}}, {"R", {1, 0}}});
  const BatchLayout layout = layout_of(*source, R"({"RATIO": "log10(R) + G"})");
  const Rows rows(*source, layout, Transforms::from_config({}, layout));
  EXPECT_EQ(rows.slot.bad, (std::vector<uint8_t>{0, kBadNan}));
  EXPECT_EQ(rows.words[1], "the derived RATIO is infinite");
}

TEST(DerivedInputs, NameTheirKeyInErrors) {
  const auto source = test::make_source(kTable);
  const auto words = [&](const std::string& derived) {
    return test::words_of([&] { Transforms::from_config({}, layout_of(*source, derived)); });
  };
  EXPECT_EQ(words(R"({"A": "G - Z"})"), "data.derived.A: 'Z' is not a column of data.scalars, did you mean 'G'?");
  EXPECT_EQ(words(R"({"G": "G - R"})"), "data.derived: G is a column already");
  EXPECT_EQ(words(R"({"A*": "G - R"})"), "data.derived: 'A*' cannot be the name of an input");
  EXPECT_THAT(words(R"({"A": "G - "})"), testing::StartsWith("data.derived.A: "));
  EXPECT_THAT(words(R"({"A": 3})"), testing::HasSubstr("data.derived.A"));
}

}  // namespace
}  // namespace clq
