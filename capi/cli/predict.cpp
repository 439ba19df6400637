// capi/cli/predict.cpp -- clq predict, and what it shares with clq evaluate.
// SPDX-License-Identifier: BSD-3-Clause
#include <fmt/format.h>

#include "commands.hpp"
#include "progress.hpp"
#include "signals.hpp"

namespace clq::cli {

namespace {

// As the first model's data were opened, whatever names their rows and wherever their images are.
void open_data(Inputs& inputs, const PredictOptions& options) {
  const clq_handle model = inputs.handles.front();
  const char* path = options.paths.back().c_str();
  const About about{.input = true};
  Json data = Json::object();
  if (!options.id.empty()) data["id"] = options.id;
  if (!options.images.empty()) data["images"] = options.images;
  if (!options.zeropoint.empty()) data["zeropoint"] = options.zeropoint;
  check(clq_source_for_model_with(model, path, data.dump().c_str(), inputs.source.out()), about);
}

}  // namespace

Inputs open_inputs(const PredictOptions& options) {
  if (options.paths.size() < 2) throw Failure(kUsage, "a bundle and the data are wanted: BUNDLE... DATA");
  Json compute = {{"device", options.device}, {"threads", options.threads}, {"batch", options.batch}};
  Inputs inputs;
  for (size_t i = 0; i + 1 < options.paths.size(); ++i) {
    inputs.models.emplace_back();
    check(clq_model_load(options.paths[i].c_str(), compute.dump().c_str(), inputs.models.back().out()));
    inputs.handles.push_back(inputs.models.back().get());
  }
  open_data(inputs, options);
  compute["readers"] = options.readers;
  if (!options.id.empty()) compute["id"] = options.id;
  if (!options.average.empty()) compute["average"] = options.average;
  if (!options.combine.empty()) compute["combine"] = options.combine;
  if (!options.layers.empty()) compute["layers"] = options.layers;
  if (!options.keep.empty()) compute["keep"] = options.keep;
  if (!options.part.empty()) compute["part"] = options.part;
  if (!options.where.empty()) compute["where"] = options.where;
  inputs.options = compute.dump();
  return inputs;
}

int predict(const PredictOptions& options) {
  if (options.output.empty()) throw Failure(kUsage, "predict needs -o OUT, the table to write");
  const Inputs inputs = open_inputs(options);
  remove_on_signal(options.output);
  ResultHandle result;
  const auto status = clq_predict_to(inputs.handles.data(), static_cast<int32_t>(inputs.handles.size()),
                                     inputs.source.get(), options.output.c_str(), inputs.options.c_str(), result.out());
  print_log();
  check(status, About{.output = options.output});
  const Json done = Json::parse(text_of([&](char* text, int64_t n) { return clq_result_text(result.get(), text, n); }));
  if (options.json)
    fmt::print(
        "{}\n",
        Json{{"output", options.output}, {"rows", done["rows"]}, {"bad", done["bad"]}, {"ood", done["ood"]}}.dump());
  else
    say(fmt::format("{}: {} rows, {} flagged bad, {} outside the training range\n", options.output, done["rows"].dump(),
                    done["bad"].dump(), done["ood"].dump()));
  return kDone;
}

}  // namespace clq::cli
