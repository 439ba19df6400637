// core/src/config/target_steps.hpp -- what the network learns in place of the target's numbers, step by step.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <calanque/core/config.hpp>

namespace clq {

// Each goes up everywhere and has an inverse: (x - a) / b, log10 x, asinh(x / b), log((x - a) / (b - x)).
enum class TargetStepKind : uint8_t { standardise, log10, asinh, logit };

struct TargetStep {
  TargetStepKind kind = TargetStepKind::standardise;
  std::vector<std::string> fields;  // of the numbers, "P[2]" of a vector column
  std::vector<int64_t> places;      // of the same in the target
  std::vector<double> a, b;         // one a place each; of a standardise without statistics empty
  bool is_known() const { return a.size() == places.size(); }
  bool is_linear() const { return kind == TargetStepKind::standardise; }
};

const char* target_step_name(TargetStepKind kind);
std::vector<std::string> target_step_names();
TargetStepKind target_step_kind(const Config& table);  // that `use` names
// The numbers that a table says of so many places: mean and std, scale, min and max; one counts for all.
void read_step_numbers(TargetStep& step, const Config& table);
double step_value(TargetStepKind kind, double a, double b, double x) noexcept;  // NaN or infinite: it has none

bool same_but_for_numbers(const std::vector<TargetStep>& x, const std::vector<TargetStep>& y);

// As bundles keep them; a place outside of the target's n_targets numbers is refused.
Json steps_to_json(const std::vector<TargetStep>& steps);
std::vector<TargetStep> steps_from_json(const Json& json, int64_t n_targets);

}  // namespace clq
