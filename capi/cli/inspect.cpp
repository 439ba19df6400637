// capi/cli/inspect.cpp -- clq inspect: a bundle, a run folder or a data set.
// SPDX-License-Identifier: BSD-3-Clause
#include <filesystem>
#include <fstream>
#include <iterator>

#include <fmt/format.h>

#include "commands.hpp"

namespace clq::cli {
namespace {

namespace fs = std::filesystem;

// F32 sums in another order, of another backend or another processor.
constexpr double kSame = 1e-5;

// What the bundle's golden inputs give here, beside what they gave where it was trained.
Json check_model(const ModelHandle& model, const std::string& path) {
  ResultHandle result;
  check(clq_model_check(model.get(), result.out()));
  Json found = Json::parse(text_of([&](char* text, int64_t n) { return clq_result_text(result.get(), text, n); }));
  if (found["largest"].is_null() || found["largest"] > kSame)
    throw Failure(kInput,
                  fmt::format("{}: its {} golden rows are {} of the largest prediction away from what they were "
                              "where it was trained, at most {} is right",
                              path, found["rows"].dump(), found["largest"].dump(), kSame));
  return found;
}

Json describe_bundle(const std::string& path, bool strict) {
  ModelHandle model;
  check(clq_model_load(path.c_str(), nullptr, model.out()));
  Json described =
      Json::parse(text_of([&](char* text, int64_t n) { return clq_model_describe(model.get(), text, n); }));
  if (strict) described["golden"] = check_model(model, path);
  return described;
}

Json describe_run(const fs::path& folder, bool strict) {
  std::error_code failed;
  if (!fs::is_regular_file(folder / "run.json", failed))
    throw Failure(kInput, fmt::format("{} holds no run", folder.string()));
  Json run = {{"run_folder", folder.string()}};
  std::ifstream file(folder / "run.json");
  const Json provenance = Json::parse(std::string(std::istreambuf_iterator<char>(file), {}), nullptr, false);
  if (!provenance.is_object()) throw Failure(kInput, fmt::format("{} is damaged", (folder / "run.json").string()));
  run["run"] = provenance;
  for (const char* name : {"model.safetensors", "model-last.safetensors"})
    if (!run.contains("model") && fs::exists(folder / name, failed))
      run["model"] = describe_bundle((folder / name).string(), strict);
  return run;
}

Json describe_data(const std::string& path) {
  SourceHandle source;
  check(clq_source_open(path.c_str(), nullptr, source.out()), About{.input = true});
  return Json::parse(text_of([&](char* text, int64_t n) { return clq_source_describe(source.get(), text, n); }));
}

void print_data(const Json& data) {
  fmt::print("{}: {} rows\n", data["uri"].get<std::string>(), data["n_samples"].dump());
  for (const Json& field : data["fields"])
    fmt::print("{:<28} {:<5} {:<12} {}\n", field["name"].get<std::string>(),
               field["text"] == true ? "text" : field["dtype"].get<std::string>(), field["shape"].dump(),
               field["unit"].get<std::string>());
}

}  // namespace

int inspect(const std::string& path, bool strict, bool json) {
  std::error_code failed;  // the library says what is wrong with a path
  if (fs::is_directory(path, failed))
    fmt::print("{}\n", describe_run(path, strict).dump(json ? -1 : 2));
  else if (fs::path(path).extension() == ".safetensors")
    fmt::print("{}\n", describe_bundle(path, strict).dump(json ? -1 : 2));
  else if (strict)
    throw Failure(kUsage, fmt::format("--strict is for bundles and run folders, {} is none", path));
  else if (const Json data = describe_data(path); json)
    fmt::print("{}\n", data.dump());
  else
    print_data(data);
  return kDone;
}

}  // namespace clq::cli
