// capi/cli/run_loop.cpp -- a trainer from here to its end, watched.
// SPDX-License-Identifier: BSD-3-Clause
#include <fmt/format.h>

#include "commands.hpp"
#include "printable.hpp"
#include "progress.hpp"
#include "signals.hpp"

namespace clq::cli {
namespace {

constexpr double kSlice = 0.2;     // seconds between two looks at log and progress
constexpr unsigned kPatience = 5;  // seconds that readers have to end in

Json next_row(clq_handle trainer) {
  const std::string row =
      text_of([&](char* json, int64_t capacity) { return clq_trainer_metrics(trainer, json, capacity); });
  return row.empty() ? Json() : Json::parse(row);
}

double value(clq_handle trainer, const char* key) {
  double out = 0;
  check(clq_trainer_get(trainer, key, &out));
  return out;
}

// Until finished or stopped; the last row of metrics.
Json run(clq_handle trainer, const About& about) {
  Progress progress(trainer);
  Json last = Json::object();
  for (int64_t status = CLQ_OK; status == CLQ_OK;) {
    status = clq_trainer_run(trainer, kSlice);
    progress.clear();
    print_log();
    if (status < 0) check(status, about);
    for (Json row = next_row(trainer); !row.is_null(); row = next_row(trainer)) last = std::move(row);
    if (status == CLQ_OK) progress.update();
  }
  return last;
}

// What is to be kept is on the disk when run() ends. Closing waits for the readers, and one may be in a call that does
// not end.
Json run_or_leave(clq_handle trainer, const About& about) {
  try {
    return run(trainer, about);
  } catch (const Failure& e) {
    leave_within(kPatience, e.exit_code(), fmt::format("clq: {}\n", printable(e.what())));
    throw;
  }
}

void print_result(clq_handle trainer, const std::string& folder, const Json& last, bool json) {
  if (json) {
    const auto count = [&](const char* key) { return static_cast<int64_t>(value(trainer, key)); };
    Json result = {{"run_folder", folder}, {"epoch", count("epoch")}, {"step", count("step")}, {"best_epoch", nullptr}};
    if (count("best_epoch") > 0) result["best_epoch"] = count("best_epoch");
    result["metrics"] = last;
    fmt::print("{}\n", result.dump());
    return;
  }
  for (const auto& [name, number] : last.items()) fmt::print("{:<24} {}\n", name, number.dump());
}

}  // namespace

int run_loop(clq_handle trainer, const std::string& folder, bool json) {
  stop_on_signal(trainer);
  const Json last = run_or_leave(trainer, About{.output = folder});
  const bool stopped = value(trainer, "stopped") != 0;
  stop_on_signal(0);
  if (stopped) {
    say(fmt::format("clq: stopped at step {:.0f} with a checkpoint, go on with: clq resume {}\n",
                    value(trainer, "step"), folder));
    leave_within(kPatience, kStopped);
    return kStopped;
  }
  if (last.empty()) say(fmt::format("{}: this run is at its end, no epoch was left to train\n", folder));
  print_result(trainer, folder, last, json);
  return kDone;
}

}  // namespace clq::cli
