/* tests/abi/0.1/golden/executable.c -- a compiled segment of the golden backend: a copy of it, and where values lie. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "executable.h"

#include <stdlib.h>
#include <string.h>

static int64_t rounded(int64_t bytes) { return (bytes + 63) / 64 * 64; }

/* A copy that ends with the executable; NULL for nothing, or where there is no memory, which keep() notes. */
static void* keep(clq_executable* e, const void* data, size_t bytes) {
  if (bytes == 0) return NULL;
  block* b = malloc(sizeof *b + bytes);
  if (b == NULL) {
    e->no_memory = 1;
    return NULL;
  }
  b->next = e->kept;
  e->kept = b;
  return memcpy(b + 1, data, bytes);
}

#define KEEP(e, data, n) keep(e, data, (n) * sizeof *(data))

static void keep_op(clq_executable* e, clq_op* op) {
  op->name = keep(e, op->name, strlen(op->name) + 1);
  op->inputs = KEEP(e, op->inputs, op->n_inputs);
  op->outputs = KEEP(e, op->outputs, op->n_outputs);
  clq_attr* attrs = KEEP(e, op->attrs, op->n_attrs);
  op->attrs = attrs;
  for (uint32_t i = 0; attrs != NULL && i < op->n_attrs; ++i) {
    const size_t width = attrs[i].type == CLQ_ATTR_TEXT ? 1 : 8;
    attrs[i].name = keep(e, attrs[i].name, strlen(attrs[i].name) + 1);
    attrs[i].value = keep(e, attrs[i].value, attrs[i].count * width);
  }
}

static void keep_consts(clq_executable* e, clq_segment* s) {
  clq_const* consts = KEEP(e, s->consts, s->n_consts);
  s->consts = consts;
  for (uint32_t i = 0; consts != NULL && i < s->n_consts; ++i)
    consts[i].data = keep(e, consts[i].data, (size_t)consts[i].bytes);
}

clq_executable* golden_executable(const clq_segment* segment) {
  clq_executable* e = calloc(1, sizeof *e);
  if (e == NULL) return NULL;
  clq_segment* s = &e->segment;
  *s = *segment;
  s->values = KEEP(e, s->values, s->n_values);
  s->states = KEEP(e, s->states, s->n_states);
  s->inputs = KEEP(e, s->inputs, s->n_inputs);
  s->outputs = KEEP(e, s->outputs, s->n_outputs);
  s->scalars = KEEP(e, s->scalars, s->n_scalars);
  clq_op* ops = KEEP(e, s->ops, s->n_ops);
  s->ops = ops;
  for (uint32_t i = 0; ops != NULL && i < s->n_ops; ++i) keep_op(e, &ops[i]);
  keep_consts(e, s);
  for (uint32_t v = 0; s->values != NULL && v < s->n_values; ++v) e->workspace += golden_bytes(e, v);
  if (!e->no_memory) return e;
  golden_executable_free(e);
  return NULL;
}

void golden_executable_free(clq_executable* e) {
  while (e != NULL && e->kept != NULL) {
    block* next = e->kept->next;
    free(e->kept);
    e->kept = next;
  }
  free(e);
}

int64_t golden_bytes(const clq_executable* e, uint32_t value) {
  return rounded(golden_count(&e->segment.values[value]) * 8); /* no dtype is wider */
}

void golden_place(const clq_executable* e, const clq_bind_args* args, void** at) {
  const clq_segment* s = &e->segment;
  char* free_place = args->workspace;
  for (uint32_t v = 0; v < s->n_values; ++v) {
    at[v] = free_place;
    free_place += golden_bytes(e, v);
  }
  for (uint32_t i = 0; i < s->n_consts; ++i)
    memcpy(at[s->consts[i].value], s->consts[i].data, (size_t)s->consts[i].bytes);
  for (uint32_t i = 0; i < s->n_states; ++i) at[s->states[i].before] = args->states[i];
  for (uint32_t i = 0; i < s->n_inputs; ++i) at[s->inputs[i]] = args->inputs[i];
  for (uint32_t i = 0; i < s->n_outputs; ++i) at[s->outputs[i]] = args->outputs[i];
}
