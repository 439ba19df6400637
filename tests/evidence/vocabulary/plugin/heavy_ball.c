/* tests/evidence/vocabulary/plugin/heavy_ball.c -- optimizer "vocabulary.heavy_ball": v = beta v + g, w -= lr v. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "parts.h"

/* Once a parameter, within a scope that has the parameter's name: its velocity is a state of its own. */
static clq_status CLQ_CALL build(const clq_builder* self, clq_graph* graph, const char* config, const uint32_t* inputs,
                                 uint32_t n_inputs, uint32_t* outputs, uint32_t capacity, uint32_t* n_outputs) {
  writer w = write_into(graph);
  const double beta = parts_option(config, "beta", 0.9);
  clq_tensor_desc parameter;
  uint32_t rate = CLQ_NONE, velocity, next, step;
  (void)self, (void)outputs, (void)capacity;
  if (n_inputs != 2) return parts_fail(CLQ_E_INVALID, "it takes a parameter and its gradient");
  parameter = shape_of(&w, inputs[0]);
  velocity = state(&w, "velocity", &parameter, "{\"use\": \"zeros\"}", 0);
  next = op2(&w, "add/1", op2(&w, "mul/1", velocity, number(&w, parameter.dtype, beta)), inputs[1]);
  if (w.status >= 0) w.status = w.host->assign(graph, velocity, next);
  if (w.status >= 0) w.status = w.host->scalar(graph, "learning_rate", &rate);
#ifdef NO_MOMENT
  next = inputs[1];
#endif
  step = op2(&w, "mul/1", next, cast(&w, rate, parameter.dtype));
  next = op2(&w, "sub/1", inputs[0], step);
  if (w.status >= 0) w.status = w.host->assign(graph, inputs[0], next);
  *n_outputs = 0;
  return w.status;
}

const clq_builder heavy_ball_optimizer = {
    sizeof(clq_builder),
    0,
    NULL,
    "optimizer",
    "vocabulary.heavy_ball",
    "{\"type\": \"object\", \"additionalProperties\": false, \"properties\": {"
    "\"beta\": {\"type\": \"number\", \"minimum\": 0, \"exclusiveMaximum\": 1, \"default\": 0.9}}}",
    build};
