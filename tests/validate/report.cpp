// tests/validate/report.cpp -- what was found, for a reader and as JSON.
// SPDX-License-Identifier: BSD-3-Clause
#include "report.hpp"

#include <algorithm>

namespace clq::validate {
namespace {

size_t count(const std::vector<Outcome>& outcomes, const char* result) {
  return static_cast<size_t>(
      std::count_if(outcomes.begin(), outcomes.end(), [&](const Outcome& o) { return o.result == result; }));
}

}  // namespace

std::string line_of(const Outcome& outcome) {
  std::string text = fmt::format("{:<11} {:<32}", outcome.result, outcome.name);
  for (const auto& [name, value] : outcome.notes.items())
    text += name == "reason" ? fmt::format(" {}", value.get<std::string>())
                             : fmt::format(" {}: {};", name, value.get<std::string>());
  while (text.ends_with(';') || text.ends_with(' ')) text.pop_back();
  for (const std::string& problem : outcome.problems) text += "\n            " + problem;
  if (outcome.n_problems > outcome.problems.size())
    text += fmt::format("\n            and {} more", outcome.n_problems - outcome.problems.size());
  return text;
}

std::string summary_of(const std::vector<Outcome>& outcomes) {
  std::string text = fmt::format("{} of {} cases passed", count(outcomes, "passed"), outcomes.size());
  for (const char* result : {"failed", "ended", "hung", "unsupported"})
    if (const size_t n = count(outcomes, result); n > 0) text += fmt::format(", {} {}", n, result);
  return text;
}

Json to_json(const conformance::Subject& subject, const std::vector<Outcome>& outcomes) {
  Json report = {{"plugin", subject.file}, {"seed", subject.seed}, {"device", subject.device}, {"data", subject.data}};
  for (const char* result : {"passed", "failed", "ended", "hung", "unsupported"})
    report[result] = count(outcomes, result);
  report["cases"] = Json::array();
  for (const Outcome& o : outcomes)
    report["cases"].push_back({{"name", o.name},
                               {"what", o.what},
                               {"result", o.result},
                               {"problems", o.problems},
                               {"n_problems", o.n_problems},
                               {"notes", o.notes},
                               {"seconds", o.seconds}});
  return report;
}

bool all_well(const std::vector<Outcome>& outcomes) {
  const size_t passed = count(outcomes, "passed");
  return passed > 0 && passed + count(outcomes, "unsupported") == outcomes.size();
}

}  // namespace clq::validate
