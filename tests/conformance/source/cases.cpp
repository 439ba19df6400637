// tests/conformance/source/cases.cpp -- the list of them.
// SPDX-License-Identifier: BSD-3-Clause
#include "conformance/source/lists.hpp"

namespace clq::conformance {

std::vector<Case> source_cases() {
  std::vector<Case> cases;
  for (const auto add : {add_description_cases, add_reader_cases, add_slot_cases, add_conversion_cases, add_shape_cases,
                         add_source_refusal_cases, add_identity_cases, add_source_closing_cases, add_damage_cases})
    add(cases);
  return cases;
}

}  // namespace clq::conformance
