// capi/cli/inspect.cpp -- clq inspect: a bundle, a run folder or a data set.
// SPDX-License-Identifier: BSD-3-Clause
#include <filesystem>
#include <fstream>
#include <iterator>

#include <fmt/format.h>

#include "commands.hpp"
#include "data.hpp"
#include "printable.hpp"

namespace clq::cli {
namespace {

namespace fs = std::filesystem;

// F32 sums in another order, of another backend or another processor.
constexpr double kSame = 1e-5;
constexpr auto kReplace = Json::error_handler_t::replace;

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

// The network that a run file would train, untrained.
Json describe_plan(const std::string& path) {
  const Data data = open_data(path, "", false);
  ModelHandle model;
  check(clq_model_create(data.config.get(), data.source.get(), model.out()), About{.command_line = true});
  return Json::parse(text_of([&](char* text, int64_t n) { return clq_model_describe(model.get(), text, n); }));
}

std::string thousands(int64_t number) {
  const std::string digits = fmt::format("{}", number);
  std::string text;
  for (size_t i = 0; i < digits.size(); ++i) {
    if (i > 0 && (digits.size() - i) % 3 == 0) text.push_back(',');
    text.push_back(digits[i]);
  }
  return text;
}

void print_members(const Json& object) {
  for (const auto& [key, value] : object.items())
    fmt::print("{:<16} {}\n", printable(key),
               printable(value.is_string() ? value.get<std::string>() : value.dump(-1, ' ', false, kReplace)));
}

void print_layers(const Json& table) {
  int64_t parameters = 0;
  double flops = 0, bytes = 0;
  fmt::print("\n{:<28} {:<20} {:<18} {:>14} {:>12} {:>12}\n", "layer", "use", "output", "parameters", "MFLOP", "kB");
  const auto line = [](const std::string& name, const std::string& use, const std::string& output, int64_t n,
                       double operations, double memory) {
    fmt::print("{:<28} {:<20} {:<18} {:>14} {:>12.3f} {:>12.1f}\n", printable(name), printable(use), output,
               thousands(n), operations / 1e6, memory / 1e3);
  };
  for (const Json& row : table) {
    line(row["name"], row["use"], row["output"].dump(), row["parameters"], row["flops"], row["bytes"]);
    parameters += row["parameters"].get<int64_t>();
    flops += row["flops"].get<double>();
    bytes += row["bytes"].get<double>();
  }
  line("all", "", "", parameters, flops, bytes);
}

// What a reader wants first; the rest of the description is for --json.
void print_model(const Json& model) {
  Json head = Json::object();
  for (const char* key :
       {"id", "hash", "task", "task_options", "loss", "outputs", "bands", "zeropoint", "derived", "golden"})
    if (model.contains(key) && !model[key].empty()) head[key] = model[key];
  Json inputs = Json::array();
  for (const Json& input : model["inputs"])
    if (input["tensor"] != "target" && input["tensor"] != "weight") inputs.push_back(input["name"]);
  head["inputs"] = inputs;
  if (model.contains("provenance")) head["provenance"] = model["provenance"];
  print_members(head);
  print_layers(model["table"]);
}

void print(const Json& described, bool json) {
  if (json) {
    fmt::print("{}\n", described.dump());
  } else if (described.contains("run_folder")) {
    fmt::print("{:<16} {}\n", "run_folder", printable(described["run_folder"].get<std::string>()));
    print_members(described["run"]);
    if (described.contains("model")) fmt::print("\n"), print_model(described["model"]);
  } else {
    print_model(described);
  }
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
    print(describe_run(path, strict), json);
  else if (fs::path(path).extension() == ".safetensors")
    print(describe_bundle(path, strict), json);
  else if (fs::path(path).extension() == ".toml" && !strict)
    print(describe_plan(path), json);
  else if (strict)
    throw Failure(kUsage, fmt::format("--strict is for bundles and run folders, {} is none", path));
  else if (const Json data = describe_data(path); json)
    fmt::print("{}\n", data.dump());
  else
    print_data(data);
  return kDone;
}

}  // namespace clq::cli
