// tests/core/train/toy.hpp -- small problems with known answers, and folders that go away.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include <calanque/core/trainer.hpp>

namespace clq::toy {

const Registry& registry();  // cpu_ref and lazy_ref; csv where it is built
// Columns A, B in [-1, 1), Y = 2 A - B + 0.5, N = Y with noise of 0.3, W in [1, 3), TWO = 2, C I32 = 1 where A > B,
// KEEP I32 = 3 row, ID I64 = 1000 + row, MASK = 0 in every tenth row, else 1.
std::shared_ptr<DataSource> source(int64_t rows = 240);
// A network of one dense layer (hidden 0) or two, 4 epochs of batches of 16, seed 3, on cpu_ref.
Json run(int64_t hidden = 0);
Json classes(int64_t outputs);                                       // the same, one dense layer that learns C
void set(Json& run, const std::string& pointer, const Json& value);  // "/train/epochs"

std::shared_ptr<Model> model(const Json& run, const std::shared_ptr<DataSource>& source);
std::unique_ptr<Trainer> trainer(const Json& run, const std::shared_ptr<DataSource>& source,
                                 const std::string& folder = "");
struct Result {
  std::string hash;
  std::vector<std::string> rows;
};  // rows of metrics without the seconds
bool operator==(const Result& a, const Result& b);
Result finish(Trainer& trainer);
Result train(const Json& run, const std::string& folder = "");

std::string read_text(const std::string& path);
void write_text(const std::string& path, const std::string& text);
std::string metrics_without_seconds(const std::string& folder);

class Folder {  // removed at its end
 public:
  Folder();
  ~Folder();
  std::string path() const { return path_.string(); }
  std::string file(const std::string& name) const { return (path_ / name).string(); }

 private:
  std::filesystem::path path_;
};

}  // namespace clq::toy
