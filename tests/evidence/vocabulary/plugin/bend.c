/* tests/evidence/vocabulary/plugin/bend.c -- op "org.calanque.vocabulary.bend/1", y = x / (1 + |x|), and its layer. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <math.h>

#include "parts.h"

static clq_status CLQ_CALL infer(const clq_op_def* self, const clq_op* op, const clq_tensor_desc* values,
                                 clq_tensor_desc* outputs) {
  (void)self;
  if (op->n_inputs != 1 || op->n_outputs != 1 || op->inputs[0] == CLQ_NONE)
    return parts_fail(CLQ_E_INVALID, "it takes x and gives y");
  if (values[op->inputs[0]].dtype != CLQ_F32 && values[op->inputs[0]].dtype != CLQ_F64)
    return parts_fail(CLQ_E_UNSUPPORTED, "x must be f32 or f64");
  outputs[0] = values[op->inputs[0]];
  return CLQ_OK;
}

/* dy / (1 + |x|)^2 */
static clq_status CLQ_CALL gradient(const clq_op_def* self, clq_graph* graph, const clq_op* op,
                                    const uint32_t* diff_outputs, uint32_t* diff_inputs) {
  writer w = write_into(graph);
  const int32_t dtype = shape_of(&w, op->inputs[0]).dtype;
  const uint32_t size = op2(&w, "add/1", op1(&w, "abs/1", op->inputs[0]), number(&w, dtype, 1));
  (void)self;
#ifdef WRONG_GRADIENT
  diff_inputs[0] = op2(&w, "div/1", diff_outputs[0], size);
#else
  diff_inputs[0] = op2(&w, "div/1", diff_outputs[0], op1(&w, "square/1", size));
#endif
  return w.status;
}

static clq_status CLQ_CALL prepare(const clq_op_def* self, const clq_op* op, const clq_tensor_desc* values,
                                   int64_t* workspace_bytes) {
  (void)self, (void)op, (void)values;
  *workspace_bytes = 0;
  return CLQ_OK;
}

static clq_status CLQ_CALL kernel(const clq_op_def* self, const clq_op* op, const clq_tensor_desc* values,
                                  void* const* data, void* workspace, const clq_host_threads* threads, clq_team* team) {
  const clq_tensor_desc* desc = &values[op->inputs[0]];
  const void* x = data[op->inputs[0]];
  void* y = data[op->outputs[0]];
  int64_t n = 1;
  (void)self, (void)workspace, (void)threads, (void)team;
  for (int32_t d = 0; d < desc->rank; ++d) n *= desc->dims[d];
  if (desc->dtype == CLQ_F32)
    for (int64_t i = 0; i < n; ++i) ((float*)y)[i] = ((const float*)x)[i] / (1 + fabsf(((const float*)x)[i]));
  else
    for (int64_t i = 0; i < n; ++i) ((double*)y)[i] = ((const double*)x)[i] / (1 + fabs(((const double*)x)[i]));
  return CLQ_OK;
}

static clq_status CLQ_CALL build(const clq_builder* self, clq_graph* graph, const char* config, const uint32_t* inputs,
                                 uint32_t n_inputs, uint32_t* outputs, uint32_t capacity, uint32_t* n_outputs) {
  writer w = write_into(graph);
  (void)self, (void)config;
  if (n_inputs != 1 || capacity < 1) return parts_fail(CLQ_E_INVALID, "it takes one input and gives one output");
  outputs[0] = op1(&w, BEND_OP, inputs[0]);
  *n_outputs = 1;
  return w.status;
}

const clq_op_def bend_op = {sizeof(clq_op_def), 0,       NULL,  BEND_OP, "{\"type\": \"object\"}", infer,
                            gradient,           prepare, kernel};
const clq_builder bend_layer = {sizeof(clq_builder),
                                0,
                                NULL,
                                "layer",
                                "vocabulary.bend",
                                "{\"type\": \"object\", \"additionalProperties\": false}",
                                build};
