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

Json describe_bundle(const std::string& path) {
  ModelHandle model;
  check(clq_model_load(path.c_str(), nullptr, model.out()));
  return Json::parse(text_of([&](char* text, int64_t n) { return clq_model_describe(model.get(), text, n); }));
}

Json describe_run(const fs::path& folder) {
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
      run["model"] = describe_bundle((folder / name).string());
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

int inspect(const std::string& path, bool json) {
  std::error_code failed;  // the library says what is wrong with a path
  if (fs::is_directory(path, failed))
    fmt::print("{}\n", describe_run(path).dump(json ? -1 : 2));
  else if (fs::path(path).extension() == ".safetensors")
    fmt::print("{}\n", describe_bundle(path).dump(json ? -1 : 2));
  else if (const Json data = describe_data(path); json)
    fmt::print("{}\n", data.dump());
  else
    print_data(data);
  return kDone;
}

}  // namespace clq::cli
