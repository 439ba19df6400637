// tests/vocabulary/golden.test.cpp -- layers and losses beside what PyTorch and NumPy left in golden.json.
// SPDX-License-Identifier: BSD-3-Clause
#include <cmath>
#include <fstream>
#include <set>

#include <gtest/gtest.h>

#include <calanque/core/layer.hpp>
#include <calanque/core/loss.hpp>

#include "vocabulary/computed.hpp"

namespace clq::test {
namespace {

const Json& golden_cases() {
  static const Json all = [] {
    std::ifstream in(CLQ_GOLDEN);
    return Json::parse(in).at("cases");
  }();
  return all;
}

// What the file holds of a tensor, with sizes that rounding is measured by.
struct Figures {
  double norm = 0, sum = 0, largest = 0;
  std::vector<double> entries;
};

Figures figures_of(const Tensor& tensor, size_t step) {
  Figures out;
  const std::vector<double> values = numbers(tensor);
  double squares = 0;
  for (size_t i = 0; i < values.size(); ++i) {
    out.sum += values[i];
    squares += values[i] * values[i];
    out.largest = std::max(out.largest, std::fabs(values[i]));
    if (i % step == 0) out.entries.push_back(values[i]);
  }
  out.norm = std::sqrt(squares);
  return out;
}

void expect_golden(const Tensor& tensor, const Json& golden, double tolerance, const std::string& what) {
  ASSERT_EQ(tensor.desc().dims, golden.at("dims").get<Shape>()) << what;
  const Figures found = figures_of(tensor, golden.at("step"));
  const double rows = std::sqrt(static_cast<double>(tensor.desc().count()));
  const auto norm = golden.at("norm").get<double>();
  EXPECT_NEAR(found.norm, norm, tolerance * norm) << what;
  EXPECT_NEAR(found.sum, golden.at("sum").get<double>(), tolerance * norm * rows) << what;
  const auto entries = golden.at("entries").get<std::vector<double>>();
  ASSERT_EQ(found.entries.size(), entries.size()) << what;
  const double largest = std::min(found.largest, norm);  // finite, whatever was found
  for (size_t i = 0; i < entries.size(); ++i)
    EXPECT_NEAR(found.entries[i], entries[i], tolerance * largest) << what << ", entry " << i;
}

void expect_all_golden(const std::string& device, DType dtype, double tolerance) {
  for (const Json& one : golden_cases()) {
    const std::string task = one.at("task").dump();
    const Computed got = computed(one.at("task"), device, dtype);
    EXPECT_EQ(got.states, one.at("states")) << task;
    EXPECT_EQ(got.tensors.size(), one.at("tensors").size()) << task;
    for (const auto& [name, golden] : one.at("tensors").items()) {
      ASSERT_TRUE(got.tensors.contains(name)) << name << " of " << task;
      expect_golden(got.tensors.at(name), golden, tolerance, fmt::format("{} of {}", name, task));
    }
  }
}

// The file has twelve digits; sums of some hundred terms in F64 keep more.
TEST(Golden, ValuesAndGradientsInF64) { expect_all_golden("cpu_ref", CLQ_F64, 1e-10); }

// Rounding of the numbers themselves, and of sums of some hundred terms.
TEST(Golden, ValuesAndGradientsInF32) { expect_all_golden("cpu_ref", CLQ_F32, 1e-5); }

#ifdef CLQ_HAS_ONEDNN
TEST(Golden, ValuesAndGradientsOfOneDnn) { expect_all_golden("cpu_onednn", CLQ_F32, 1e-5); }
#endif

TEST(Golden, HasEveryLayerAndLoss) {
  std::set<std::string> known;
  for (const Json& one : golden_cases()) {
    const Json& task = one.at("task");
    known.insert((task.contains("loss") ? task["loss"] : task.at("layers")[0]).at("use").get<std::string>());
  }
  for (const LayerEntry& entry : layer_table()) EXPECT_TRUE(known.contains(std::string(entry.name))) << entry.name;
  for (const LossEntry& entry : loss_table()) EXPECT_TRUE(known.contains(std::string(entry.name))) << entry.name;
}

}  // namespace
}  // namespace clq::test
