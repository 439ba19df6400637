// tests/fuzz/capi_values.cpp -- what a host could pass: names, paths, options, dtypes and sizes, sane or not.
// SPDX-License-Identifier: BSD-3-Clause
#include "capi_values.hpp"

#include <fstream>

#include <unistd.h>

#include "fuzz.hpp"

namespace clq::fuzz {

const char* const kRun = R"(
task = "regression"
data = { scalars = ["A", "B"], target = "Y" }
split.valid = 0.25
model = { layer = [{ use = "dense", units = 3, activation = "tanh" }, { use = "dense" }] }
train = { epochs = 2, batch = 4, split_step = true, optimizer = { name = "adam", lr = 0.01 } }
compute = { devices = ["cpu_ref:0"], threads = 1, readers = 1 }
)";

void write_files() {
  require(::chdir(folder().c_str()) == 0, "the folder cannot be entered");  // a path that an input makes up stays in it
  std::ofstream table(folder() + "/table.csv");
  table << "ID,A,B,Y,NAME\n";
  for (int row = 0; row < kRows; ++row) table << row << "," << row * 0.5 << ",-1.5," << row % 5 << ",n" << row << "\n";
  std::ofstream(folder() + "/run.toml") << kRun << "[[transform]]\nuse = \"standardise\"\n";
}

const char* input_path(Host& host) {
  return host.path(
      {"/table.csv", "/model.safetensors", "/run.toml", "/absent.csv", "", "/out.csv", "/out.ecsv", "/run"});
}
const char* output_path(Host& host) {
  return host.path({"/out.csv", "/out.ecsv", "/out.fits", "/model.safetensors", "", "/no/where.csv"});
}
const char* column(Host& host) {
  return host.text(
      {"A", "B", "Y", "scalars", "prediction", "dense1.weights", "dense2.bias", "FLAG_BAD", "ID", "NAME", ""});
}
const char* options(Host& host) {
  return host.text({"{}", R"({"device": "cpu_ref:0", "threads": 1})", R"({"batch": 3})", R"({"readers": 2})",
                    R"({"id": "ID"})", R"({"part": "valid"})", R"({"where": "A > 0"})", R"({"keep": ["*"]})",
                    R"({"null": [1]})", R"({"fields": ["A"], "first": 3, "n": 4})", R"({"average": "d4"})",
                    R"({"batch": 0})", R"({"n": -1})", R"({"scalars": ["A"], "target": "Y"})", "[]", "{", "\xff"});
}
int32_t dtype(Host& host) {
  return host.in().pick<int32_t>({4, 3, 11, 1, 2, 5, 6, 7, 8, 9, 10, 12, 0, -1, 13, INT32_MAX});
}
int64_t count(Host& host) { return host.in().pick<int64_t>({kRows, 1, 2, 0, -1, INT64_MIN, INT64_MAX}); }
int32_t rank(Host& host) { return host.in().pick<int32_t>({0, 1, 2, 3, 8, 9, -1, INT32_MIN}); }
int64_t size(Host& host) {
  return host.in().pick<int64_t>({8 * kRows, 4 * kRows, 8, 4, 48, 24, 0, -1, kRoomBytes, INT64_MAX});
}

}  // namespace clq::fuzz
