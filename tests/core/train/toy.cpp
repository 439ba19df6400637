// tests/core/train/toy.cpp -- small problems with known answers, and folders that go away.
// SPDX-License-Identifier: BSD-3-Clause
#include "toy.hpp"

#include <atomic>
#include <fstream>
#include <iterator>
#include <sstream>

#include <unistd.h>

#include "base/philox.hpp"
#include "data/array_source.hpp"
#include "train/run_folder.hpp"

namespace clq::toy {
namespace {

double uniform(int64_t row, int column) {
  const PhiloxBlock block = philox(99, {static_cast<uint32_t>(row), 0, 0, static_cast<uint32_t>(column)});
  return philox_uniform(block[0]);
}

template <class T, class Value>
void add(ArraySource& arrays, const char* name, DType dtype, int64_t rows, Value value) {
  std::vector<T> data(static_cast<size_t>(rows));
  for (int64_t i = 0; i < rows; ++i) data[static_cast<size_t>(i)] = static_cast<T>(value(i));
  arrays.add(name, data.data(), {dtype, {}}, false);
}

std::string csv_without_last(const std::string& line) { return line.substr(0, line.rfind(',')); }

}  // namespace

const Registry& registry() {
  static const Registry& loaded = *[] {
    auto* r = new Registry;
    r->load(std::string(CLQ_PLUGIN_DIR) + "/clq_cpu_ref.so");
    r->load(std::string(CLQ_TEST_PLUGIN_DIR) + "/clq_lazy_ref.so");
    const std::string csv = std::string(CLQ_PLUGIN_DIR) + "/clq_csv.so";
    if (std::filesystem::exists(csv)) r->load(csv);
    return r;
  }();
  return loaded;
}

std::shared_ptr<DataSource> source(int64_t rows) {
  const auto a = [](int64_t i) { return 2 * uniform(i, 0) - 1; };
  const auto b = [](int64_t i) { return 2 * uniform(i, 1) - 1; };
  const auto y = [=](int64_t i) { return 2 * a(i) - b(i) + 0.5; };
  ArraySource arrays(rows);
  add<float>(arrays, "A", CLQ_F32, rows, a);
  add<float>(arrays, "B", CLQ_F32, rows, b);
  add<double>(arrays, "Y", CLQ_F64, rows, y);
  add<double>(arrays, "N", CLQ_F64, rows, [=](int64_t i) { return y(i) + 0.6 * (uniform(i, 2) - 0.5); });
  add<double>(arrays, "W", CLQ_F64, rows, [](int64_t i) { return 1 + 2 * uniform(i, 3); });
  add<double>(arrays, "TWO", CLQ_F64, rows, [](int64_t) { return 2.0; });
  add<int32_t>(arrays, "C", CLQ_I32, rows, [=](int64_t i) { return a(i) > b(i) ? 1 : 0; });
  add<double>(arrays, "MASK", CLQ_F64, rows, [](int64_t i) { return i % 10 == 7 ? 0.0 : 1.0; });
  add<int32_t>(arrays, "KEEP", CLQ_I32, rows, [](int64_t i) { return 3 * i; });
  add<int64_t>(arrays, "ID", CLQ_I64, rows, [](int64_t i) { return 1000 + i; });
  return arrays.open("ID");
}

Json run(int64_t hidden) {
  Json layers = Json::array();
  if (hidden > 0) layers.push_back({{"use", "dense"}, {"name", "one"}, {"units", hidden}, {"activation", "tanh"}});
  layers.push_back({{"use", "dense"}, {"name", "last"}});
  return {{"task", "regression"},
          {"data", {{"id", "ID"}, {"scalars", {"A", "B"}}, {"target", "Y"}}},
          {"split", {{"by", "id"}, {"test", 0.1}, {"valid", 0.2}, {"seed", 1}}},
          {"model", {{"layer", layers}, {"loss", {{"use", "mse"}}}}},
          {"train",
           {{"epochs", 4},
            {"batch", 16},
            {"seed", 3},
            {"log_every", 5},
            {"checkpoint_minutes", 1000.0},
            {"optimizer", {{"name", "adam"}, {"lr", 0.02}}}}},
          {"compute", {{"devices", {"cpu_ref:0"}}, {"threads", 1}, {"readers", 1}}}};
}

Json classes(int64_t outputs) {
  Json classes = run();
  classes["task"] = "classification";
  classes["data"]["target"] = "C";
  classes["model"] = {{"layer", {{{"use", "dense"}, {"units", outputs}}}}};
  return classes;
}

void set(Json& run, const std::string& pointer, const Json& value) { run[Json::json_pointer(pointer)] = value; }

std::shared_ptr<Model> model(const Json& run, const std::shared_ptr<DataSource>& source) {
  return create_model(Config(run), *source, registry());
}

std::unique_ptr<Trainer> trainer(const Json& run, const std::shared_ptr<DataSource>& source,
                                 const std::string& folder) {
  return std::make_unique<Trainer>(model(run, source), source, Config(run), registry(), folder);
}

bool operator==(const Result& a, const Result& b) { return a.hash == b.hash && a.rows == b.rows; }

Result finish(Trainer& trainer) {
  while (!trainer.run_for(60)) {
  }
  Result result;
  while (const auto row = trainer.next_metrics()) result.rows.push_back(csv_without_last(csv_row(*row)));
  result.hash = trainer.model().hash();
  return result;
}

Result train(const Json& run, const std::string& folder) {
  const auto t = trainer(run, source(), folder);
  return finish(*t);
}

std::string read_text(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

void write_text(const std::string& path, const std::string& text) { std::ofstream(path, std::ios::binary) << text; }

std::string metrics_without_seconds(const std::string& folder) {
  std::istringstream in(read_text(folder + "/metrics.csv"));
  std::string text;
  for (std::string line; std::getline(in, line);) text += csv_without_last(line) + "\n";
  return text;
}

Folder::Folder() {
  static std::atomic<int> count{0};
  path_ = std::filesystem::temp_directory_path() /
          ("clq-train-" + std::to_string(getpid()) + "-" + std::to_string(count++));
  std::filesystem::create_directories(path_);
}

Folder::~Folder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

}  // namespace clq::toy
