// tests/core/train/schedule_rates.cpp -- the learning rates of a schedule: JSON in, JSON out.
// SPDX-License-Identifier: BSD-3-Clause
//
// stdin:  {"schedule": {"name": "cosine", ...}, "peak": r, "steps": n, "per_epoch": n}
//         or, of reduce_on_plateau, "losses": [...] as well, one an epoch; null is one that is not finite
// stdout: [...], the rate of each step, or with losses that of each epoch's first one
#include <iostream>
#include <iterator>
#include <limits>

#include "train/schedule.hpp"

namespace clq {
namespace {

Json rates(const Json& task) {
  const int64_t steps = task.at("steps"), per_epoch = task.at("per_epoch");
  const Schedule schedule(Config(task.at("schedule")), task.at("peak"), steps, per_epoch);
  Json rates = Json::array();
  if (!task.contains("losses")) {
    for (int64_t step = 0; step < steps; ++step) rates.push_back(schedule.at(step));
    return rates;
  }
  Plateau plateau;
  int64_t epoch = 0;
  for (const Json& loss : task["losses"]) {
    rates.push_back(schedule.at(per_epoch * epoch++, plateau));
    schedule.judge(loss.is_null() ? std::numeric_limits<double>::quiet_NaN() : loss.get<double>(), plateau);
  }
  return rates;
}

}  // namespace
}  // namespace clq

int main() {
  const std::string text(std::istreambuf_iterator<char>(std::cin), {});
  try {
    std::cout << clq::rates(clq::Json::parse(text)).dump() << "\n";
  } catch (const std::exception& e) {
    std::cerr << e.what() << "\n";
    return 1;
  }
}
