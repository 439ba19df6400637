// tests/validate/main.cpp -- the program that clq validate becomes: which cases, of which plugin.
// SPDX-License-Identifier: BSD-3-Clause
#include <algorithm>
#include <cstdio>

#include <CLI/CLI.hpp>

#include "report.hpp"

namespace {

using namespace clq::validate;
using clq::conformance::Case;

struct Arguments {
  Plan plan;
  std::string interfaces, one;  // one: the case that this process runs itself
  std::vector<std::string> only;
  int64_t limit = 60;
  bool list = false, json = false;
};

void add_options(CLI::App& app, Arguments& a) {
  clq::conformance::Subject& s = a.plan.subject;
  app.add_option("PLUGIN.so", s.file)->required();
  app.add_option("--interfaces", a.interfaces,
                 "of backend, source, sink, layer, loss, optimizer, metric and ops those that it offers")
      ->required();
  app.add_option("--reference", s.reference, "the plugin cpu_ref");
  app.add_option("--data", s.data);
  app.add_option("--options", s.options);
  app.add_option("--device", s.device);
  app.add_option("--seed", s.seed);
  app.add_option("--only", a.only);
  app.add_option("--limit", a.limit);
  app.add_option("--jobs", a.plan.jobs);
  app.add_option("--case", a.one);
  app.add_option("--folder", s.folder);
  app.add_flag("--list", a.list);
  app.add_flag("--json", a.json);
}

std::vector<Case> cases_of(const Arguments& a) {
  std::vector<Case> cases;
  const auto add = [&](const char* interface, std::vector<Case> (*of)()) {
    if (a.interfaces.find(interface) == std::string::npos) return;
    for (Case& one : of())
      if (a.only.empty() ||
          std::any_of(a.only.begin(), a.only.end(), [&](const std::string& s) { return one.name.starts_with(s); }))
        cases.push_back(std::move(one));
  };
  add("backend", clq::conformance::backend_cases);
  add("source", clq::conformance::source_cases);
  add("sink", clq::conformance::sink_cases);
  add("layer", clq::conformance::layer_cases);
  add("loss", clq::conformance::loss_cases);
  add("optimizer", clq::conformance::optimizer_cases);
  add("metric", clq::conformance::metric_cases);
  add("ops", clq::conformance::plugin_op_cases);
  if (cases.empty())
    throw clq::cli::Failure(clq::cli::kUsage, "there is no such case; clq validate PLUGIN.so --list names them");
  return cases;
}

std::vector<std::string> arguments_of(const Plan& plan, const std::string& interfaces) {
  const clq::conformance::Subject& s = plan.subject;
  return {s.file,
          "--interfaces",
          interfaces,
          "--reference",
          s.reference,
          "--data",
          s.data,
          "--options",
          s.options,
          "--device",
          std::to_string(s.device),
          "--seed",
          std::to_string(s.seed)};
}

int run(Arguments& a) {
  const std::vector<Case> cases = cases_of(a);
  if (!a.one.empty()) {
    const auto found = std::find_if(cases.begin(), cases.end(), [&](const Case& c) { return c.name == a.one; });
    return found == cases.end() ? clq::cli::kUsage : run_here(a.plan.subject, *found);
  }
  if (a.list) {
    for (const Case& one : cases) fmt::print("{:<32} {}\n", one.name, one.what);
    return clq::cli::kDone;
  }
  a.plan.arguments = arguments_of(a.plan, a.interfaces);
  a.plan.limit = std::chrono::seconds(a.limit);
  const auto outcomes = run_cases(a.plan, cases, [&](const Outcome& outcome) {
    if (!a.json) fmt::print("{}\n", line_of(outcome)), std::fflush(stdout);
  });
  if (a.json)
    fmt::print("{}\n", to_json(a.plan.subject, outcomes).dump(2, ' ', false, Json::error_handler_t::replace));
  else
    fmt::print("{}; seed {}\n", summary_of(outcomes), a.plan.subject.seed);
  return all_well(outcomes) ? clq::cli::kDone : clq::cli::kOther;
}

}  // namespace

int main(int argc, char** argv) {
  Arguments arguments;
  CLI::App app("Tries a Calanque plugin; started by clq validate.", "clq-validate");
  add_options(app, arguments);
  CLI11_PARSE(app, argc, argv);
  try {
    return run(arguments);
  } catch (const clq::cli::Failure& failure) {
    fmt::print(stderr, "clq validate: {}\n", failure.what());
    return failure.exit_code();
  } catch (const std::exception& e) {
    fmt::print(stderr, "clq validate: {}\n", e.what());
    return clq::cli::kInternal;
  }
}
