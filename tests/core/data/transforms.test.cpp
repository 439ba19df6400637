// tests/core/data/transforms.test.cpp -- transforms against closed forms, the null policy, and what a bundle keeps.
// SPDX-License-Identifier: BSD-3-Clause
#include "data/transforms.hpp"

#include <cmath>
#include <limits>

#include "core/data/support.hpp"

namespace clq {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

// Rows of a source read into one slot with everything a reader does to it, but the reading of bad files.
struct Batch {
  Batch(const DataSource& source, const BatchLayout& layout, const Transforms& transforms, int64_t capacity = 0) {
    const int64_t n = source.schema().n_samples;
    slot.capacity = capacity > 0 ? capacity : n;
    for (int64_t i = 0; i < n; ++i) slot.rows.samples.push_back(i);
    for (const InputField& tensor : layout.tensors) {
      Shape dims = tensor.desc.dims;
      dims.insert(dims.begin(), slot.capacity);
      memory.emplace_back(TensorDesc{tensor.desc.dtype, dims});
      std::memset(memory.back().bytes(), 0x55,
                  static_cast<size_t>(memory.back().desc().bytes()));  // as left by the last user
    }
    for (Tensor& tensor : memory) slot.data.push_back(tensor.bytes());
    for (const LayoutColumn& column : layout.columns) {
      const TensorDesc& desc = layout.tensors[column.tensor].desc;
      const Tensor values = source.read_field(column.field, slot.rows.samples, desc.dtype);
      for (int64_t i = 0; i < n; ++i)
        std::memcpy(slot.data[column.tensor] + i * desc.bytes() + column.offset * dtype_bytes(desc.dtype),
                    values.bytes() + i * column.count * dtype_bytes(desc.dtype),
                    static_cast<size_t>(column.count * dtype_bytes(desc.dtype)));
    }
    for (int64_t i = 0; i < n; ++i) words.push_back(transforms.explain(slot, layout, i));
    transforms.apply(slot, layout);
  }
  float scalar(int64_t row, int64_t c) const {
    return memory[0].as<float>()[static_cast<size_t>(row * memory[0].desc().dims[1] + c)];
  }
  double weight(int64_t row) const { return memory.back().as<double>()[static_cast<size_t>(row)]; }

  Slot slot;
  std::vector<Tensor> memory;
  std::vector<std::string> words;  // explain, a row
};

BatchLayout inputs(const DataSource& source, const std::string& data) {
  return make_layout(test::config(data, "data"), source.schema(), false);
}

Transforms chain(const BatchLayout& layout, const std::vector<std::string>& specs) {
  std::vector<Config> list;
  for (size_t i = 0; i < specs.size(); ++i) list.push_back(test::config(specs[i], fmt::format("transform[{}]", i)));
  return Transforms::from_config(list, layout);
}

TEST(AsinhMag, FollowsItsFormula) {
  const auto source = test::make_source({{"MAG_U", {22.5, 20.0, 25.0}}, {"MAGERR_U", {0.1, 0.02, 0.5}}});
  const BatchLayout layout = inputs(*source, R"({"scalars": ["MAG_*", "MAGERR_*"]})");
  Transforms transforms = chain(layout, {R"({"use": "asinh_mag", "fields": ["MAG_*"], "errors": ["MAGERR_*"]})"});
  transforms.fit(*source, layout, RowSet::all(3), 1);
  // Flux errors f e / 1.0857: 0.0921, 0.1842, 0.04605 nanomaggies; f0 is their median, the first.
  const double f0 = 1.0 * 0.1 / 1.0857;
  const Batch batch(*source, layout, transforms);
  EXPECT_NEAR(batch.scalar(0, 0), std::asinh(1 / f0), 1e-6);
  EXPECT_NEAR(batch.scalar(1, 0), std::asinh(10 / f0), 1e-6);
  EXPECT_NEAR(batch.scalar(2, 0), std::asinh(0.1 / f0), 1e-6);
  EXPECT_NEAR(batch.scalar(0, 1), std::log10(10.857), 1e-6);
  EXPECT_NEAR(batch.scalar(2, 1), std::log10(2.1714), 1e-6);
  EXPECT_NEAR(transforms.state()["chain"][0]["softening"][0].get<double>(), f0, 1e-8);
}

TEST(AsinhMag, TurnsANonDetectionIntoNoSignal) {
  const auto source = test::make_source({{"MAG_U", {27.0, 22.5}}, {"MAGERR_U", {10.0, 0.1}}});
  const BatchLayout layout = inputs(*source, R"({"scalars": ["MAG_U", "MAGERR_U"]})");
  const Batch batch(
      *source, layout,
      chain(layout, {R"({"use": "asinh_mag", "fields": "MAG_U", "errors": "MAGERR_U", "softening": 0.1})"}));
  EXPECT_NEAR(batch.scalar(0, 0), std::asinh(0.15848932 / 1.0), 0.9);  // near 0 beside asinh(10) = 3
  EXPECT_LT(batch.scalar(0, 1), 0);
  EXPECT_EQ(batch.slot.bad[0], 0);
}

TEST(AsinhMag, PairsGlobsBySuffixAndListsInOrder) {
  const auto source = test::make_source({{"MAG_U", {20}}, {"MAG_G", {21}}, {"MAGERR_G", {0.1}}, {"MAGERR_U", {0.2}}});
  const BatchLayout layout = inputs(*source, R"({"scalars": ["MAG*"]})");
  const auto state = [&](const std::string& spec) { return chain(layout, {spec}).state()["chain"][0]; };
  const Json globs = state(R"({"use": "asinh_mag", "fields": ["MAG_*"], "errors": ["MAGERR_*"]})");
  EXPECT_EQ(globs["fields"], Json({"MAG_U", "MAG_G"}));
  EXPECT_EQ(globs["errors"], Json({"MAGERR_U", "MAGERR_G"}));
  const Json lists = state(R"({"use": "asinh_mag", "fields": ["MAG_U", "MAG_G"], "errors": ["MAGERR_G", "MAGERR_U"]})");
  EXPECT_EQ(lists["errors"], Json({"MAGERR_G", "MAGERR_U"}));
}

TEST(AsinhMag, NamesWhatDoesNotPair) {
  const auto source = test::make_source({{"MAG_U", {20}}, {"MAG_G", {21}}, {"MAGERR_U", {0.2}}});
  const BatchLayout layout = inputs(*source, R"({"scalars": ["MAG*"]})");
  const auto words = [&](const std::string& spec) { return test::words_of([&] { chain(layout, {spec}); }); };
  EXPECT_EQ(words(R"({"use": "asinh_mag", "fields": ["MAG_*"], "errors": ["MAGERR_*"]})"),
            "transform[0]: MAG_G has no error column that ends in _G");
  EXPECT_EQ(words(R"({"use": "asinh_mag", "fields": ["MAG_U", "MAG_G"], "errors": ["MAGERR_U"]})"),
            "transform[0]: 2 magnitudes (fields) and 1 errors");
  EXPECT_EQ(words(R"({"use": "asinh_mag", "fields": ["MAG_U"], "errors": ["MAGER_U"]})"),
            "transform[0].errors: there is no column 'MAGER_U', did you mean 'MAGERR_U'?");
  EXPECT_EQ(words(R"({"use": "asinh_mag", "fields": ["MAG_U"]})"), "transform[0].errors is missing");
}

TEST(Standardise, LeavesMeanZeroAndDeviationOne) {
  const auto source = test::make_source({{"a", {1, 2, 3, 4}}, {"b", {10, 10, 30, 30}}});
  const BatchLayout layout = inputs(*source, R"({"scalars": ["a", "b"]})");
  Transforms transforms = chain(layout, {R"({"use": "standardise"})"});
  transforms.fit(*source, layout, RowSet::all(4), 1);
  const Batch batch(*source, layout, transforms);
  EXPECT_NEAR(batch.scalar(0, 0), -1.5 / std::sqrt(1.25), 1e-6);
  EXPECT_NEAR(batch.scalar(3, 1), 1, 1e-6);
}

TEST(Standardise, NamesAConstantColumn) {
  const auto source = test::make_source({{"a", {1, 2}}, {"EBV", {0.1, 0.1}}});
  const BatchLayout layout = inputs(*source, R"({"scalars": ["a", "EBV"]})");
  Transforms transforms = chain(layout, {R"({"use": "standardise"})"});
  EXPECT_THAT(
      test::words_of([&] { transforms.fit(*source, layout, RowSet::all(2), 1); }),
      testing::MatchesRegex("standardise: EBV is 0.1[0-9]* in all 2 training rows, as F32; leave it out of data.scalars"));
}

TEST(Transforms, ChainInOrderAndFitWhatArrives) {
  const auto source = test::make_source({{"a", {1, 10, 100}}});
  const BatchLayout layout = inputs(*source, R"({"scalars": ["a"]})");
  Transforms transforms = chain(layout, {R"({"use": "log10", "fields": "a"})", R"({"use": "standardise"})",
                                         R"({"use": "clip", "min": -1, "max": 1})"});
  transforms.fit(*source, layout, RowSet::all(3), 1);
  EXPECT_NEAR(transforms.state()["chain"][1]["mean"][0].get<double>(), 1, 1e-7);  // of 0, 1, 2
  const Batch batch(*source, layout, transforms);
  EXPECT_EQ(batch.scalar(0, 0), -1);  // -1.22 clipped
  EXPECT_NEAR(batch.scalar(1, 0), 0, 1e-6);
}

TEST(Transforms, FlagBadRowsClearThemAndSayWhy) {
  const auto source =
      test::make_source({{"a", {1, kNan, -99, 0, 5}}, {"Z", {1, 1, 1, 1, kNan}}, {"W", {1, 2, 3, 4, 5}}});
  const BatchLayout layout = make_layout(
      test::config(R"({"scalars": ["a"], "target": "Z", "weight": "W", "null": [-99]})"), source->schema(), true);
  const Transforms transforms = chain(layout, {R"({"use": "log10", "fields": "a"})"});
  const Batch batch(*source, layout, transforms, 7);
  EXPECT_THAT(batch.slot.bad, testing::ElementsAre(0, kBadNan, kBadMissing, kBadNan, kBadTarget, 0, 0));
  EXPECT_THAT(batch.words, testing::ElementsAre("", "a is NaN or null", "a is -99, a null",
                                                "a is 0, for which log10 has no value", "the target Z is NaN or null"));
  for (int64_t row = 1; row < 7; ++row) EXPECT_EQ(batch.weight(row), 0) << row;
  for (const int64_t row : {1, 2, 3, 5, 6}) EXPECT_EQ(batch.scalar(row, 0), 0) << row;
  EXPECT_NEAR(batch.scalar(4, 0), std::log10(5), 1e-6);  // the input of a row without target stands
  EXPECT_EQ(batch.memory[1].as<double>()[4], 0);
  EXPECT_EQ(batch.memory[1].as<double>()[5], 0);
  EXPECT_EQ(batch.weight(0), 1);
}

TEST(Transforms, KeepAPartOfATargetWhereTheLossDoes) {
  const auto source = test::make_source({{"a", {1, 2, 3, 4, 5}},
                                         {"Y", {1, kNan, 1, -99, std::numeric_limits<double>::infinity()}},
                                         {"Z", {1, 2, -99, kNan, kNan}}});
  BatchLayout layout =
      make_layout(test::config(R"({"scalars": ["a"], "target": ["Y", "Z"], "null": [-99]})"), source->schema(), true);
  EXPECT_THAT(Batch(*source, layout, chain(layout, {})).slot.bad,
              testing::ElementsAre(0, kBadTarget, kBadTarget, kBadTarget, kBadTarget));
  layout.target_may_miss = true;
  const Batch batch(*source, layout, chain(layout, {}));
  EXPECT_THAT(batch.slot.bad, testing::ElementsAre(0, 0, 0, kBadTarget, kBadTarget));
  EXPECT_THAT(batch.words, testing::ElementsAre("", "", "", "the target Y is -99, a null", "the target Y is infinite"));
  const auto target = batch.memory[1].as<double>();
  EXPECT_THAT(std::vector<double>(target.begin(), target.end()),
              testing::ElementsAre(1, 1, testing::IsNan(), 2, 1, testing::IsNan(), 0, 0, 0, 0));
}

// -99.99 is no F32: what the columns hold is the float next to it, as an input and as a target.
TEST(Transforms, TakeNullsOfFloatColumns) {
  const float values[2] = {1, -99.99f};
  ArraySource arrays(2);
  arrays.add("a", values, {CLQ_F32, {}}, true);
  arrays.add("z", values, {CLQ_F32, {}}, true);
  const auto source = arrays.open();
  for (const char* role : {R"({"scalars": ["a"], "target": "z", "null": [-99.99]})",
                           R"({"scalars": ["z"], "target": "a", "null": [-99.99]})"}) {
    const BatchLayout layout = make_layout(test::config(role, "data"), source->schema(), true);
    const Batch batch(*source, layout, chain(layout, {}));
    EXPECT_THAT(batch.slot.bad, testing::ElementsAre(0, kBadMissing | kBadTarget)) << role;
  }
}

TEST(Transforms, SayWhichValueADerivedInputHad) {
  const auto source = test::make_source({{"a", {1, 2}}, {"b", {0, 5}}});
  const BatchLayout layout = inputs(*source, R"({"scalars": ["a", "b"], "derived": {"c": "a - b"}})");
  const Batch batch(*source, layout, chain(layout, {R"({"use": "log10", "fields": "c"})"}));
  EXPECT_THAT(batch.words, testing::ElementsAre("", "c is -3, for which log10 has no value"));
}

TEST(Transforms, WeighEveryRowOnceWithoutAWeightColumn) {
  const auto source = test::make_source({{"a", {1, kNan}}});
  const BatchLayout layout = inputs(*source, R"({"scalars": ["a"]})");
  const Batch batch(*source, layout, Transforms(), 3);
  EXPECT_EQ(batch.weight(0), 1);
  EXPECT_EQ(batch.weight(1), 0);
  EXPECT_EQ(batch.weight(2), 0);
}

TEST(Transforms, FlagRowsOutsideTheTrainingRange) {
  std::vector<double> values;
  for (int i = 0; i <= 1000; ++i) values.push_back(i);
  const auto source = test::make_source({{"a", values}});
  const BatchLayout layout = inputs(*source, R"({"scalars": ["a"]})");
  Transforms transforms = chain(layout, {});
  transforms.fit(*source, layout, RowSet::all(1001), 1);
  const Batch batch(*source, layout, transforms);
  EXPECT_EQ(batch.slot.ood[0], 1);  // 0 lies below the 0.1 % quantile, which is 1
  EXPECT_EQ(batch.slot.ood[1], 0);
  EXPECT_EQ(batch.slot.ood[999], 0);
  EXPECT_EQ(batch.slot.ood[1000], 1);
}

TEST(Transforms, ComeBackFromTheirStateWithTheSameBits) {
  const auto source =
      test::make_source({{"MAG_U", {20, 21.3, 22.7}}, {"MAGERR_U", {0.1, 0.2, 0.15}}, {"EBV", {0.1, 0.33, 0.2}}});
  const BatchLayout layout = inputs(*source, R"({"scalars": ["MAG_U", "MAGERR_U", "EBV"]})");
  Transforms fitted =
      chain(layout, {R"({"use": "asinh_mag", "fields": ["MAG_*"], "errors": ["MAGERR_*"]})",
                     R"({"use": "asinh", "fields": "EBV", "scale": 0.3})", R"({"use": "standardise"})"});
  fitted.fit(*source, layout, RowSet::all(3), 1);
  const Json state = Json::parse(fitted.state().dump());
  const Transforms loaded = Transforms::from_state(state, layout);
  EXPECT_EQ(loaded.state(), fitted.state());
  const Batch a(*source, layout, fitted), b(*source, layout, loaded);
  EXPECT_EQ(std::memcmp(a.memory[0].bytes(), b.memory[0].bytes(), static_cast<size_t>(a.memory[0].desc().bytes())), 0);
  EXPECT_EQ(a.slot.ood, b.slot.ood);
}

TEST(Transforms, RefuseAStateOfOtherInputs) {
  const auto source = test::make_source({{"a", {1, 2}}, {"b", {1, 2}}});
  const BatchLayout layout = inputs(*source, R"({"scalars": ["a"]})");
  Transforms fitted = chain(layout, {});
  fitted.fit(*source, layout, RowSet::all(2), 1);
  const BatchLayout other = inputs(*source, R"({"scalars": ["b"]})");
  EXPECT_EQ(test::words_of([&] { Transforms::from_state(fitted.state(), other); }),
            "the model's input 0 is a, the data have b");
}

TEST(Transforms, WorkOnVectorColumns) {
  ArraySource arrays(2);
  const std::vector<double> flux{1, 10, 100, 1000};
  arrays.add("FLUX", flux.data(), {CLQ_F64, {2}}, true);
  const auto source = arrays.open();
  const BatchLayout layout = inputs(*source, R"({"scalars": ["FLUX"]})");
  const Transforms transforms = chain(layout, {R"({"use": "log10", "fields": "FLUX"})"});
  EXPECT_EQ(transforms.state()["chain"][0]["fields"], Json({"FLUX[0]", "FLUX[1]"}));
  const Batch batch(*source, layout, Transforms::from_state(transforms.state(), layout));
  EXPECT_NEAR(batch.scalar(1, 1), 3, 1e-6);
}

TEST(Transforms, NameWhatIsWrong) {
  const auto source = test::make_source({{"a", {1}}});
  const BatchLayout layout = inputs(*source, R"({"scalars": ["a"]})");
  const auto words = [&](const std::string& spec) { return test::words_of([&] { chain(layout, {spec}); }); };
  EXPECT_EQ(words(R"({"use": "standardize"})"),
            "transform[0].use: there is no transform 'standardize', did you mean 'standardise'?");
  EXPECT_EQ(words(R"({"use": "clip", "min": 2, "max": 1})"), "clip: min 2 is not below max 1");
  EXPECT_EQ(words(R"({"use": "log10", "fields": "a", "bass": 2})"), "transform[0].bass is unknown");
  EXPECT_EQ(words(R"({"use": "standardise", "fields": "b"})"),
            "transform[0].fields: there is no column 'b', did you mean 'a'?");
}

TEST(Transforms, FailWhenAColumnHasNoValidRow) {
  const auto source = test::make_source({{"a", {1, 2}}, {"b", {kNan, -99}}});
  const BatchLayout layout = inputs(*source, R"({"scalars": ["a", "b"], "null": [-99]})");
  Transforms transforms = chain(layout, {});
  EXPECT_EQ(test::words_of([&] { transforms.fit(*source, layout, RowSet::all(2), 1); }),
            "no training row has every input: b is missing or not finite in 2 of 2 rows");
}

}  // namespace
}  // namespace clq
