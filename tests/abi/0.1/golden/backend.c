/* tests/abi/0.1/golden/backend.c -- the C table of the golden backend: everything is done when a call returns. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "executable.h"

struct clq_backend {
  int unused;
};
struct clq_stream {
  int unused;
};
struct clq_event {
  int unused;
};

struct clq_binding {
  clq_executable* executable;
  clq_bind_args args; /* its arrays are copies */
  void **inputs, **outputs, **states, **at;
};

static clq_backend the_backend;
static clq_stream the_stream;
static clq_event the_event;

static uint32_t CLQ_CALL device_count(void) { return 1; }

static clq_status CLQ_CALL device_info(uint32_t device, clq_device_info* out) {
  if (device != 0) return golden_fail(CLQ_E_NOT_FOUND, "golden has one device");
  if (out->struct_size < CLQ_SIZE_UPTO(clq_device_info, memory_free))
    return golden_fail(CLQ_E_ABI, "device_info: struct_size");
  out->kind = CLQ_DEV_CPU;
  out->name = "golden";
  out->description = "five ops of the plugin interface 0.1";
  out->memory_total = out->memory_free = 1 << 30;
  return CLQ_OK;
}

static clq_status CLQ_CALL open_device(uint32_t device, const char* options, clq_team* team, clq_backend** out) {
  (void)options, (void)team;
  if (device != 0) return golden_fail(CLQ_E_NOT_FOUND, "golden has one device");
  *out = &the_backend;
  return CLQ_OK;
}

static void CLQ_CALL close_device(clq_backend* b) { (void)b; }
static const void* CLQ_CALL get_extension(clq_backend* b, const char* id) { return (void)b, (void)id, NULL; }

static clq_status CLQ_CALL alloc_memory(clq_backend* b, int64_t bytes, uint32_t kind, void** out) {
  (void)b, (void)kind;
  void* raw = bytes < 0 ? NULL : malloc((size_t)bytes + 128);
  if (raw == NULL) return golden_fail(CLQ_E_NOMEM, "alloc: no memory");
  char* aligned = (char*)(((uintptr_t)raw + 128) / 64 * 64);
  memcpy(aligned - sizeof raw, &raw, sizeof raw);
  *out = aligned;
  return CLQ_OK;
}

static void CLQ_CALL free_memory(clq_backend* b, void* aligned, uint32_t kind) {
  (void)b, (void)kind;
  void* raw = NULL;
  if (aligned != NULL) memcpy(&raw, (char*)aligned - sizeof raw, sizeof raw);
  free(raw);
}

static clq_status CLQ_CALL stream_create(clq_backend* b, clq_stream** out) {
  return (void)b, *out = &the_stream, CLQ_OK;
}
static void CLQ_CALL stream_destroy(clq_stream* s) { (void)s; }
static clq_status CLQ_CALL event_create(clq_backend* b, clq_event** out) { return (void)b, *out = &the_event, CLQ_OK; }
static void CLQ_CALL event_destroy(clq_event* e) { (void)e; }
static clq_status CLQ_CALL event_record(clq_event* e, clq_stream* s) { return (void)e, (void)s, CLQ_OK; }
static clq_status CLQ_CALL event_done(clq_event* e) { return (void)e, CLQ_OK; }
static clq_status CLQ_CALL stream_wait(clq_stream* s, clq_event* e) { return (void)s, (void)e, CLQ_OK; }

static clq_status CLQ_CALL copy(clq_stream* s, void* dst, uint32_t dst_kind, const void* src, uint32_t src_kind,
                                int64_t bytes) {
  (void)s, (void)dst_kind, (void)src_kind;
  if (bytes > 0) memcpy(dst, src, (size_t)bytes);
  return CLQ_OK;
}

static clq_status CLQ_CALL supports(clq_backend* b, const clq_segment* s, uint32_t op, clq_support* out) {
  (void)b;
  if (out->struct_size < CLQ_SIZE_UPTO(clq_support, reason)) return golden_fail(CLQ_E_ABI, "supports: struct_size");
  out->score = (uint32_t)golden_supports(&s->ops[op], s->values, out->reason);
  return CLQ_OK;
}

static clq_status CLQ_CALL compile(clq_backend* b, const clq_segment* s, const clq_state_layout* const* wanted,
                                   clq_executable** out) {
  (void)b, (void)wanted;
  char why[120];
  if (s->struct_size < CLQ_SIZE_UPTO(clq_segment, reserved)) return golden_fail(CLQ_E_ABI, "compile: struct_size");
  for (uint32_t i = 0; i < s->n_ops; ++i)
    if (!golden_supports(&s->ops[i], s->values, why)) return golden_fail(CLQ_E_UNSUPPORTED, why);
  *out = golden_executable(s);
  return *out == NULL ? golden_fail(CLQ_E_NOMEM, "compile: no memory") : CLQ_OK;
}

static clq_status CLQ_CALL executable_info(clq_executable* e, clq_executable_info* out) {
  if (out->struct_size < CLQ_SIZE_UPTO(clq_executable_info, resident_bytes))
    return golden_fail(CLQ_E_ABI, "executable_info: struct_size");
  out->flags = 0;
  out->workspace_bytes = e->workspace;
  out->workspace_align = 64;
  out->resident_bytes = 0;
  return CLQ_OK;
}

static int64_t state_bytes(const clq_executable* e, uint32_t state) {
  const clq_tensor_desc* desc = &e->segment.values[e->segment.states[state].before];
  static const int64_t kWidths[] = {0, 2, 2, 4, 8, 1, 1, 2, 2, 4, 4, 8, 8};
  return golden_count(desc) * kWidths[desc->dtype];
}

static clq_status CLQ_CALL state_layout(clq_executable* e, uint32_t state, clq_state_layout* out) {
  if (out->struct_size < CLQ_SIZE_UPTO(clq_state_layout, id))
    return golden_fail(CLQ_E_ABI, "state_layout: struct_size");
  out->flags = 0;
  out->bytes = state_bytes(e, state);
  out->align = 64;
  out->id = 0;
  return CLQ_OK;
}

static clq_status CLQ_CALL state_import(clq_executable* e, uint32_t state, clq_stream* s, void* storage,
                                        const void* plain) {
  (void)s;
  memcpy(storage, plain, (size_t)state_bytes(e, state));
  return CLQ_OK;
}

static clq_status CLQ_CALL state_export(clq_executable* e, uint32_t state, clq_stream* s, void* plain,
                                        const void* storage) {
  return state_import(e, state, s, plain, storage);
}

static void CLQ_CALL binding_destroy(clq_binding* b) {
  if (b != NULL) free(b->inputs);
  free(b);
}

/* One array for the four lists of addresses. */
static clq_status CLQ_CALL bind(clq_executable* e, const clq_bind_args* args, clq_binding** out) {
  const clq_segment* s = &e->segment;
  if (args->struct_size < CLQ_SIZE_UPTO(clq_bind_args, comm)) return golden_fail(CLQ_E_ABI, "bind: struct_size");
  clq_binding* b = calloc(1, sizeof *b);
  void** all = calloc((size_t)s->n_inputs + s->n_outputs + s->n_states + s->n_values + 1, sizeof *all);
  if (b == NULL || all == NULL) return free(b), free(all), golden_fail(CLQ_E_NOMEM, "bind: no memory");
  b->executable = e;
  b->args = *args;
  b->inputs = all;
  b->outputs = b->inputs + s->n_inputs;
  b->states = b->outputs + s->n_outputs;
  b->at = b->states + s->n_states;
  for (uint32_t i = 0; i < s->n_inputs; ++i) b->inputs[i] = args->inputs[i];
  for (uint32_t i = 0; i < s->n_outputs; ++i) b->outputs[i] = args->outputs[i];
  for (uint32_t i = 0; i < s->n_states; ++i) b->states[i] = args->states[i];
  b->args.inputs = b->inputs;
  b->args.outputs = b->outputs;
  b->args.states = b->states;
  *out = b;
  return CLQ_OK;
}

static clq_status CLQ_CALL run(clq_binding* b, clq_stream* stream, const clq_run_args* args) {
  (void)stream;
  const clq_segment* s = &b->executable->segment;
  if (args->struct_size < CLQ_SIZE_UPTO(clq_run_args, scalars)) return golden_fail(CLQ_E_ABI, "run: struct_size");
  golden_place(b->executable, &b->args, b->at);
  for (uint32_t i = 0; i < s->n_scalars; ++i) memcpy(b->at[s->scalars[i]], &args->scalars[i], sizeof *args->scalars);
  for (uint32_t i = 0; i < s->n_ops; ++i) golden_compute(&s->ops[i], s->values, b->at);
  for (uint32_t i = 0; i < s->n_states; ++i) {
    const clq_state* state = &s->states[i];
    const int kept = state->when != CLQ_NONE && *(const uint8_t*)b->at[state->when] == 0;
    if (state->after != CLQ_NONE && !kept)
      memcpy(b->at[state->before], b->at[state->after], (size_t)state_bytes(b->executable, i));
  }
  return CLQ_OK;
}

static void CLQ_CALL executable_destroy(clq_executable* e) { golden_executable_free(e); }

const clq_backend_api golden_backend = {CLQ_TABLE(clq_backend_api),
                                        device_count,
                                        device_info,
                                        open_device,
                                        close_device,
                                        get_extension,
                                        alloc_memory,
                                        free_memory,
                                        stream_create,
                                        stream_destroy,
                                        event_create,
                                        event_destroy,
                                        event_record,
                                        event_done,
                                        event_done,
                                        stream_wait,
                                        copy,
                                        supports,
                                        compile,
                                        executable_info,
                                        executable_destroy,
                                        state_layout,
                                        state_import,
                                        state_export,
                                        bind,
                                        binding_destroy,
                                        run};
