// capi/cli/look.cpp -- clq look: one row of a data set, as it is and as a network gets it.
// SPDX-License-Identifier: BSD-3-Clause
#include <algorithm>
#include <cctype>

#include <fmt/format.h>

#include "commands.hpp"
#include "data.hpp"
#include "progress.hpp"

namespace clq::cli {
namespace {

struct Looked {
  Data data;
  ModelHandle model;  // 0: none
};

// As the model's data were read.
void open_for_model(Looked& looked, const LookOptions& options) {
  check(clq_model_load(options.model.c_str(), nullptr, looked.model.out()));
  const clq_handle model = looked.model.get();
  check(clq_source_for_model(model, options.path.c_str(), looked.data.source.out()), About{.input = true});
  const Json facts = Json::parse(text_of([&](char* text, int64_t n) { return clq_model_describe(model, text, n); }));
  looked.data.id = facts["data"].value("id", "");
}

// What a training of the run file would begin with.
void make_model(Looked& looked) {
  const Data& data = looked.data;
  check(clq_model_create(data.config.get(), data.source.get(), looked.model.out()));
  check(clq_model_fit(looked.model.get(), data.source.get(), data.config.get()), About{.input = true});
}

Looked open_looked(const LookOptions& options) {
  if (!options.model.empty() && !options.run_file.empty())
    throw Failure(kUsage, "--model and --run cannot be used together");
  Looked looked;
  if (!options.model.empty()) {
    open_for_model(looked, options);
    return looked;
  }
  looked.data = open_data(options.path, options.run_file, options.run_file.empty());
  if (!options.run_file.empty()) make_model(looked);
  return looked;
}

int64_t row_of(const Looked& looked, const LookOptions& options) {
  int64_t row = 0;
  const std::string column = options.by_row ? "" : options.id_column.empty() ? looked.data.id : options.id_column;
  const About about{.input = true};
  const int64_t more =
      check(clq_source_find(looked.data.source.get(), column.c_str(), options.id.c_str(), &row), about);
  if (more > 0) say(fmt::format("warning: {} more rows have the id {}, this is the first\n", more, options.id));
  return row;
}

// A name for files: an id may hold anything.
std::string default_prefix(const std::string& id) {
  std::string name = "look-" + id;
  std::replace_if(
      name.begin(), name.end(),
      [](unsigned char c) { return !std::isalnum(c) && c != '-' && c != '_' && c != '.' && c < 0x80; }, '_');
  return name;
}

// The file of these that the library's words begin with.
std::string written(const std::string& prefix) {
  const std::string words = library_error();
  return words.starts_with(prefix + "-") ? words.substr(0, words.find(": ", prefix.size())) : prefix;
}

std::string short_cell(const Json& value) {
  if (!value.is_array() || value.size() <= 6) return cell(value);
  return fmt::format("[{}, {}, {}, ... {} values]", cell(value[0]), cell(value[1]), cell(value[2]), value.size());
}

void print_image(const Json& image) {
  fmt::print("{} {}\n", cell(image["name"]), image["shape"].dump());
  for (const Json& band : image["bands"])
    fmt::print("  {:<12} {:>12} ... {:>12}, median {:>12}, {} not finite; {}\n", cell(band["name"]),
               cell(band["minimum"]), cell(band["maximum"]), cell(band["median"]), cell(band["not_finite"]),
               cell(band["stretch"]));
  if (image.contains("colours"))
    fmt::print("  red {}, green {}, blue {}\n", cell(image["colours"][0]), cell(image["colours"][1]),
               cell(image["colours"][2]));
  for (const Json& file : image.value("files", Json::array())) fmt::print("  {}\n", cell(file));
}

void print_looked(const Json& looked) {
  fmt::print("row {} (the first is 0): {}\n", cell(looked["row"]), cell(looked["where"]));
  for (const auto& [name, value] : looked["columns"].items()) fmt::print("{:<28} {}\n", name, short_cell(value));
  if (looked.contains("why") && !looked["why"].get<std::string>().empty())
    fmt::print("a bad row, FLAG_BAD {}: {}\n", cell(looked["bad"]), cell(looked["why"]));
  if (looked.contains("inputs") && !looked["inputs"].empty()) {
    fmt::print("{:<28} {:>14} {:>14}\n", "input", "given", "transformed");
    for (const auto& [name, pair] : looked["inputs"].items())
      fmt::print("{:<28} {:>14} {:>14}\n", name, cell(pair[0]), cell(pair[1]));
  }
  for (const Json& image : looked["images"]) print_image(image);
  if (looked["values"].is_string()) fmt::print("{}\n", cell(looked["values"]));
}

}  // namespace

int look(const LookOptions& options) {
  const Looked looked = open_looked(options);
  const int64_t row = row_of(looked, options);
  const std::string prefix = options.output.empty() ? default_prefix(options.id) : options.output;
  ResultHandle result;
  const auto status = clq_source_look(looked.data.source.get(), looked.model.get(), row, prefix.c_str(), result.out());
  print_log();
  if (status < 0) fail_with(status, library_error(), About{.input = true, .output = written(prefix)});
  const std::string text = text_of([&](char* out, int64_t n) { return clq_result_text(result.get(), out, n); });
  const Json json = Json::parse(text);
  if (json["values"].is_null())
    say(fmt::format("warning: {}-values.fits is not written: no plugin writes FITS\n", prefix));
  if (options.json)
    fmt::print("{}\n", text);
  else
    print_looked(json);
  return kDone;
}

}  // namespace clq::cli
