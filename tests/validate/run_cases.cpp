// tests/validate/run_cases.cpp -- cases run, each in a process of its own with a time limit.
// SPDX-License-Identifier: BSD-3-Clause
#include "run_cases.hpp"

#include <atomic>
#include <filesystem>
#include <mutex>
#include <thread>

#include <unistd.h>

namespace clq::validate {
namespace {

namespace fs = std::filesystem;
using conformance::Case;
using Clock = std::chrono::steady_clock;

class Folder {  // of one case, gone with whatever is left in it
 public:
  Folder() {
    std::string name = (fs::temp_directory_path() / "clq-validate.XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr)
      throw cli::Failure(cli::kWrite,
                         fmt::format("{}: no folder can be made there", fs::temp_directory_path().string()));
    path_ = name;
  }
  ~Folder() {
    std::error_code failed;
    fs::permissions(path_, fs::perms::owner_all, failed);
    fs::remove_all(path_, failed);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  std::string path() const { return path_.string(); }

 private:
  fs::path path_;
};

void take_report(const Json& report, Outcome& outcome) {
  outcome.result = report["result"];
  outcome.problems = report["problems"].get<std::vector<std::string>>();
  outcome.n_problems = report["n_problems"];
  outcome.notes = report["notes"];
}

Outcome run_one(const Plan& plan, const Case& one) {
  const Folder folder;
  std::vector<std::string> arguments = plan.arguments;
  arguments.insert(arguments.end(), {"--case", one.name, "--folder", folder.path()});
  const auto start = Clock::now();
  const cli::ChildEnd end = cli::run_child("/proc/self/exe", arguments, plan.limit);
  Outcome outcome;
  outcome.name = one.name;
  outcome.what = one.what;
  outcome.seconds = std::chrono::duration<double>(Clock::now() - start).count();
  if (end.well() && end.report.is_object()) {
    take_report(end.report, outcome);
    return outcome;
  }
  outcome.n_problems = 1;
  outcome.result = end.in_time ? "ended" : "hung";
  outcome.problems = {"its process " + cli::end_text(end, plan.limit)};
  if (end.report.is_object()) outcome.problems.front() += ", after the case was done";
  return outcome;
}

}  // namespace

std::vector<Outcome> run_cases(const Plan& plan, const std::vector<Case>& cases,
                               const std::function<void(const Outcome&)>& told) {
  std::vector<Outcome> outcomes(cases.size());
  std::atomic<size_t> next{0};
  std::mutex telling;
  std::exception_ptr failure;
  const auto work = [&] {
    for (size_t i = next++; i < cases.size(); i = next++) try {
        outcomes[i] = run_one(plan, cases[i]);
        const std::lock_guard lock(telling);
        told(outcomes[i]);
      } catch (...) {
        const std::lock_guard lock(telling);
        failure = std::current_exception();
        next = cases.size();
      }
  };
  std::vector<std::jthread> others;
  for (int64_t i = 1; i < plan.jobs; ++i) others.emplace_back(work);
  work();
  others.clear();
  if (failure) std::rethrow_exception(failure);
  return outcomes;
}

int run_here(const conformance::Subject& subject, const Case& one) {
  cli::end_with_parent();
  conformance::Findings findings;
  Json report = {{"result", ""}};
  try {
    one.run(subject, findings);
    report["result"] = findings.count() == 0 ? "passed" : "failed";
  } catch (const conformance::Unsupported& reason) {
    report["result"] = "unsupported";
    findings.note("reason", reason.what());
  } catch (const std::exception& e) {
    findings.expect(false, "{}", e.what());
    report["result"] = "failed";
  }
  report["problems"] = findings.problems();
  report["n_problems"] = findings.count();
  report["notes"] = Json::object();
  for (const auto& [name, value] : findings.notes()) report["notes"][name] = value;
  return cli::write_report(report.dump(-1, ' ', false, Json::error_handler_t::replace)) ? 0 : cli::kWrite;
}

}  // namespace clq::validate
