/* tests/evidence/vocabulary/plugin/parts.c -- what the parts of this plugin share. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "parts.h"

#include <math.h>
#include <string.h>

const clq_host* parts_host = NULL;

clq_status parts_fail(clq_status status, const char* words) {
  parts_host->set_error(parts_host, words);
  return status;
}

/* "0.05", "1e-3": the digits are a whole number that a double holds, and so is the power of ten: one rounding. */
static double decimal(const char* text) {
  const int negative = *text == '-';
  double digits = 0;
  long power = 0, exponent = 0, sign = 1;
  int behind = 0;
  for (text += negative; (*text >= '0' && *text <= '9') || *text == '.'; ++text) {
    if (*text == '.') {
      behind = 1;
      continue;
    }
    digits = 10 * digits + (*text - '0');
    power -= behind;
  }
  if (*text == 'e' || *text == 'E') {
    if (*++text == '-') sign = -1;
    if (*text == '-' || *text == '+') ++text;
    for (; *text >= '0' && *text <= '9'; ++text) exponent = 10 * exponent + (*text - '0');
  }
  power += sign * exponent;
  digits = power < 0 ? digits / pow(10, (double)-power) : digits * pow(10, (double)power);
  return negative ? -digits : digits;
}

/* The host writes the options without blanks. */
double parts_option(const char* config_json, const char* key, double absent) {
  const size_t n = strlen(key);
  for (const char* at = strstr(config_json, key); at != NULL; at = strstr(at + 1, key))
    if (at[-1] == '"' && strncmp(at + n, "\":", 2) == 0) return decimal(at + n + 2);
  return absent;
}

writer write_into(clq_graph* graph) {
  writer w = {parts_host->get_extension(parts_host, CLQ_HOST_GRAPH_ID), graph, CLQ_OK};
  if (w.host == NULL) w.status = parts_fail(CLQ_E_UNSUPPORTED, "the host offers no graph");
  return w;
}

clq_tensor_desc shape_of(writer* w, uint32_t value) {
  clq_tensor_desc desc;
  memset(&desc, 0, sizeof desc);
  if (w->status >= 0) w->status = w->host->shape(w->graph, value, &desc);
  return desc;
}

uint32_t number(writer* w, int32_t dtype, double value) {
  clq_tensor_desc desc;
  const float narrow = (float)value;
  uint32_t out = CLQ_NONE;
  memset(&desc, 0, sizeof desc);
  desc.dtype = dtype;
  const void* data = dtype == CLQ_F32 ? (const void*)&narrow : (const void*)&value;
  if (w->status >= 0) w->status = w->host->constant(w->graph, &desc, data, &out);
  return out;
}

static uint32_t op(writer* w, const char* name, const uint32_t* inputs, uint32_t n_inputs, const clq_attr* attrs,
                   uint32_t n_attrs) {
  uint32_t out = CLQ_NONE;
  if (w->status >= 0) w->status = w->host->op(w->graph, name, inputs, n_inputs, attrs, n_attrs, &out, 1);
  return out;
}

uint32_t op1(writer* w, const char* name, uint32_t x) { return op(w, name, &x, 1, NULL, 0); }

uint32_t op2(writer* w, const char* name, uint32_t a, uint32_t b) {
  const uint32_t inputs[] = {a, b};
  return op(w, name, inputs, 2, NULL, 0);
}

uint32_t op_with(writer* w, const char* name, uint32_t x, const char* attr, const int64_t* values, uint32_t n) {
  const clq_attr attrs[] = {{attr, values, CLQ_ATTR_I64, n}};
  return op(w, name, &x, 1, attrs, 1);
}

uint32_t mean_over(writer* w, uint32_t x, int64_t axis, int64_t keepdims) {
  const clq_attr attrs[] = {{"axes", &axis, CLQ_ATTR_I64, 1}, {"keepdims", &keepdims, CLQ_ATTR_I64, 1}};
  return op(w, "reduce_mean/1", &x, 1, attrs, 2);
}

uint32_t cast(writer* w, uint32_t x, int32_t dtype) {
  const int64_t to = dtype;
  return shape_of(w, x).dtype == dtype ? x : op_with(w, "cast/1", x, "dtype", &to, 1);
}

uint32_t shaped(writer* w, uint32_t x, const clq_tensor_desc* like) {
  return op_with(w, "reshape/1", x, "shape", like->dims, (uint32_t)like->rank);
}

uint32_t state(writer* w, const char* name, const clq_tensor_desc* desc, const char* init, uint32_t flags) {
  uint32_t out = CLQ_NONE;
  if (w->status >= 0) w->status = w->host->state(w->graph, name, desc, init, flags, &out);
  return out;
}
