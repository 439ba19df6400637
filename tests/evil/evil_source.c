/* tests/evil/evil_source.c -- a source of 997 rows, right but for what CLQ_EVIL names: what clq validate must find. C99. */
/* SPDX-License-Identifier: BSD-3-Clause */
#define _GNU_SOURCE
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <calanque/plugin/data_source.h>

enum { ROWS = 997, WIDTH = 5, FIELDS = 4 };

struct clq_source { int file; };
struct clq_reader { uint32_t n_fields, fields[FIELDS], n_readers; };

static const clq_host *host;
static clq_field fields[FIELDS];

static int is(const char *how) {
#ifdef CLQ_ALWAYS_RIGHT
   const char *chosen = NULL;
#else
   const char *chosen = getenv("CLQ_EVIL");
#endif
   return chosen && strcmp(chosen, how) == 0;
}

static clq_status refuse(clq_status status, const char *what, long long value) {
   char text[200];
   snprintf(text, sizeof text, "evil: %s %lld", what, value);
   host->set_error(host, is("source_silent") ? "" : text);
   return status;
}

static uint32_t probe(const char *uri) {
   if (is("source_probe_crashes")) raise(SIGSEGV);
   return strncmp(uri, "evil://", 7) == 0 || is("source_takes_anything") ? 100 : 0;
}

static clq_status source_open(const char *uri, const char *options, clq_source **out) {
   if (strcmp(uri, "evil://rows") != 0) {
      char text[300];
      snprintf(text, sizeof text, "%.200s: there is evil://rows alone", uri);
      return host->set_error(host, text), CLQ_E_NOT_FOUND;
   }
   (void)options;
   *out = malloc(sizeof **out);
   (*out)->file = open("/dev/null", O_RDONLY | O_CLOEXEC);
   return CLQ_OK;
}

static void source_close(clq_source *s) {
   if (!s) return;
   if (!is("source_leaks_a_file")) close(s->file);
   free(s);
}

static clq_status describe(clq_source *s, clq_source_info *out) {
   if (out->struct_size < CLQ_SIZE_UPTO(clq_source_info, max_readers)) return refuse(CLQ_E_ABI, "describe: struct_size", out->struct_size);
   const uint32_t size = out->struct_size;
   (void)s;
   memset(out, 0, sizeof *out + (is("source_describe_overruns") ? 16 : 0));
   out->struct_size = size;
   out->flags = CLQ_SRC_RANDOM_ACCESS;
   out->n_samples = ROWS + (is("source_counts_too_many") ? 100 : 0);
   out->block = is("source_block_none") ? 0 : 1;
   out->fields = fields;
   out->n_fields = FIELDS;
   out->metadata_json = is("source_metadata_no_json") ? "{bands" : "{}";
   fields[0] = (clq_field){is("source_field_nameless") ? NULL : "flux", "nMgy", "x", CLQ_ROLE_VECTOR, 0, {CLQ_F32, 1, 0, 0, {WIDTH}, {1}}};
   fields[1] = (clq_field){is("source_fields_same_name") ? "flux" : "z", "", "", is("source_role_none") ? 77 : CLQ_ROLE_LABEL, 0, {CLQ_F64, 0, 0, 0, {0}, {0}}};
   fields[2] = (clq_field){"sigma", "", "", CLQ_ROLE_LABEL, 0, {CLQ_F64, 0, 0, 0, {0}, {0}}};
   fields[3] = (clq_field){"weight", "", "", CLQ_ROLE_LABEL, 0, {CLQ_F64, 0, 0, 0, {0}, {0}}};
   return CLQ_OK;
}

static clq_status ids(clq_source *s, int64_t first, int64_t n, uint64_t *out) {
   static uint64_t calls;
   (void)s;
   if (first < 0 || n < 0 || first > ROWS - n) return refuse(CLQ_E_INVALID, "ids: row", first);
   calls += is("source_ids_change") ? 1 : 0;
   for (int64_t i = 0; i < n; ++i) out[i] = (uint64_t)(first + i) + 1000 + calls;
   return CLQ_OK;
}

static clq_status fingerprint(clq_source *s, uint8_t *out32) {
   (void)s;
   for (int i = 0; i < 32; ++i) out32[i] = (uint8_t)(i + 1);
   if (is("source_fingerprint_changes")) out32[0] = (uint8_t)rand();
   return CLQ_OK;
}

static clq_status locate(clq_source *s, int64_t sample, char *text, int64_t capacity) {
   char whole[64];
   (void)s;
   if (sample < 0 || sample >= ROWS) return refuse(CLQ_E_INVALID, "locate: row", sample);
   snprintf(whole, sizeof whole, "evil://rows, row %lld", (long long)sample + 1);
   if (is("source_locate_overruns")) strcpy(text, whole);
   else if (capacity > 0) snprintf(text, (size_t)capacity, "%s", whole);
   return CLQ_OK;
}

static clq_status reader_open(clq_source *s, const clq_reader_config *config, clq_reader **out) {
   (void)s;
   if (config->struct_size < CLQ_SIZE_UPTO(clq_reader_config, n_readers)) return refuse(CLQ_E_ABI, "reader: struct_size", config->struct_size);
   for (uint32_t i = 0; i < config->n_fields; ++i)
      if (config->fields[i] >= FIELDS) return refuse(CLQ_E_INVALID, "reader: field", config->fields[i]);
   *out = calloc(1, sizeof **out);
   (*out)->n_readers = config->n_readers;
   (*out)->n_fields = config->n_fields > FIELDS ? FIELDS : config->n_fields;
   for (uint32_t i = 0; i < (*out)->n_fields; ++i) (*out)->fields[i] = config->fields[i];
   return CLQ_OK;
}

static void reader_close(clq_reader *r) { free(r); }

static double value(uint32_t field, int64_t row, int64_t k) {
   return field == 0 ? (double)(float)(row * 0.25 + (double)k * 1000) : (double)row / 1000 + field;
}

/* What must hold before a byte is written. */
static clq_status check_slot(const clq_reader *r, const clq_read *io, const clq_slot *slot) {
   const clq_tensor_desc *want = &slot->want;
   uint32_t opened = 0;
   for (uint32_t i = 0; i < r->n_fields; ++i) opened += r->fields[i] == slot->field;
   if (!opened) return refuse(CLQ_E_INVALID, "read: not opened for field", slot->field);
   if (want->flags) return refuse(CLQ_E_UNSUPPORTED, "read: flags", want->flags);
   if (want->dtype != CLQ_F32 && want->dtype != CLQ_F64) return refuse(CLQ_E_UNSUPPORTED, "read: dtype", want->dtype);
   if (want->rank != fields[slot->field].sample.rank) return refuse(CLQ_E_INVALID, "read: rank", want->rank);
   if (want->rank == 1 && want->dims[0] != WIDTH) return refuse(CLQ_E_INVALID, "read: elements", want->dims[0]);
   const int64_t size = (want->rank ? WIDTH : 1) * (want->dtype == CLQ_F32 ? 4 : 8), n = io->n_samples;
   if (n > 1 && slot->sample_stride < size) return refuse(CLQ_E_INVALID, "read: sample_stride", slot->sample_stride);
   if (n > 0 && slot->bytes < size + (n - 1) * slot->sample_stride) return refuse(CLQ_E_INVALID, "read: bytes", slot->bytes);
   return n > 0 && !slot->data ? refuse(CLQ_E_INVALID, "read: no memory for field", slot->field) : CLQ_OK;
}

static void write_sample(const clq_slot *slot, uint32_t field, int64_t row, char *to) {
   const int64_t n = slot->want.rank == 0 ? 1 : slot->want.dims[0];
   for (int64_t k = 0; k < n + (is("source_writes_beyond") ? 1 : 0); ++k) {
      if (slot->want.dtype == CLQ_F32) { float v = (float)value(field, row, k); memcpy(to + k * 4, &v, 4); }
      if (slot->want.dtype == CLQ_F64) { double v = value(field, row, k); memcpy(to + k * 8, &v, 8); }
   }
}

static clq_status read_rows(clq_reader *r, clq_read *io) {
   static int64_t reads;
   if (is("source_read_hangs")) for (;;) pause();
   if (io->struct_size < CLQ_SIZE_UPTO(clq_read, cancelled)) return refuse(CLQ_E_ABI, "read: struct_size", io->struct_size);
   io->n_done = 0;
   if (!io->indices && io->n_samples) return refuse(CLQ_E_INVALID, "read: no indices for samples", io->n_samples);
   for (uint32_t i = 0; i < io->n_slots; ++i) {
      const clq_status status = check_slot(r, io, &io->slots[i]);
      if (status < 0) return status;
   }
   for (; io->n_done < io->n_samples; ++io->n_done) {
      int64_t row = io->indices ? io->indices[io->n_done] : io->n_done;
      if (io->cancelled && io->cancelled(io)) return refuse(CLQ_E_CANCELLED, "cancelled at", row);
      if (is("source_any_row")) row = row < 0 || row >= ROWS ? 0 : row;
      if (is("source_last_row_hangs") && row == ROWS - 1 && io->n_slots > 1) for (;;) pause();  /* not for statistics */
      if (row < 0 || row >= ROWS) return refuse(CLQ_E_INVALID, "read: row", row);
      if (is("source_mixes_up_a_pair") && r->n_fields == 2 && r->fields[0] == 0 && r->fields[1] == 2) row = (row + 1) % ROWS;
      if (is("source_mixes_up_three") && r->n_fields == 3) row = (row + 1) % ROWS;
      if (is("source_depends_on_readers")) row = (row + r->n_readers) % ROWS;
      if (is("source_depends_on_order")) row = (row + reads++ / 64) % ROWS;
      for (uint32_t i = 0; i < io->n_slots; ++i) {
         const clq_slot *slot = &io->slots[i];
         const int64_t stride = is("source_ignores_stride") ? slot->want.dtype == CLQ_F32 ? 20 : 8 : slot->sample_stride;
         write_sample(slot, is("source_ignores_fields") ? i : slot->field, row, (char *)slot->data + stride * io->n_done);
      }
   }
   if (is("source_counts_done_wrong")) io->n_done = 0;
   return CLQ_OK;
}

static const clq_data_source_api api = {CLQ_TABLE(clq_data_source_api), "evil", probe, source_open, source_close, describe, ids,
                                        fingerprint, locate, reader_open, read_rows, reader_close};

static clq_status init(const clq_host *h) { return host = h, CLQ_OK; }
static void deinit(void) {}
static const void *get_factory(const char *id) { return strcmp(id, CLQ_DATA_SOURCE_ID) == 0 ? &api : NULL; }

CLQ_EXPORT extern const clq_plugin_entry clq_plugin;
CLQ_EXPORT const clq_plugin_entry clq_plugin =
   CLQ_PLUGIN_ENTRY_INIT("org.calanque.evil-source", "6.6.6", "BSD-3-Clause", init, deinit, get_factory);
