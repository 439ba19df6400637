// plugins/csv/table/fields.cpp -- the columns of a table as the fields of a data source.
// SPDX-License-Identifier: BSD-3-Clause
#include "table/fields.hpp"

#include <calanque/plugin/sdk.hpp>

#include "table/dtype.hpp"

namespace clq::table {
namespace {

// An image in a table column is stored x fastest, band slowest.
const char* axes_of(const FieldSpec& spec) {
  constexpr const char* kAxes[] = {"", "c", "yx", "cyx"};
  return spec.text || spec.dims.size() > 3 ? "" : kAxes[spec.dims.size()];
}

}  // namespace

int64_t FieldSpec::elements() const {
  int64_t product = 1;
  for (const int64_t dim : dims) product *= dim;
  return product;
}

clq_tensor_desc make_desc(int32_t dtype, const std::vector<int64_t>& dims) {
  clq_tensor_desc desc{};
  desc.dtype = dtype;
  desc.rank = static_cast<int32_t>(dims.size());
  int64_t stride = 1;
  for (size_t i = dims.size(); i-- > 0; stride *= dims[i]) {
    desc.dims[i] = dims[i];
    desc.strides[i] = stride;
  }
  return desc;
}

namespace {

FieldSpec copy_field(const clq_field& field) {
  FieldSpec spec;
  spec.name = printable(field.name == nullptr ? "" : field.name);
  spec.unit = printable(field.unit == nullptr ? "" : field.unit);
  spec.dtype = field.sample.dtype;
  spec.text = (field.flags & CLQ_FIELD_TEXT) != 0;
  if (spec.name.empty()) sdk::fail(CLQ_E_INVALID, "a column has no name");
  if ((field.flags & ~static_cast<uint32_t>(CLQ_FIELD_RAGGED | CLQ_FIELD_TEXT)) != 0)
    sdk::fail(CLQ_E_UNSUPPORTED, spec.name + ": flags " + std::to_string(field.flags) + " are not known");
  if ((field.flags & CLQ_FIELD_RAGGED) != 0)
    sdk::fail(CLQ_E_UNSUPPORTED, spec.name + ": arrays of variable length are not written; give them a fixed shape");
  if (!is_storable(spec.dtype) || (spec.text && spec.dtype != CLQ_U8))
    sdk::fail(CLQ_E_UNSUPPORTED,
              spec.name + ": " + dtype_name(spec.dtype) + " is not written; use F32, F64 or an integer");
  if (field.sample.rank < 0 || field.sample.rank > CLQ_MAX_RANK)
    sdk::fail(CLQ_E_INVALID, spec.name + ": rank " + std::to_string(field.sample.rank) + " is not from 0 to 8");
  int64_t bytes = dtype_bytes(spec.dtype);
  for (int32_t i = 0; i < field.sample.rank; ++i) {
    spec.dims.push_back(field.sample.dims[i]);
    if (field.sample.dims[i] < 1) sdk::fail(CLQ_E_INVALID, spec.name + ": holds no elements");
    if (__builtin_mul_overflow(bytes, field.sample.dims[i], &bytes))
      sdk::fail(CLQ_E_INVALID, spec.name + ": a sample has more than 2^63 bytes");
  }
  return spec;
}

}  // namespace

std::vector<FieldSpec> copy_fields(std::span<const clq_field> fields) {
  std::vector<FieldSpec> specs;
  for (const clq_field& field : fields) {
    specs.push_back(copy_field(field));
    for (size_t i = 0; i + 1 < specs.size(); ++i)
      if (specs[i].name == specs.back().name) sdk::fail(CLQ_E_INVALID, specs[i].name + ": two columns have this name");
  }
  return specs;
}

std::vector<clq_field> make_fields(const std::vector<FieldSpec>& specs) {
  std::vector<clq_field> fields;
  for (const FieldSpec& spec : specs) {
    const uint32_t flags = spec.text ? CLQ_FIELD_TEXT : 0;
    fields.push_back(
        {spec.name.c_str(), spec.unit.c_str(), axes_of(spec), CLQ_ROLE_OTHER, flags, make_desc(spec.dtype, spec.dims)});
  }
  return fields;
}

std::string printable(std::string_view text) {
  std::string copy(text);
  for (char& c : copy)
    if (c < ' ' || c > '~') c = '?';
  return copy;
}

}  // namespace clq::table
