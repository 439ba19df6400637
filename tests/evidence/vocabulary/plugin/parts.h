/* tests/evidence/vocabulary/plugin/parts.h -- what the parts of this plugin share: errors, options and ops, in C99. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef PARTS_H
#define PARTS_H
#include <calanque/plugin/builder.h>

extern const clq_host* parts_host;
extern const clq_builder norm_layer, bend_layer, log_cosh_loss, heavy_ball_optimizer, line_task, line_metrics;
extern const clq_op_def bend_op;

#define BEND_OP "org.calanque.vocabulary.bend/1"

/* Keeps the words as the host's error text and returns the status. */
clq_status parts_fail(clq_status status, const char* words);

/* The number that the options give `key`, else `absent`. The host has looked at them by config_schema, so that what is
   there is a number; a decimal of up to 15 digits, which the locale has no part in. */
double parts_option(const char* config_json, const char* key, double absent);

/* Ops are written one behind the other; after the first that the host refuses nothing more is done. */
typedef struct writer {
  const clq_host_graph* host;
  clq_graph* graph;
  clq_status status;
} writer;

writer write_into(clq_graph* graph);
clq_tensor_desc shape_of(writer* w, uint32_t value);
uint32_t number(writer* w, int32_t dtype, double value); /* rank 0 */
uint32_t op1(writer* w, const char* name, uint32_t x);
uint32_t op2(writer* w, const char* name, uint32_t a, uint32_t b);
uint32_t op_with(writer* w, const char* name, uint32_t x, const char* attr, const int64_t* values, uint32_t n);
uint32_t mean_over(writer* w, uint32_t x, int64_t axis, int64_t keepdims);
uint32_t cast(writer* w, uint32_t x, int32_t dtype);
uint32_t shaped(writer* w, uint32_t x, const clq_tensor_desc* like);
uint32_t state(writer* w, const char* name, const clq_tensor_desc* desc, const char* init, uint32_t flags);
#endif
