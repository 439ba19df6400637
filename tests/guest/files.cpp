// tests/guest/files.cpp -- every kind of file that the library writes, in the locale of the environment.
// SPDX-License-Identifier: BSD-3-Clause
#include <clocale>
#include <cstdio>
#include <cstdlib>
#include <fstream>

#include <nlohmann/json.hpp>

#include "modes.hpp"
#include "training.hpp"

namespace clq::guest {
namespace {

constexpr const char* kColumns = R"({"fields": ["nr", "a", "b", "y"]})";
constexpr int64_t kFieldSide = 64;

void write(const char* name, const std::string& text) { std::ofstream(name, std::ios::binary) << text; }

clq_handle open(const char* uri, const char* options) {
  clq_handle source = 0;
  need(clq_source_open(uri, options, &source));
  return source;
}

std::string result_of(clq_handle result) {
  const std::string text = text_of(clq_result_text, result);
  clq_result_close(result);
  return text;
}

// A plane of zeros: where objects of the catalogue lie outside of it, the words of an error hold their positions.
void write_field() {
  std::string header;
  for (std::string card :
       {"SIMPLE  =                    T", "BITPIX  =                  -32", "NAXIS   =                    2",
        "NAXIS1  =                   64", "NAXIS2  =                   64", "END"}) {
    card.resize(80, ' ');
    header += card;
  }
  header.resize(2880, ' ');
  const size_t pixels = static_cast<size_t>(kFieldSide * kFieldSide) * sizeof(float);
  write("field.fits", header + std::string((pixels + 2879) / 2880 * 2880, '\0'));
}

void write_tables(const Training& training, bool fits) {
  need(clq_source_write(training.source, "table.csv", kColumns));
  need(clq_source_write(training.source, "table.ecsv", kColumns));
  if (!fits) return;
  need(clq_source_write(training.source, "table.fits", kColumns));
  need(clq_source_write(training.source, "images.fits", nullptr));
}

// Zero points, and the text of an error for each row.
std::string write_bands_and_words() {
  clq_handle result = 0;
  clq_handle source = open("images.fits", R"({"images": "[images]", "bands": ["g", "r", "i"],
                                              "zeropoint": [22.5, 23.25, 24.125]})");
  need(clq_source_write(source, "bands.fits", nullptr));
  need(clq_source_look(source, 0, 3, "look", &result));
  std::string words = result_of(result) + "\n";
  clq_source_close(source);
  write_field();
  source = open("table.fits", R"({"images": "field.fits", "crop": 8, "position": {"x": "a", "y": "b", "origin": 0}})");
  need(clq_source_scan(source, R"({"id": "nr", "list": "outside.csv"})", &result));
  words += result_of(result) + "\n";
  clq_source_close(source);
  return words;
}

std::string words_of_errors(clq_handle config) {
  std::string words;
  for (const auto& [key, value] : {std::pair{"train.optimizer.lr", "-1.5"}, {"split.valid", "1.25"}}) {
    clq_config_set(config, key, value);
    words += text_of(clq_error_text) + "\n";
  }
  return words;
}

std::string predict(clq_handle model, bool fits) {
  std::string words;
  for (const std::string suffix : {".csv", ".ecsv", ".fits"}) {
    if (suffix == ".fits" && !fits) continue;
    clq_handle source = 0, result = 0;
    need(clq_source_for_model(model, ("table" + suffix).c_str(), &source));
    need(clq_predict_to(&model, 1, source, ("prediction" + suffix).c_str(), R"({"keep": ["a", "y"]})", &result));
    words += result_of(result) + "\n";
    need(clq_evaluate(&model, 1, source, ("scored" + suffix).c_str(), nullptr, &result));
    words += result_of(result) + "\n";
    clq_source_close(source);
  }
  return words;
}

// From a file, as clq train does, with all that a run folder holds.
std::string train() {
  clq_handle config = 0, source = 0, model = 0, trainer = 0, loaded = 0;
  need(clq_config_parse(run_file(Network::table, "cpu_ref:0").c_str(), &config));
  need(clq_config_set(config, "data.catalog", "table.csv"));
  need(clq_config_set(config, "train.clip_norm", "1.5"));
  need(clq_source_from_config(config, &source));
  need(clq_model_create(config, source, &model));
  need(clq_trainer_create(model, source, config, "run", &trainer));
  while (need(clq_trainer_run(trainer, 1.0)) == CLQ_OK) {
  }
  std::string words = text_of(clq_source_describe, source) + "\n" + text_of(clq_model_describe, model) + "\n";
  clq_trainer_close(trainer);
  need(clq_model_save(model, "model.safetensors"));
  need(clq_model_load("model.safetensors", nullptr, &loaded));
  words += text_of(clq_model_id, loaded) + "\n" + words_of_errors(config);
  for (const clq_handle one : {model, loaded}) clq_model_close(one);
  clq_source_close(source);
  clq_config_close(config);
  return words;
}

}  // namespace

int files(const Words&) {
  std::setlocale(LC_ALL, "");
  const bool fits = text_of(clq_plugins_report).find("data-source fits") != std::string::npos;
  need(clq_log_level(4));
  std::string words;
  {
    const Training training(Network::images, "cpu_ref:0");
    write_tables(training, fits);
  }
  if (fits) words += write_bands_and_words();
  words += train();
  clq_handle model = 0;
  need(clq_model_load("run/model.safetensors", nullptr, &model));
  words += predict(model, fits);
  clq_model_close(model);
  char planted[16] = "";  // as if the library had written a number so
  if (std::getenv("GUEST_PLANTED") != nullptr) std::snprintf(planted, sizeof planted, "%g", 1.5);
  write("words.txt", words + planted);
  std::string log;
  for (std::string line; !(line = text_of(clq_log_next)).empty();) log += line + "\n";
  write("log.txt", log);
  print(nlohmann::json{{"decimal point", std::localeconv()->decimal_point}, {"fits", fits}}.dump());
  return 0;
}

}  // namespace clq::guest
