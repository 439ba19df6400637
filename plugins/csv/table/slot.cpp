// plugins/csv/table/slot.cpp -- checks of what a host asks a table reader to fill.
// SPDX-License-Identifier: BSD-3-Clause
#include "table/slot.hpp"

#include <algorithm>
#include <string>

#include <calanque/plugin/sdk.hpp>

#include "table/dtype.hpp"

namespace clq::table {
namespace {

using sdk::fail;

// 0 when a dimension is not positive or the product leaves 63 bits.
int64_t elements_of(const clq_tensor_desc& desc) {
  int64_t product = 1;
  for (int32_t i = 0; i < desc.rank; ++i)
    if (desc.dims[i] < 1 || __builtin_mul_overflow(product, desc.dims[i], &product)) return 0;
  return product;
}

std::string shape_of(const clq_tensor_desc& desc) {
  std::string text;
  for (int32_t i = 0; i < desc.rank; ++i) text += (i == 0 ? "" : ", ") + std::to_string(desc.dims[i]);
  return "[" + text + "]";
}

bool is_dense(const clq_tensor_desc& desc) {
  int64_t stride = 1;
  for (int32_t i = desc.rank; i-- > 0; stride *= desc.dims[i])
    if (desc.strides[i] != 0 && desc.dims[i] > 1 && desc.strides[i] != stride) return false;
  return true;
}

void check_desc(const clq_tensor_desc& want, const clq_field& field) {
  const std::string name = field.name;
  if (want.flags != 0 || want.reserved != 0)
    fail(CLQ_E_UNSUPPORTED, name + ": flags " + std::to_string(want.flags) + " of a slot are not known");
  if (want.rank < 0 || want.rank > CLQ_MAX_RANK) fail(CLQ_E_INVALID, name + ": rank " + std::to_string(want.rank));
  if (!is_storable(want.dtype) || ((field.flags & CLQ_FIELD_TEXT) != 0 && want.dtype != CLQ_U8))
    fail(CLQ_E_UNSUPPORTED, name + ": a slot of " + dtype_name(want.dtype) +
                                " is not offered; text fills U8, numbers "
                                "F32, F64 or an integer");
  const bool text = (field.flags & CLQ_FIELD_TEXT) != 0;
  if (!text && elements_of(want) != elements_of(field.sample))
    fail(field.role == CLQ_ROLE_IMAGE ? CLQ_E_UNSUPPORTED : CLQ_E_INVALID,
         name + ": shape " + shape_of(want) + " asked, the column holds " + shape_of(field.sample));
  if (elements_of(want) < 1 || !is_dense(want))
    fail(CLQ_E_INVALID, name + ": a sample's elements must lie side by side in row-major order");
}

Target check_slot(const clq_slot& slot, const clq_field& field, int64_t n_samples) {
  check_desc(slot.want, field);
  const int64_t elements = elements_of(slot.want);
  const int64_t bytes = elements * dtype_bytes(slot.want.dtype);
  const Target target{static_cast<std::byte*>(slot.data), slot.sample_stride, elements, slot.want.dtype, slot.field};
  if (n_samples == 0) return target;
  if (slot.data == nullptr) fail(CLQ_E_INVALID, std::string(field.name) + ": the slot has no memory");
  if (n_samples > 1 && slot.sample_stride < bytes)
    fail(CLQ_E_INVALID, std::string(field.name) + ": sample_stride " + std::to_string(slot.sample_stride) +
                            " is less than a sample's " + std::to_string(bytes) + " bytes");
  const int64_t last = n_samples - 1;
  if (slot.bytes < bytes || (last > 0 && (slot.bytes - bytes) / last < slot.sample_stride))
    fail(CLQ_E_INVALID, std::string(field.name) + ": " + std::to_string(slot.bytes) + " bytes are too few for " +
                            std::to_string(n_samples) + " samples");
  return target;
}

int64_t count_good(const clq_read& io, int64_t n_rows) {
  if (io.indices == nullptr && io.n_samples > 0)
    fail(CLQ_E_INVALID, "a table is read by row indices, and none were given");
  int64_t n = 0;
  while (n < io.n_samples && io.indices[n] >= 0 && io.indices[n] < n_rows) ++n;
  return n;
}

}  // namespace

int64_t check_read(const clq_read& io, std::span<const clq_field> fields, const std::vector<uint32_t>& wanted,
                   int64_t n_rows, std::vector<Target>& targets) {
  sdk::require_size(io.struct_size, CLQ_SIZE_UPTO(clq_read, cancelled), "read");
  targets.clear();
  for (uint32_t s = 0; s < io.n_slots; ++s) {
    const uint32_t field = io.slots[s].field;
    if (std::find(wanted.begin(), wanted.end(), field) == wanted.end())
      fail(CLQ_E_INVALID, "slot " + std::to_string(s) + " asks for field " + std::to_string(field) +
                              ", which this reader was not opened for");
    targets.push_back(check_slot(io.slots[s], fields[field], io.n_samples));
  }
  return count_good(io, n_rows);
}

void require_samples(const clq_read& io, int64_t n_good, int64_t n_rows) {
  if (n_good < io.n_samples)
    fail(CLQ_E_INVALID,
         "sample " + std::to_string(io.indices[n_good]) + " is outside [0, " + std::to_string(n_rows) + ")");
}

std::vector<Target> check_write(std::span<const clq_field> fields, int64_t first, uint32_t n, int64_t n_rows,
                                const clq_slot* slots) {
  if (first < 0 || first > n_rows || n > n_rows - first)
    fail(CLQ_E_INVALID, "rows " + std::to_string(first) + " to " + std::to_string(first + n) + " are outside [0, " +
                            std::to_string(n_rows) + ")");
  std::vector<Target> targets;
  for (size_t f = 0; f < fields.size(); ++f) {
    const Target target = check_slot(slots[f], fields[f], n);
    if (target.dtype != fields[f].sample.dtype)
      fail(CLQ_E_INVALID, std::string(fields[f].name) + ": the slot holds " + dtype_name(target.dtype) +
                              ", the column was declared " + dtype_name(fields[f].sample.dtype));
    if (target.elements != elements_of(fields[f].sample))
      fail(CLQ_E_INVALID, std::string(fields[f].name) + ": the slot's shape is not the column's");
    targets.push_back(target);
  }
  return targets;
}

int64_t run_length(const clq_read& io, int64_t position, int64_t end, int64_t most) {
  end = std::min(end, position + most);
  int64_t i = position + 1;
  while (i < end && io.indices[i] == io.indices[i - 1] + 1) ++i;
  return i - position;
}

bool is_cancelled(const clq_read& io) { return io.cancelled != nullptr && io.cancelled(&io) != 0; }

std::vector<uint32_t> wanted_fields(const clq_reader_config& config, size_t n_fields) {
  sdk::require_size(config.struct_size, CLQ_SIZE_UPTO(clq_reader_config, n_readers), "reader_open");
  for (uint32_t i = 0; i < config.n_fields; ++i)
    if (config.fields[i] >= n_fields)
      fail(CLQ_E_INVALID,
           "field " + std::to_string(config.fields[i]) + " does not exist; the table has " + std::to_string(n_fields));
  return {config.fields, config.fields + config.n_fields};
}

}  // namespace clq::table
