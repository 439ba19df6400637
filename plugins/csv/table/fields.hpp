// plugins/csv/table/fields.hpp -- the columns of a table as the fields of a data source.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <calanque/plugin/data_source.h>

namespace clq::table {

struct FieldSpec {
  std::string name, unit;
  int32_t dtype = 0;
  bool text = false;
  std::vector<int64_t> dims;  // of one sample; text: its width in bytes

  int64_t elements() const;
};

// Fields with role OTHER that point into `specs`, which must outlive them unmoved.
std::vector<clq_field> make_fields(const std::vector<FieldSpec>& specs);

// The columns a sink is asked to write; throws CLQ_E_INVALID or CLQ_E_UNSUPPORTED for what no table can hold.
std::vector<FieldSpec> copy_fields(std::span<const clq_field> fields);

// Row-major description of one sample.
clq_tensor_desc make_desc(int32_t dtype, const std::vector<int64_t>& dims);

// A copy fit for UTF-8 texts: bytes outside printable ASCII become '?'.
std::string printable(std::string_view text);

}  // namespace clq::table
