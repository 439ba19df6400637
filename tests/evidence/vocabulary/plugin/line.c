/* tests/evidence/vocabulary/plugin/line.c -- task "vocabulary.line": its column, and how far predictions are off. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "parts.h"

static clq_status CLQ_CALL build_task(const clq_builder* self, clq_graph* graph, const char* config,
                                      const uint32_t* inputs, uint32_t n_inputs, uint32_t* outputs, uint32_t capacity,
                                      uint32_t* n_outputs) {
  writer w = write_into(graph);
  clq_tensor_desc rows;
  uint32_t line;
  (void)self, (void)config, (void)outputs, (void)capacity;
  if (n_inputs != 1) return parts_fail(CLQ_E_INVALID, "it takes the prediction");
  rows = shape_of(&w, inputs[0]);
  if (w.status >= 0 && (rows.rank != 2 || rows.dims[1] != 1))
    return parts_fail(CLQ_E_INVALID, "the network must give one number");
  rows.rank = 1;
  line = shaped(&w, inputs[0], &rows);
  if (w.status >= 0) w.status = w.host->output(graph, "LINE", line);
  *n_outputs = 0;
  return w.status;
}

/* off: the mean of |e|; off_90: its 90 % quantile; within: the share of rows with |e| <= 0.1. */
static clq_status CLQ_CALL build_metrics(const clq_builder* self, clq_graph* graph, const char* config,
                                         const uint32_t* inputs, uint32_t n_inputs, uint32_t* outputs,
                                         uint32_t capacity, uint32_t* n_outputs) {
  writer w = write_into(graph);
  const clq_attr no_more[] = {{"op", "le", CLQ_ATTR_TEXT, 2}};
  uint32_t off, pair[2], within = CLQ_NONE;
  clq_tensor_desc target;
  (void)self, (void)config, (void)outputs, (void)capacity;
  if (n_inputs != 2) return parts_fail(CLQ_E_INVALID, "it takes the prediction and the target");
  target = shape_of(&w, inputs[1]);
  off = op1(&w, "abs/1", op2(&w, "sub/1", shaped(&w, cast(&w, inputs[0], CLQ_F64), &target), inputs[1]));
  pair[0] = off;
  pair[1] = number(&w, CLQ_F64, 0.1);
  if (w.status >= 0) w.status = w.host->op(graph, "compare/1", pair, 2, no_more, 1, &within, 1);
  within = cast(&w, within, CLQ_F64);
  if (w.status >= 0) w.status = w.host->metric(graph, "off", off, "{\"finish\": \"mean\"}");
  if (w.status >= 0) w.status = w.host->metric(graph, "off_90", off, "{\"finish\": \"quantile\", \"q\": 0.9}");
  if (w.status >= 0)
    w.status = w.host->metric(graph, "within", within, "{\"finish\": \"mean\", \"best\": \"largest\"}");
  *n_outputs = 0;
  return w.status;
}

const clq_builder line_task = {sizeof(clq_builder),
                               0,
                               NULL,
                               "task",
                               "vocabulary.line",
                               "{\"type\": \"object\", \"additionalProperties\": false, \"task\": {"
                               "\"defaults\": {\"model\": {\"loss\": {\"use\": \"vocabulary.log_cosh\"}}}}}",
                               build_task};
const clq_builder line_metrics = {sizeof(clq_builder),
                                  0,
                                  NULL,
                                  "metric",
                                  "vocabulary.line",
                                  "{\"type\": \"object\", \"additionalProperties\": false}",
                                  build_metrics};
