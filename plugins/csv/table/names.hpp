// plugins/csv/table/names.hpp -- finding a column by name, and the nearest one for the error text.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <string>
#include <vector>

#include "table/fields.hpp"

namespace clq::table {

// Index of the field `name` (exact, else in any case of letters). Throws CLQ_E_NOT_FOUND, naming `place` and the
// nearest field.
size_t find_field(const std::vector<FieldSpec>& fields, const std::string& name, const std::string& place);

// The index of the field that holds ids; throws CLQ_E_DATA when it is neither an integer scalar nor text.
size_t find_id(const std::vector<FieldSpec>& fields, const std::string& name, const std::string& place);

}  // namespace clq::table
