/* tests/evidence/vocabulary/plugin/log_cosh.c -- loss "vocabulary.log_cosh": scale^2 log cosh(error / scale). */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "parts.h"

/* log cosh u = u + log(1 + exp(-2u)) - log 2, and softplus does not overflow. */
static uint32_t log_cosh(writer* w, uint32_t u, int32_t dtype) {
  const uint32_t folded = op1(w, "softplus/1", op2(w, "mul/1", u, number(w, dtype, -2)));
  return op2(w, "sub/1", op2(w, "add/1", u, folded), number(w, dtype, 0.69314718055994531));
}

static clq_status CLQ_CALL build(const clq_builder* self, clq_graph* graph, const char* config, const uint32_t* inputs,
                                 uint32_t n_inputs, uint32_t* outputs, uint32_t capacity, uint32_t* n_outputs) {
  writer w = write_into(graph);
  const double scale = parts_option(config, "scale", 1);
  clq_tensor_desc output, target;
  uint32_t error, each;
  (void)self;
  if (n_inputs != 2 || capacity < 1) return parts_fail(CLQ_E_INVALID, "it takes the output and the target");
  output = shape_of(&w, inputs[0]);
  target = shape_of(&w, inputs[1]);
  if (w.status >= 0 && (output.rank != 2 || output.dims[1] != (target.rank == 2 ? target.dims[1] : 1)))
    return parts_fail(CLQ_E_INVALID, "the network must give [N, K] for K targets");
  error = op2(&w, "sub/1", inputs[0], shaped(&w, cast(&w, inputs[1], output.dtype), &output));
  each = log_cosh(&w, op2(&w, "div/1", error, number(&w, output.dtype, scale)), output.dtype);
  outputs[0] = op2(&w, "mul/1", mean_over(&w, each, 1, 0), number(&w, output.dtype, scale * scale));
  *n_outputs = 1;
  return w.status;
}

const clq_builder log_cosh_loss = {sizeof(clq_builder),
                                   0,
                                   NULL,
                                   "loss",
                                   "vocabulary.log_cosh",
                                   "{\"type\": \"object\", \"additionalProperties\": false, \"properties\": {"
                                   "\"scale\": {\"type\": \"number\", \"exclusiveMinimum\": 0, \"default\": 1}}}",
                                   build};
