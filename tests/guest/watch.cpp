// tests/guest/watch.cpp -- what each function did to its host.
// SPDX-License-Identifier: BSD-3-Clause
#include "watch.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <set>
#include <sstream>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace clq::guest {
namespace {

constexpr int kOwnErrno = 4711;  // no call of the system sets this one
constexpr int kFirstFree = 3;

// What opens or closes files that stay open: sources, and trainers with their run folders.
const std::set<std::string> kHolders = {"clq_source_open",           "clq_source_from_config", "clq_source_for_model",
                                        "clq_source_for_model_with", "clq_source_close",       "clq_trainer_create",
                                        "clq_trainer_resume",        "clq_trainer_resume_to",  "clq_trainer_close"};

std::set<std::string> lines_of(const std::string& text) {
  std::set<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines.insert(line);
  return lines;
}

}  // namespace

Watch::Watch(std::string folder, Plant plant) : folder_(std::move(folder)), plant_(plant), start_(look_at_host()) {}

void Watch::begin(const char* name, Wanted wanted) {
  name_ = name;
  wanted_ = wanted;
  if (place_ != nullptr) std::strcpy(place_, name);
  before_ = look_at_host();
  put(before_, look_at_arithmetic(), kOwnErrno);  // integers alone: no flag is raised until the call
  errno = kOwnErrno;
}

void Watch::end(int64_t status) {
  if (plant_ != nullptr) plant_();
  const int error_number = errno;
  const Arithmetic arithmetic = look_at_arithmetic();
  HostState after = look_at_host();
  put(after, arithmetic, error_number);
  Row& row = rows_[name_];
  ++(status >= 0 ? row.good : row.bad);
  errors_ += status < 0;
  for (size_t part = 0; part < kParts; ++part) {
    if (before_[part] == after[part]) continue;
    if (part == kDescriptors && kHolders.contains(name_) && may_hold(before_[part], after[part])) continue;
    if (part == kErrno && status < 0) {  // the words of an error are the library's own
      ++errno_after_errors_;
      continue;
    }
    if (row.times[part]++ == 0) row.changed[part] = difference(before_[part], after[part]);
  }
  judge(status);
}

void Watch::judge(int64_t status) {
  const bool as_wanted = wanted_ == Wanted::good  ? status >= 0
                         : wanted_ == Wanted::bad ? status < 0
                                                  : status == CLQ_E_FORKED;
  if (as_wanted) return;
  char words[600] = "";
  clq_error_text(words, sizeof words);
  unexpected_.push_back(fmt::format("{} gave {}: {}", name_, status, words));
}

// Every line that came or went is a file of this tour, and no program that is started gets it.
bool Watch::may_hold(const std::string& before, const std::string& after) const {
  const auto old = lines_of(before), now = lines_of(after);
  std::vector<std::string> moved;
  std::set_symmetric_difference(old.begin(), old.end(), now.begin(), now.end(), std::back_inserter(moved));
  return std::all_of(moved.begin(), moved.end(), [&](const std::string& line) {
    return line.find(folder_) != std::string::npos && !line.ends_with(" passed on") && std::stoi(line) >= kFirstFree;
  });
}

void Watch::finish() {
  const HostState now = look_at_host();
  if (now[kDescriptors] != start_[kDescriptors]) left_open_ = difference(start_[kDescriptors], now[kDescriptors]);
}

bool Watch::clean() const {
  return unexpected_.empty() && left_open_.empty() && std::all_of(rows_.begin(), rows_.end(), [](const auto& entry) {
           const auto& times = entry.second.times;
           return std::all_of(times.begin(), times.end(), [](int64_t n) { return n == 0; });
         });
}

std::string Watch::json() const {
  nlohmann::json functions = nlohmann::json::object();
  for (const auto& [name, row] : rows_) {
    nlohmann::json parts = nlohmann::json::object();
    for (size_t part = 0; part < kParts; ++part) parts[kPartNames[part]] = {row.times[part], row.changed[part]};
    functions[name] = {{"good", row.good}, {"bad", row.bad}, {"parts", parts}};
  }
  return nlohmann::json{{"functions", functions},
                        {"unexpected", unexpected_},
                        {"left_open", left_open_},
                        {"errors", errors_},
                        {"errno_after_errors", errno_after_errors_}}
      .dump(1, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace clq::guest
