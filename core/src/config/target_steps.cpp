// core/src/config/target_steps.cpp -- what the network learns in place of the target's numbers, step by step.
// SPDX-License-Identifier: BSD-3-Clause
#include "config/target_steps.hpp"

#include <algorithm>
#include <cmath>

#include <calanque/core/error.hpp>

namespace clq {
namespace {

struct Entry {
  TargetStepKind kind;
  const char *name, *a, *b;  // of the numbers; nullptr: it has none
};
constexpr Entry kEntries[] = {{TargetStepKind::standardise, "standardise", "mean", "std"},
                              {TargetStepKind::log10, "log10", nullptr, nullptr},
                              {TargetStepKind::asinh, "asinh", nullptr, "scale"},
                              {TargetStepKind::logit, "logit", "min", "max"}};

const Entry& entry_of(TargetStepKind kind) { return kEntries[static_cast<size_t>(kind)]; }

std::vector<double> numbers_of(const Config& table, const char* key, size_t count, std::vector<double> absent) {
  if (key == nullptr || !table.has(key)) return absent;
  std::vector<double> numbers;
  if (table.json().at(key).is_array())
    numbers = table.require<std::vector<double>>(key);
  else
    numbers.assign(count, table.require<double>(key));
  CLQ_REQUIRE(numbers.size() == count, "{}.{} has {} numbers for {} targets", table.path(), key, numbers.size(), count);
  for (const double number : numbers) CLQ_REQUIRE(std::isfinite(number), "{}.{} is {}", table.path(), key, number);
  return numbers;
}

void require_sense(const TargetStep& step, const std::string& path) {
  for (size_t i = 0; i < step.b.size(); ++i) {
    if (step.kind == TargetStepKind::standardise)
      CLQ_REQUIRE(step.b[i] > 0, "{}.std of {} must be positive, got {}", path, step.fields[i], step.b[i]);
    if (step.kind == TargetStepKind::asinh)
      CLQ_REQUIRE(step.b[i] > 0, "{}.scale of {} must be positive, got {}", path, step.fields[i], step.b[i]);
    if (step.kind == TargetStepKind::logit)
      CLQ_REQUIRE(step.b[i] > step.a[i], "{}.max of {} must be above min {}, got {}", path, step.fields[i], step.a[i],
                  step.b[i]);
  }
}

}  // namespace

const char* target_step_name(TargetStepKind kind) { return entry_of(kind).name; }

std::vector<std::string> target_step_names() {
  std::vector<std::string> names;
  for (const Entry& entry : kEntries) names.emplace_back(entry.name);
  return names;
}

TargetStepKind target_step_kind(const Config& table) {
  const auto use = table.require<std::string>("use");
  for (const Entry& entry : kEntries)
    if (use == entry.name) return entry.kind;
  fail(CLQ_E_INVALID, "{}.use: '{}' is no transform of targets, there are standardise, log10, asinh, logit{}",
       table.path(), use, did_you_mean(use, target_step_names()));
}

void read_step_numbers(TargetStep& step, const Config& table) {
  const Entry& entry = entry_of(step.kind);
  const size_t count = step.places.size();
  const bool learned = step.kind == TargetStepKind::standardise;
  CLQ_REQUIRE(!learned || table.has("mean") == table.has("std"), "{}: mean and std are given together or not at all",
              table.path());
  const auto absent = [&](double value) { return learned ? std::vector<double>() : std::vector<double>(count, value); };
  step.a = numbers_of(table, entry.a, count, absent(0));
  step.b = numbers_of(table, entry.b, count, absent(1));
  require_sense(step, table.path());
}

double step_value(TargetStepKind kind, double a, double b, double x) noexcept {
  switch (kind) {
    case TargetStepKind::standardise:
      return (x - a) / b;
    case TargetStepKind::log10:
      return std::log10(x);
    case TargetStepKind::asinh:
      return std::asinh(x / b);
    default:
      return std::log(x - a) - std::log(b - x);
  }
}

bool same_but_for_numbers(const std::vector<TargetStep>& x, const std::vector<TargetStep>& y) {
  return std::equal(x.begin(), x.end(), y.begin(), y.end(), [](const TargetStep& a, const TargetStep& b) {
    return a.kind == b.kind && a.fields == b.fields && a.places == b.places;
  });
}

Json steps_to_json(const std::vector<TargetStep>& steps) {
  Json list = Json::array();
  for (const TargetStep& step : steps) {
    const Entry& entry = entry_of(step.kind);
    Json table = Json::object();
    table["use"] = entry.name;
    table["fields"] = step.fields;
    table["places"] = step.places;
    if (entry.a != nullptr && step.is_known()) table[entry.a] = step.a;
    if (entry.b != nullptr && step.is_known()) table[entry.b] = step.b;
    list.push_back(std::move(table));
  }
  return list;
}

std::vector<TargetStep> steps_from_json(const Json& json, int64_t n_targets) {
  std::vector<TargetStep> steps;
  for (const Config& table : Config(Json{{"target_transform", json}}, "").children("target_transform")) {
    TargetStep step{target_step_kind(table),
                    table.require<std::vector<std::string>>("fields"),
                    table.require<std::vector<int64_t>>("places"),
                    {},
                    {}};
    CLQ_REQUIRE(step.fields.size() == step.places.size(), "{} has {} fields and {} places", table.path(),
                step.fields.size(), step.places.size());
    for (const int64_t place : step.places)
      CLQ_REQUIRE(place >= 0 && place < n_targets, "{}: there is no target {} of {}", table.path(), place, n_targets);
    read_step_numbers(step, table);
    table.reject_unknown();
    steps.push_back(std::move(step));
  }
  return steps;
}

}  // namespace clq
