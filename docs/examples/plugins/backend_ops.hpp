// docs/examples/plugins/backend_ops.hpp -- the five ops of the backend, as loops over F32 values side by side.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <functional>

#include <calanque/plugin/sdk.hpp>

namespace mini {

using Step = std::function<void(void* const* at)>;  // at[v]: where value v lies

[[noreturn]] inline void refuse(const clq_op& op, const char* why) {
  clq::sdk::fail(CLQ_E_UNSUPPORTED, std::string(op.name) + ": " + why);
}

inline std::string value_text(uint32_t v) { return "value " + std::to_string(v); }

inline int64_t bytes_of(const clq_tensor_desc& desc) {
  constexpr int64_t kWidths[] = {0, 2, 2, 4, 8, 1, 1, 2, 2, 4, 4, 8, 8};  // in the order of types.h
  if (desc.dtype < CLQ_F16 || desc.dtype > CLQ_U64 || desc.rank < 0 || desc.rank > CLQ_MAX_RANK)
    clq::sdk::fail(CLQ_E_UNSUPPORTED, "a value is of no known dtype or rank");
  int64_t bytes = kWidths[desc.dtype];
  for (int32_t d = 0; d < desc.rank; ++d)
    if (desc.dims[d] < 0 || __builtin_mul_overflow(bytes, desc.dims[d], &bytes) || bytes > int64_t{1} << 48)
      clq::sdk::fail(CLQ_E_INVALID, "a value has more bytes than there can be");
  return bytes;
}
inline int64_t rounded(int64_t bytes) { return (bytes + 63) / 64 * 64; }

// Whether x can be broadcast to y, as in NumPy.
inline bool broadcasts(const clq_tensor_desc& x, const clq_tensor_desc& y) {
  for (int32_t d = y.rank - 1, o = x.rank - 1; o >= 0; --d, --o)
    if (d < 0 || (x.dims[o] != 1 && x.dims[o] != y.dims[d])) return false;
  return true;
}

// Which element of x becomes element i of y.
inline int64_t place_in(const clq_tensor_desc& x, const clq_tensor_desc& y, int64_t i) {
  int64_t place = 0, step = 1;
  for (int32_t d = y.rank - 1, o = x.rank - 1; o >= 0; --d, --o) {
    if (x.dims[o] != 1) place += i % y.dims[d] * step;
    step *= x.dims[o];
    i /= y.dims[d];
  }
  return place;
}

inline Step make_matmul(const clq_op& op, const clq_tensor_desc* values) {
  const uint32_t a = op.inputs[0], b = op.inputs[1], y = op.outputs[0];
  const bool ta = clq::sdk::attr_i64(op, "transpose_a", 0) != 0, tb = clq::sdk::attr_i64(op, "transpose_b", 0) != 0;
  const clq_tensor_desc &da = values[a], &db = values[b], &dy = values[y];
  const int64_t m = dy.dims[0], n = dy.dims[1], k = da.dims[ta ? 0 : 1];
  const bool fits = da.dims[ta ? 1 : 0] == m && db.dims[tb ? 1 : 0] == k && db.dims[tb ? 0 : 1] == n;
  if (da.rank != 2 || db.rank != 2 || dy.rank != 2 || !fits) refuse(op, "its shapes are no product of matrices");
  return [=](void* const* at) {
    const auto *left = static_cast<const float*>(at[a]), *right = static_cast<const float*>(at[b]);
    for (int64_t i = 0; i < m; ++i)
      for (int64_t j = 0; j < n; ++j) {
        float sum = 0;
        for (int64_t l = 0; l < k; ++l) sum += left[ta ? l * m + i : i * k + l] * right[tb ? j * k + l : l * n + j];
        static_cast<float*>(at[y])[i * n + j] = sum;
      }
  };
}

// y[i] = f(a[i], b[i]); an op of one input has it twice.
template <class F>
Step make_loop(const clq_op& op, const clq_tensor_desc* values, F f) {
  const uint32_t a = op.inputs[0], b = op.inputs[op.n_inputs - 1], y = op.outputs[0];
  const clq_tensor_desc da = values[a], db = values[b], dy = values[y];
  if (!broadcasts(da, dy) || !broadcasts(db, dy)) refuse(op, "its inputs cannot be broadcast to its output");
  const int64_t n = bytes_of(dy) / 4;
  return [=](void* const* at) {
    const auto *left = static_cast<const float*>(at[a]), *right = static_cast<const float*>(at[b]);
    auto* dst = static_cast<float*>(at[y]);
    for (int64_t i = 0; i < n; ++i) dst[i] = f(left[place_in(da, dy, i)], right[place_in(db, dy, i)]);
  };
}

// Throws why this backend does not compute the op: words for the user, who reads them where it was asked to.
inline Step make_step(const clq_segment& segment, const clq_op& op) {
  const std::string_view name = op.name;
  const bool of_one = name == "relu/1" || name == "identity/1";
  if (!of_one && name != "add/1" && name != "mul/1" && name != "matmul/1")
    refuse(op, "mini computes add, mul, relu, identity and matmul alone");
  if (op.n_inputs != (of_one ? 1u : 2u) || op.n_outputs != 1) refuse(op, "it has another number of operands");
  for (const uint32_t v : {op.inputs[0], op.inputs[op.n_inputs - 1], op.outputs[0]})
    if (v >= segment.n_values || segment.values[v].dtype != CLQ_F32) refuse(op, "mini computes in f32 alone");
  if (name == "matmul/1") return make_matmul(op, segment.values);
  if (name == "add/1") return make_loop(op, segment.values, [](float a, float b) { return a + b; });
  if (name == "mul/1") return make_loop(op, segment.values, [](float a, float b) { return a * b; });
  if (name == "relu/1") return make_loop(op, segment.values, [](float a, float) { return a < 0 ? 0.0f : a; });
  return make_loop(op, segment.values, [](float a, float) { return a; });
}

// A flag that is not known asks for something that would not be done.
inline void require_segment(const clq_segment& segment) {
  constexpr uint32_t kFlags =
      CLQ_SEG_DETERMINISTIC | CLQ_SEG_TRAINING | CLQ_SEG_STRICT_F32;  // these loops are all that
  clq::sdk::require_size(segment.struct_size, CLQ_SIZE_UPTO(clq_segment, reserved), "segment");
  if ((segment.flags & ~kFlags) != 0) clq::sdk::fail(CLQ_E_UNSUPPORTED, "segment: unknown flags");
}

// That an op is not computed here is an answer, with its reason, and no error.
inline void describe_support(const clq_segment& segment, uint32_t op, clq_support& out) {
  clq::sdk::require_size(out.struct_size, CLQ_SIZE_UPTO(clq_support, reason), "supports");
  require_segment(segment);
  if (op >= segment.n_ops) clq::sdk::fail(CLQ_E_INVALID, "supports: there is no op " + std::to_string(op));
  std::string reason;
  try {
    make_step(segment, segment.ops[op]);
  } catch (const clq::sdk::Error& e) {
    reason = e.what();
  }
  out.score = reason.empty() ? 1 : 0;
  out.reason[reason.copy(out.reason, sizeof out.reason - 1)] = '\0';
}

}  // namespace mini
