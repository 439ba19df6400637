// tests/conformance/source/lists.hpp -- the families of cases that a data source must pass.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "conformance/case.hpp"

namespace clq::conformance {

void add_description_cases(std::vector<Case>& cases);     // what it says of itself, before a sample is read
void add_reader_cases(std::vector<Case>& cases);          // the same bytes whoever reads them, and how
void add_slot_cases(std::vector<Case>& cases);            // where it writes, and until when
void add_conversion_cases(std::vector<Case>& cases);      // dtypes
void add_shape_cases(std::vector<Case>& cases);           // images and texts in slots of another shape
void add_source_refusal_cases(std::vector<Case>& cases);  // indices and arguments that make no sense
void add_identity_cases(std::vector<Case>& cases);        // ids, fingerprint, places
void add_source_closing_cases(std::vector<Case>& cases);  // what is left behind
void add_damage_cases(std::vector<Case>& cases);          // files that are damaged or not there

}  // namespace clq::conformance
