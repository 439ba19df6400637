/* tests/abi/0.1/golden/kernels.c -- the few ops of the golden backend, F32, row-major. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "golden.h"

static int is(const clq_op* op, const char* name) { return strcmp(op->name, name) == 0; }

static int64_t attr(const clq_op* op, const char* name) {
  for (uint32_t i = 0; i < op->n_attrs; ++i)
    if (strcmp(op->attrs[i].name, name) == 0 && op->attrs[i].type == CLQ_ATTR_I64)
      return *(const int64_t*)op->attrs[i].value;
  return 0;
}

int golden_supports(const clq_op* op, const clq_tensor_desc* values, char* why) {
  static const char* const kOps[] = {"matmul/1", "add/1", "mul/1", "tanh/1", "identity/1"};
  int known = 0;
  for (size_t i = 0; i < sizeof kOps / sizeof *kOps; ++i) known |= is(op, kOps[i]);
  snprintf(why, 120, "%s", known ? "" : "the golden backend has no such op");
  if (!known) return 0;
  for (uint32_t i = 0; i < op->n_inputs; ++i)
    if (op->inputs[i] == CLQ_NONE || values[op->inputs[i]].dtype != CLQ_F32) {
      snprintf(why, 120, "%s: the golden backend computes f32 alone", op->name);
      return 0;
    }
  return 1;
}

static void matmul(const clq_op* op, const clq_tensor_desc* values, const float* a, const float* b, float* y) {
  const clq_tensor_desc *da = &values[op->inputs[0]], *dy = &values[op->outputs[0]];
  const int ta = attr(op, "transpose_a") != 0, tb = attr(op, "transpose_b") != 0;
  const int64_t m = dy->dims[0], n = dy->dims[1], k = da->dims[ta ? 0 : 1];
  for (int64_t i = 0; i < m; ++i)
    for (int64_t j = 0; j < n; ++j) {
      float sum = 0;
      for (int64_t l = 0; l < k; ++l) sum += (ta ? a[l * m + i] : a[i * k + l]) * (tb ? b[j * k + l] : b[l * n + j]);
      y[i * n + j] = sum;
    }
}

/* Where element `i` of the result comes from in an operand that may be broadcast. */
static int64_t source_of(int64_t i, const clq_tensor_desc* result, const clq_tensor_desc* operand) {
  int64_t from = 0;
  for (int32_t d = result->rank - 1, o = operand->rank - 1; o >= 0; --d, --o) {
    if (operand->dims[o] != 1) from += i % result->dims[d] * operand->strides[o];
    i /= result->dims[d];
  }
  return from;
}

static void pairs(const clq_op* op, const clq_tensor_desc* values, const float* a, const float* b, float* y) {
  const clq_tensor_desc *da = &values[op->inputs[0]], *db = &values[op->inputs[1]], *dy = &values[op->outputs[0]];
  const int64_t n = golden_count(dy);
  for (int64_t i = 0; i < n; ++i) {
    const float left = a[source_of(i, dy, da)], right = b[source_of(i, dy, db)];
    y[i] = is(op, "add/1") ? left + right : left * right;
  }
}

void golden_compute(const clq_op* op, const clq_tensor_desc* values, void* const* at) {
  const float* a = at[op->inputs[0]];
  float* y = at[op->outputs[0]];
  const int64_t n = golden_count(&values[op->outputs[0]]);
  if (is(op, "matmul/1")) {
    matmul(op, values, a, at[op->inputs[1]], y);
  } else if (is(op, "tanh/1")) {
    for (int64_t i = 0; i < n; ++i) y[i] = tanhf(a[i]);
  } else if (is(op, "identity/1")) {
    memcpy(y, a, (size_t)n * sizeof *y);
  } else {
    pairs(op, values, a, at[op->inputs[1]], y);
  }
}
