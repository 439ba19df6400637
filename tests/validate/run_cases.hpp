// tests/validate/run_cases.hpp -- cases run, each in a process of its own with a time limit.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <chrono>

#include "child.hpp"
#include "conformance/case.hpp"

namespace clq::validate {

using cli::Json;

// passed; failed; unsupported, in the plugin's words; ended: it ended its process; hung: it did not return in time.
struct Outcome {
  std::string name, what, result;
  std::vector<std::string> problems;
  size_t n_problems = 0;
  Json notes = Json::object();
  double seconds = 0;
};

struct Plan {
  conformance::Subject subject;        // without its folder: each case gets one of its own
  std::vector<std::string> arguments;  // of this program, that a child gets too
  std::chrono::seconds limit{60};
  int64_t jobs = 1;
};

// In the order of the cases; `told` hears of each as it ends, one at a time.
std::vector<Outcome> run_cases(const Plan& plan, const std::vector<conformance::Case>& cases,
                               const std::function<void(const Outcome&)>& told);

// What a child does: runs the case and prints what it found.
int run_here(const conformance::Subject& subject, const conformance::Case& one);

}  // namespace clq::validate
