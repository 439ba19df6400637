/* tests/evidence/vocabulary/plugin/norm.c -- layer "vocabulary.norm": columns to mean 0 and variance 1. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "parts.h"

/* running += momentum (batch - running): states that no optimizer moves. */
static void move(writer* w, uint32_t running, uint32_t batch, double momentum) {
  const int32_t dtype = shape_of(w, running).dtype;
  const uint32_t way = op2(w, "mul/1", op2(w, "sub/1", batch, running), number(w, dtype, momentum));
  const uint32_t next = op2(w, "add/1", running, way);
#ifdef FORGETS
  (void)next;
#else
  if (w->status >= 0) w->status = w->host->assign(w->graph, running, next);
#endif
}

/* x [N, C]. In training by the statistics of the batch, through which the gradient flows; else by the running ones. */
static clq_status CLQ_CALL build(const clq_builder* self, clq_graph* graph, const char* config, const uint32_t* inputs,
                                 uint32_t n_inputs, uint32_t* outputs, uint32_t capacity, uint32_t* n_outputs) {
  writer w = write_into(graph);
  const double eps = parts_option(config, "eps", 1e-5), momentum = parts_option(config, "momentum", 0.1);
  clq_tensor_desc columns;
  uint32_t gain, mean, variance, centred, deviation;
  (void)self;
  if (n_inputs != 1 || capacity < 1) return parts_fail(CLQ_E_INVALID, "it takes one input and gives one output");
  columns = shape_of(&w, inputs[0]);
  if (w.status >= 0 && columns.rank != 2) return parts_fail(CLQ_E_INVALID, "src must be [N, columns]");
  columns.dims[0] = 1;
  gain = state(&w, "gain", &columns, "{\"use\": \"constant\", \"value\": 1}", CLQ_STATE_TRAINABLE | CLQ_STATE_NO_DECAY);
  mean = state(&w, "mean", &columns, "{\"use\": \"zeros\"}", 0);
  variance = state(&w, "variance", &columns, "{\"use\": \"constant\", \"value\": 1}", 0);
  if (w.status >= 0 && w.host->mode(graph) == CLQ_MODE_TRAIN) {
    const uint32_t batch_mean = mean_over(&w, inputs[0], 0, 1);
    const uint32_t squares = op1(&w, "square/1", op2(&w, "sub/1", inputs[0], batch_mean));
    const uint32_t batch_variance = mean_over(&w, squares, 0, 1);
    move(&w, mean, batch_mean, momentum);
    move(&w, variance, batch_variance, momentum);
    mean = batch_mean;
    variance = batch_variance;
  }
  centred = op2(&w, "sub/1", inputs[0], mean);
  deviation = op1(&w, "sqrt/1", op2(&w, "add/1", variance, number(&w, columns.dtype, eps)));
  outputs[0] = op2(&w, "mul/1", op2(&w, "div/1", centred, deviation), gain);
  *n_outputs = 1;
  return w.status;
}

const clq_builder norm_layer = {
    sizeof(clq_builder),
    0,
    NULL,
    "layer",
    "vocabulary.norm",
    "{\"type\": \"object\", \"additionalProperties\": false, \"properties\": {"
    "\"eps\": {\"type\": \"number\", \"exclusiveMinimum\": 0, \"default\": 1e-5}, "
    "\"momentum\": {\"type\": \"number\", \"exclusiveMinimum\": 0, \"maximum\": 1, \"default\": 0.1}}}",
    build};
