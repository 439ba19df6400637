// tests/projects/deepdip/oracle.test.cpp -- the task "photoz" against the project's NumPy module, on random PDFs.
// SPDX-License-Identifier: BSD-3-Clause
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include <gtest/gtest.h>

#include <unistd.h>

#include "photoz.hpp"

namespace clq::test {
namespace {

namespace fs = std::filesystem;

constexpr int64_t kRows = 400;
// Both sides take the same formulas in double from the same F32 numbers; what is left is the order of sums of `n` terms
// and, in a quantile, a division by the mass of its bin.
constexpr double kRounding = 1e-9;

class PhotozOracle : public testing::Test {
 protected:
  void SetUp() override {
    if (std::system("LD_PRELOAD= /usr/bin/python3 -c 'import numpy' >/dev/null 2>&1") != 0)
      GTEST_SKIP() << "numpy is absent: /usr/bin/python3 cannot import it";
    fs::create_directories(folder_);
  }
  void TearDown() override { fs::remove_all(folder_); }

  // The pooled values that the module prints; its values a row lie in files.
  std::map<std::string, double> ask(const Grid& grid, const Tensor& pdf, const Tensor& z) const {
    write("pdf.f32", pdf);
    write("z.f64", z);
    // Sanitizers of this process are not for the interpreter.
    const std::string command =
        fmt::format("LD_PRELOAD= /usr/bin/python3 -B '{}' '{}' '{}' {} {} {} > '{}' 2>&1", CLQ_ORACLE, CLQ_PROJECT_DIR,
                    folder_, grid.min, grid.max, grid.n, folder_ + "/printed");
    const int status = std::system(command.c_str());
    std::stringstream printed;
    printed << std::ifstream(folder_ + "/printed").rdbuf();
    EXPECT_EQ(status, 0) << printed.str();
    std::map<std::string, double> result;
    std::string name;
    for (double number = 0; printed >> name >> number;) result[name] = number;
    return result;
  }

  std::vector<double> rows(const std::string& name) const {
    std::vector<double> values(static_cast<size_t>(kRows));
    std::ifstream in(folder_ + "/" + name + ".f64", std::ios::binary);
    in.read(reinterpret_cast<char*>(values.data()), kRows * 8);
    EXPECT_EQ(in.gcount(), kRows * 8) << name;
    return values;
  }

 private:
  void write(const char* name, const Tensor& tensor) const {
    std::ofstream out(folder_ + "/" + name, std::ios::binary);
    out.write(reinterpret_cast<const char*>(tensor.bytes()), tensor.desc().bytes());
  }
  const std::string folder_ = testing::TempDir() + "deepdip_oracle." + std::to_string(::getpid());
};

// Softmax of wide random logits: PDFs with several narrow peaks. Every fourth row has a run of empty bins.
Tensor random_pdfs(const Grid& grid, uint64_t seed) {
  std::vector<double> values = numbers(uniform({kRows, grid.n}, -6, 6, seed));
  for (int64_t row = 0; row < kRows; ++row)
    for (int64_t k = 0; k < grid.n; ++k) {
      double& p = values[static_cast<size_t>(row * grid.n + k)];
      p = row % 4 == 0 && k > grid.n / 4 && k < grid.n / 2 ? 0 : std::exp(p) / 1000;
    }
  return tensor({kRows, grid.n}, values, CLQ_F32);
}

void expect_near(const std::vector<double>& got, const std::vector<double>& expected, const std::string& name) {
  ASSERT_EQ(got.size(), expected.size()) << name;
  for (size_t i = 0; i < got.size(); ++i) EXPECT_NEAR(got[i], expected[i], kRounding) << name << " of row " << i;
}

TEST_F(PhotozOracle, AgreesOnRandomPdfs) {
  const Grid grids[] = {{.min = 0, .max = 0.4, .n = 180}, {.min = 0.05, .max = 1.55, .n = 30}};
  uint64_t seed = 20;
  for (const Grid& grid : grids) {
    const Tensor pdf = random_pdfs(grid, ++seed);
    const double beyond = 0.1 * (grid.max - grid.min);  // some truths lie outside the grid
    const Tensor z = uniform({kRows}, grid.min - std::min(beyond, 0.02), grid.max + beyond, ++seed);
    const std::map<std::string, double> expected = ask(grid, pdf, z);
    const std::map<std::string, double> got = photoz_metrics(grid, pdf, z);
    ASSERT_EQ(got.size(), expected.size());
    for (const auto& [name, number] : got) {
      ASSERT_TRUE(expected.contains(name)) << name;
      EXPECT_NEAR(number, expected.at(name), kRounding) << name;
    }
    EXPECT_GT(got.at("outside_grid"), 0);
    const Tensors columns = photoz_columns(grid, pdf), values = photoz_values(grid, pdf, z);
    for (const char* name : {"ZPHOT", "ZPHOT_L68", "ZPHOT_U68"})
      expect_near(numbers(columns.at(name)), rows(name), name);
    for (const char* name : {"pit_ks", "crps"}) expect_near(numbers(values.at(name)), rows(name), name);
  }
}

}  // namespace
}  // namespace clq::test
