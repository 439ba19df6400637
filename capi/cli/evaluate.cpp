// capi/cli/evaluate.cpp -- clq evaluate: a table of metrics, and the predictions where -o names a file.
// SPDX-License-Identifier: BSD-3-Clause
#include <fmt/format.h>

#include "commands.hpp"
#include "progress.hpp"
#include "signals.hpp"

namespace clq::cli {

int evaluate(const PredictOptions& options) {
  const Inputs inputs = open_inputs(options);
  remove_on_signal(options.output);
  ResultHandle result;
  const auto status =
      clq_evaluate(inputs.handles.data(), static_cast<int32_t>(inputs.handles.size()), inputs.source.get(),
                   options.output.empty() ? nullptr : options.output.c_str(), inputs.options.c_str(), result.out());
  print_log();
  check(status, About{.output = options.output});
  const std::string text = text_of([&](char* out, int64_t n) { return clq_result_text(result.get(), out, n); });
  if (options.json) {
    fmt::print("{}\n", text);
    return kDone;
  }
  const Json done = Json::parse(text);
  if (done["simulated"] == Json(true)) fmt::print("SIMULATED data\n");
  for (const char* count : {"rows", "bad", "ood", "unscored"}) fmt::print("{:<28} {}\n", count, done[count].dump());
  for (const auto& [name, value] : done["metrics"].items())
    fmt::print("{:<28} {}\n", name,
               value.is_number_float() ? fmt::format("{:.6g}", value.get<double>()) : value.dump());
  return kDone;
}

}  // namespace clq::cli
