/* tests/abi/0.1/golden/builder.c -- the layer edition.cubes, y = x + w x^3, whose w is learned, and its op. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include "golden.h"

static const clq_host_graph* host_graph(void) { return golden_host->get_extension(golden_host, CLQ_HOST_GRAPH_ID); }

static clq_status CLQ_CALL build_cubes(const clq_builder* self, clq_graph* graph, const char* config_json,
                                       const uint32_t* inputs, uint32_t n_inputs, uint32_t* outputs, uint32_t capacity,
                                       uint32_t* n_outputs) {
  const clq_host_graph* host = host_graph();
  clq_tensor_desc x, per_feature = {0};
  uint32_t w, cube, product;
  clq_status status;
  (void)self, (void)config_json;
  if (host == NULL) return golden_fail(CLQ_E_UNSUPPORTED, "the host offers no graph");
  if (n_inputs != 1 || capacity < 1) return golden_fail(CLQ_E_INVALID, "edition.cubes: one input, one output");
  if ((status = host->shape(graph, inputs[0], &x)) < 0) return status;
  if (x.rank != 2) return golden_fail(CLQ_E_INVALID, "edition.cubes: src must be [N, features]");
  per_feature.dtype = x.dtype;
  per_feature.rank = 1;
  per_feature.dims[0] = x.dims[1];
  per_feature.strides[0] = 1;
  status =
      host->state(graph, "weights", &per_feature, "{\"use\": \"constant\", \"value\": 0.1}", CLQ_STATE_TRAINABLE, &w);
  if (status < 0) return status;
  if ((status = host->op(graph, "org.calanque.golden-cube/1", inputs, 1, NULL, 0, &cube, 1)) < 0) return status;
  const uint32_t factors[] = {cube, w};
  if ((status = host->op(graph, "mul/1", factors, 2, NULL, 0, &product, 1)) < 0) return status;
  const uint32_t terms[] = {inputs[0], product};
  *n_outputs = 1;
  return host->op(graph, "add/1", terms, 2, NULL, 0, outputs, 1);
}

static const clq_builder kCubes = {
    sizeof(clq_builder), 0, NULL, "layer", "edition.cubes", "{\"type\": \"object\", \"additionalProperties\": false}",
    build_cubes};
static const clq_builder* const kBuilders[] = {&kCubes};
const clq_builder_list golden_builders = {sizeof(clq_builder_list), 1, kBuilders};

static clq_status CLQ_CALL infer(const clq_op_def* def, const clq_op* op, const clq_tensor_desc* values,
                                 clq_tensor_desc* outputs) {
  (void)def;
  if (op->n_inputs != 1 || op->n_outputs != 1) return golden_fail(CLQ_E_INVALID, "golden-cube: one input, one output");
  outputs[0] = values[op->inputs[0]];
  return CLQ_OK;
}

/* 3 x^2 dy */
static clq_status CLQ_CALL gradient(const clq_op_def* def, clq_graph* graph, const clq_op* op,
                                    const uint32_t* diff_outputs, uint32_t* diff_inputs) {
  const clq_host_graph* host = host_graph();
  const uint32_t x = op->inputs[0], squares[] = {x, x};
  uint32_t square, once, twice;
  clq_status status;
  (void)def;
  if ((status = host->op(graph, "mul/1", squares, 2, NULL, 0, &square, 1)) < 0) return status;
  const uint32_t first[] = {square, diff_outputs[0]};
  if ((status = host->op(graph, "mul/1", first, 2, NULL, 0, &once, 1)) < 0) return status;
  const uint32_t two[] = {once, once};
  if ((status = host->op(graph, "add/1", two, 2, NULL, 0, &twice, 1)) < 0) return status;
  const uint32_t three[] = {twice, once};
  return host->op(graph, "add/1", three, 2, NULL, 0, diff_inputs, 1);
}

static clq_status CLQ_CALL prepare(const clq_op_def* def, const clq_op* op, const clq_tensor_desc* values,
                                   int64_t* workspace_bytes) {
  (void)def, (void)op, (void)values;
  *workspace_bytes = 0;
  return CLQ_OK;
}

static clq_status CLQ_CALL kernel(const clq_op_def* def, const clq_op* op, const clq_tensor_desc* values,
                                  void* const* data, void* workspace, const clq_host_threads* threads, clq_team* team) {
  const clq_tensor_desc* desc = &values[op->inputs[0]];
  const int64_t n = golden_count(desc);
  (void)def, (void)workspace, (void)threads, (void)team;
  for (int64_t i = 0; i < n; ++i) {
    if (desc->dtype == CLQ_F32) {
      const float x = ((const float*)data[op->inputs[0]])[i];
      ((float*)data[op->outputs[0]])[i] = x * x * x;
    } else {
      const double x = ((const double*)data[op->inputs[0]])[i];
      ((double*)data[op->outputs[0]])[i] = x * x * x;
    }
  }
  return CLQ_OK;
}

static const clq_op_def kCube = {sizeof(clq_op_def), 0,       NULL,  "org.calanque.golden-cube/1", "{}", infer,
                                 gradient,           prepare, kernel};
static const clq_op_def* const kOps[] = {&kCube};
const clq_op_list golden_ops = {sizeof(clq_op_list), 1, kOps};
