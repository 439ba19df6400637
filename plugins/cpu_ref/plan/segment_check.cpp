// plugins/cpu_ref/plan/segment_check.cpp -- is a segment what backend.h says, before anything is built from it.
// SPDX-License-Identifier: BSD-3-Clause
#include <limits>

#include "plan/plan.hpp"

namespace clq::ref {
namespace {

constexpr uint32_t kKnownFlags = CLQ_SEG_DETERMINISTIC | CLQ_SEG_TRAINING | CLQ_SEG_STRICT_F32;
constexpr uint32_t kKnownStateFlags = CLQ_STATE_TRAINABLE | CLQ_STATE_NO_DECAY;

std::string value_text(uint32_t v) { return "value " + std::to_string(v); }

void check_size(const clq_tensor_desc& desc, uint32_t v) {
  int64_t n = dtype_bytes(desc.dtype);
  for (int32_t d = 0; d < desc.rank; ++d) {
    if (desc.dims[d] < 0) sdk::fail(CLQ_E_INVALID, value_text(v) + ": negative size in " + shape_text(desc));
    if (__builtin_mul_overflow(n, desc.dims[d], &n))
      sdk::fail(CLQ_E_INVALID, value_text(v) + " is too large: " + shape_text(desc));
  }
  if (n > std::numeric_limits<int64_t>::max() / 2)
    sdk::fail(CLQ_E_INVALID, value_text(v) + " is too large: " + shape_text(desc));
}

void check_value(const clq_tensor_desc& desc, uint32_t v) {
  if (dtype_bytes(desc.dtype) == 0)
    sdk::fail(CLQ_E_UNSUPPORTED, value_text(v) + ": unknown dtype " + std::to_string(desc.dtype));
  if (desc.rank < 0 || desc.rank > CLQ_MAX_RANK)
    sdk::fail(CLQ_E_INVALID, value_text(v) + ": rank " + std::to_string(desc.rank));
  if (desc.flags != 0 || desc.reserved != 0) sdk::fail(CLQ_E_UNSUPPORTED, value_text(v) + ": unknown flags");
  check_size(desc, v);
  int64_t step = 1;
  for (int32_t d = desc.rank - 1; d >= 0; --d) {
    if (desc.dims[d] == 0) return;
    if (desc.dims[d] > 1 && desc.strides[d] != step)
      sdk::fail(CLQ_E_UNSUPPORTED, value_text(v) + ": strides are not row-major");
    step *= desc.dims[d];
  }
}

void check_index(const clq_segment& segment, uint32_t v, const char* what) {
  if (v >= segment.n_values)
    sdk::fail(CLQ_E_INVALID, std::string(what) + " names " + value_text(v) + " of " + std::to_string(segment.n_values));
}

void check_scalar(const clq_segment& segment, uint32_t v) {
  check_index(segment, v, "a scalar");
  const clq_tensor_desc& desc = segment.values[v];
  const bool cell = desc.dtype == CLQ_F64 || desc.dtype == CLQ_I64 || desc.dtype == CLQ_U64;
  if (!cell || desc.rank != 0) sdk::fail(CLQ_E_INVALID, "a scalar must be f64, i64 or u64 [], got " + shape_text(desc));
}

void check_state(const clq_segment& segment, const clq_state& state) {
  check_index(segment, state.before, "a state");
  if ((state.flags & ~kKnownStateFlags) != 0) sdk::fail(CLQ_E_UNSUPPORTED, "a state has unknown flags");
  if (state.after != CLQ_NONE) {
    check_index(segment, state.after, "a state");
    const clq_tensor_desc &before = segment.values[state.before], &after = segment.values[state.after];
    if (before.dtype != after.dtype || !same_shape(before, after))
      sdk::fail(CLQ_E_INVALID, "a state of " + shape_text(before) + " is assigned " + shape_text(after));
  }
  if (state.when == CLQ_NONE) return;
  check_index(segment, state.when, "a state");
  const clq_tensor_desc& when = segment.values[state.when];
  if (when.dtype != CLQ_U8 || when.rank != 0)
    sdk::fail(CLQ_E_INVALID, "a state's predicate must be u8 [], got " + shape_text(when));
}

void check_const(const clq_segment& segment, const clq_const& constant) {
  check_index(segment, constant.value, "a constant");
  const int64_t bytes = byte_count(segment.values[constant.value]);
  if (constant.bytes != bytes || (constant.data == nullptr && bytes > 0))
    sdk::fail(CLQ_E_INVALID, "a constant of " + shape_text(segment.values[constant.value]) + " comes with " +
                                 std::to_string(constant.bytes) + " bytes");
}

}  // namespace

void check_op(const clq_segment& segment, const clq_op& op) {
  if (op.name == nullptr) sdk::fail(CLQ_E_INVALID, "an op has no name");
  const auto check_operand = [&](uint32_t v) {
    if (v == CLQ_NONE) return;
    check_index(segment, v, op.name);
    check_value(segment.values[v], v);
  };
  std::for_each(op.inputs, op.inputs + op.n_inputs, check_operand);
  std::for_each(op.outputs, op.outputs + op.n_outputs, check_operand);
}

void check_segment(const clq_segment& segment) {
  sdk::require_size(segment.struct_size, CLQ_SIZE_UPTO(clq_segment, reserved), "segment");
  if ((segment.flags & ~kKnownFlags) != 0 || segment.reserved != 0)
    sdk::fail(CLQ_E_UNSUPPORTED, "segment: unknown flags");
  for (uint32_t v = 0; v < segment.n_values; ++v) check_value(segment.values[v], v);
  for (uint32_t i = 0; i < segment.n_ops; ++i) check_op(segment, segment.ops[i]);
  for (uint32_t i = 0; i < segment.n_consts; ++i) check_const(segment, segment.consts[i]);
  for (uint32_t i = 0; i < segment.n_states; ++i) check_state(segment, segment.states[i]);
  for (uint32_t i = 0; i < segment.n_inputs; ++i) check_index(segment, segment.inputs[i], "an input");
  for (uint32_t i = 0; i < segment.n_outputs; ++i) check_index(segment, segment.outputs[i], "an output");
  for (uint32_t i = 0; i < segment.n_scalars; ++i) check_scalar(segment, segment.scalars[i]);
}

}  // namespace clq::ref
