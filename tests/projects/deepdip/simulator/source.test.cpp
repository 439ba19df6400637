// tests/projects/deepdip/simulator/source.test.cpp -- simulated galaxies through the C table, as a host reads them.
// SPDX-License-Identifier: BSD-3-Clause
#include <algorithm>
#include <cmath>
#include <numeric>
#include <thread>

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include "table_harness.hpp"

namespace clq::test {
namespace {

using ::testing::HasSubstr;

const Plugin& plugin() {
  static const Plugin loaded("clq_deepdip");
  return loaded;
}

std::vector<int64_t> rows_to(int64_t n) {
  std::vector<int64_t> rows(static_cast<size_t>(n));
  std::iota(rows.begin(), rows.end(), 0);
  return rows;
}

std::vector<double> column(const Source& source, const std::string& name, int64_t n) {
  return source.values<double>(name, rows_to(n), CLQ_F64);
}

double correlation(const std::vector<double>& a, const std::vector<double>& b) {
  const auto n = static_cast<double>(a.size());
  const double mean_a = std::accumulate(a.begin(), a.end(), 0.0) / n,
               mean_b = std::accumulate(b.begin(), b.end(), 0.0) / n;
  double ab = 0, aa = 0, bb = 0;
  for (size_t i = 0; i < a.size(); ++i) {
    ab += (a[i] - mean_a) * (b[i] - mean_b);
    aa += (a[i] - mean_a) * (a[i] - mean_a);
    bb += (b[i] - mean_b) * (b[i] - mean_b);
  }
  return ab / std::sqrt(aa * bb);
}

TEST(SimulatedGalaxies, DescribeThemselves) {
  const Source source(plugin(), "deepdip://galaxies?n=50&size=24", R"({"id": "OBJID"})");
  ASSERT_EQ(source.status, CLQ_OK) << source.error;
  EXPECT_EQ(source.info.n_samples, 50);
  const clq_field& image = source.field("IMAGE");
  EXPECT_EQ(image.role, static_cast<uint32_t>(CLQ_ROLE_IMAGE));
  EXPECT_STREQ(image.axes, "cyx");
  EXPECT_STREQ(image.unit, "nanomaggy");
  EXPECT_EQ(std::vector<int64_t>(image.sample.dims, image.sample.dims + image.sample.rank),
            (std::vector<int64_t>{5, 24, 24}));
  const auto facts = nlohmann::json::parse(source.info.metadata_json);
  EXPECT_EQ(facts["table"]["simulated"], true);
  EXPECT_EQ(facts["images"]["bands"], (nlohmann::json{"u", "g", "r", "i", "z"}));
  EXPECT_EQ(facts["images"]["zeropoint"], nlohmann::json(std::vector<double>(5, 22.5)));
  EXPECT_EQ(source.ids(3, 2), (std::vector<uint64_t>{1'000'000'003, 1'000'000'004}));
  EXPECT_EQ(source.values<int64_t>("OBJID", {3}, CLQ_I64), std::vector<int64_t>{1'000'000'003});
  EXPECT_THAT(source.locate(7), HasSubstr("galaxy 8"));
}

TEST(SimulatedGalaxies, AreAFunctionOfSeedAndIndex) {
  const Source few(plugin(), "deepdip://galaxies?n=40"), many(plugin(), "deepdip://?n=100000&seed=1");
  const Source other(plugin(), "deepdip://galaxies?n=40&seed=2");
  const std::vector<int64_t> backwards = {39, 20, 0, 20};
  for (const char* name : {"Z", "FLUX_G", "FLUXERR_R", "APER_I", "IMAGE"}) {
    EXPECT_EQ(few.bytes_of(name, backwards, CLQ_F32), many.bytes_of(name, backwards, CLQ_F32)) << name;
    EXPECT_NE(few.bytes_of(name, backwards, CLQ_F32), other.bytes_of(name, backwards, CLQ_F32)) << name;
  }
  const auto all = many.bytes_of("IMAGE", rows_to(64), CLQ_F32);
  std::vector<std::vector<std::byte>> parts(4);
  std::vector<std::thread> readers;
  for (int64_t r = 0; r < 4; ++r)
    readers.emplace_back([&, r] {
      std::vector<int64_t> rows;
      for (int64_t k = 0; k < 16; ++k) rows.push_back(16 * r + k);
      parts[static_cast<size_t>(r)] = many.bytes_of("IMAGE", rows, CLQ_F32);
    });
  for (std::thread& reader : readers) reader.join();
  std::vector<std::byte> joined;
  for (const auto& part : parts) joined.insert(joined.end(), part.begin(), part.end());
  EXPECT_EQ(joined, all);
  EXPECT_EQ(few.fingerprint(), Source(plugin(), "deepdip://?n=40&variant=plain").fingerprint());
  EXPECT_NE(few.fingerprint(), other.fingerprint());
}

TEST(SimulatedGalaxies, HaveTheNoiseOfTheSky) {
  const Source noisy(plugin(), "deepdip://?n=20&neighbours=0"), clean(plugin(), "deepdip://?n=20&neighbours=0&noise=0");
  const auto with = noisy.values<float>("IMAGE", rows_to(20), CLQ_F32);
  const auto without = clean.values<float>("IMAGE", rows_to(20), CLQ_F32);
  const double sigma[] = {0.056, 0.023, 0.034, 0.053, 0.21};
  constexpr size_t kPlane = 32 * 32;
  for (size_t b = 0; b < 5; ++b) {
    double square = 0;
    for (size_t g = 0; g < 20; ++g)
      for (size_t p = 0; p < kPlane; ++p) {
        const size_t at = (g * 5 + b) * kPlane + p;
        square += std::pow(static_cast<double>(with[at]) - static_cast<double>(without[at]), 2) / (20 * kPlane);
      }
    EXPECT_NEAR(std::sqrt(square), sigma[b], 5 * sigma[b] / std::sqrt(2.0 * 20 * kPlane));
  }
}

// FLUXERR from the noise-free image itself, in doubles from its floats.
TEST(SimulatedGalaxies, HaveTheErrorsOfTheFormula) {
  const Source clean(plugin(), "deepdip://?n=10&noise=0&neighbours=0&size=48");
  const auto image = clean.values<float>("IMAGE", rows_to(10), CLQ_F32);
  const auto flux = column(clean, "FLUX_R", 10), error = column(clean, "FLUXERR_R", 10);
  constexpr size_t kPlane = 48 * 48;
  for (size_t g = 0; g < 10; ++g) {
    double sum = 0, light = 0;
    for (size_t p = 0; p < kPlane; ++p) {
      const auto value = static_cast<double>(image[(g * 5 + 2) * kPlane + p]);
      sum += std::pow(value / flux[g] / 0.034, 2);
      light += value;
    }
    EXPECT_NEAR(error[g], 1 / std::sqrt(sum), 1e-5 * error[g]);  // floats
    EXPECT_LE(light, flux[g] * 1.00001);
    EXPECT_GT(light, 0.85 * flux[g]);  // 19" hold all but the wings of a bulge
  }
}

TEST(SimulatedGalaxies, AreThereWithoutTheirImages) {
  const Source source(plugin(), "deepdip://?n=30");
  const auto ebv = column(source, "EBV", 30);
  EXPECT_GT(*std::min_element(ebv.begin(), ebv.end()), 0.0);
  std::vector<float> flux(30), image(30 * 5 * 32 * 32);
  const std::vector<clq_slot> slots = {
      make_slot(source.field("FLUX_I"), source.index("FLUX_I"), CLQ_F32, flux.data(), 30 * 4),
      make_slot(source.field("IMAGE"), source.index("IMAGE"), CLQ_F32, image.data(), 30 * 5 * 32 * 32 * 4)};
  Reader reader(source, {source.index("FLUX_I"), source.index("IMAGE")});
  EXPECT_EQ(reader.read(rows_to(30), slots), CLQ_OK) << error_text();
  EXPECT_EQ(flux, source.values<float>("FLUX_I", rows_to(30), CLQ_F32));
  EXPECT_EQ(image, source.values<float>("IMAGE", rows_to(30), CLQ_F32));
}

TEST(SimulatedGalaxies, TellTheRedshiftByTheirLooksInOneVariantAlone) {
  const Source plain(plugin(), "deepdip://?n=2000"), shaped(plugin(), "deepdip://?n=2000&variant=morphology");
  const auto logs = [](std::vector<double> values) {
    for (double& v : values) v = std::log(v);
    return values;
  };
  // Without a correlation it scatters by 1 / sqrt(n) = 0.022.
  EXPECT_NEAR(correlation(column(plain, "Z", 2000), logs(column(plain, "R_HALF", 2000))), 0.0, 0.1);
  EXPECT_LT(correlation(column(shaped, "Z", 2000), logs(column(shaped, "R_HALF", 2000))), -0.85);
  EXPECT_EQ(column(plain, "Z", 2000), column(shaped, "Z", 2000));
}

TEST(SimulatedGalaxies, RefuseWhatTheyCannotDo) {
  const auto refused = [](const std::string& uri, const std::string& words, const std::string& options = "{}") {
    const Source source(plugin(), uri, options);
    EXPECT_LT(source.status, CLQ_OK) << uri;
    EXPECT_THAT(source.error, HasSubstr(words));
  };
  refused("deepdip://stars", "only galaxies are simulated, got 'stars'");
  refused("deepdip://?n=0", "n must be an integer from 1 to 1000000000, got '0'");
  refused("deepdip://?n=ten", "got 'ten'");
  refused("deepdip://?n=99999999999999999999", "n must be");
  refused("deepdip://?seed=-1", "seed must be an integer from 0");
  refused("deepdip://?size=7", "size must be an integer from 8 to 256, got '7'");
  refused("deepdip://?variant=shapes", "variant must be plain or morphology, got 'shapes'");
  refused("deepdip://?sise=32", "unknown option 'sise'; there are: n, seed");
  refused("deepdip://?n", "n: must be key=value");
  refused("deepdip://", "has no column 'ID'", R"({"id": "ID"})");
  refused("deepdip://", "Z", R"({"id": "Z"})");
  refused("deepdip://", "data.images must be IMAGE here, got 'a.fits'", R"({"images": "a.fits"})");
  refused("deepdip://", "data.crop is for files", R"({"crop": 16})");
  refused("deepdip://", "the bands are u, g, r, i, z", R"({"bands": ["g", "r"]})");
  const Source source(plugin(), "deepdip://?n=5");
  EXPECT_EQ(source.status_of("Z", {5}, CLQ_F64), CLQ_E_INVALID);
  EXPECT_EQ(source.status_of("Z", {0}, CLQ_I32), CLQ_E_DATA);
  EXPECT_EQ(source.status_of("IMAGE", {0}, CLQ_U8), CLQ_E_DATA);
}

}  // namespace
}  // namespace clq::test
