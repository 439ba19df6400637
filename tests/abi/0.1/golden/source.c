/* tests/abi/0.1/golden/source.c -- golden://N: N rows of ID, X [2] and Y = X0 - 2 X1, made from the row's number. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "golden.h"

#define SCHEME "golden"
#define PREFIX SCHEME "://"

struct clq_source {
  int64_t n;
};

struct clq_reader {
  clq_source* source;
  int64_t next; /* of a read that names no rows */
};

static const clq_field kFields[] = {{"ID", "", "", CLQ_ROLE_ID, 0, {CLQ_I64, 0, 0, 0, {0}, {0}}},
                                    {"X", "", "x", CLQ_ROLE_OTHER, 0, {CLQ_F32, 1, 0, 0, {2}, {1}}},
                                    {"Y", "", "", CLQ_ROLE_OTHER, 0, {CLQ_F32, 0, 0, 0, {0}, {0}}}};

/* In [-1, 1): the finaliser of MurmurHash3. */
static float x_of(int64_t row, int k) {
  uint32_t h = (uint32_t)row * 2u + (uint32_t)k + 1u;
  h = (h ^ h >> 16) * 0x85ebca6bu;
  h = (h ^ h >> 13) * 0xc2b2ae35u;
  h ^= h >> 16;
  return (float)(h >> 8) / 8388608.0f - 1.0f;
}

static uint32_t CLQ_CALL probe(const char* uri) { return strncmp(uri, PREFIX, strlen(PREFIX)) == 0 ? 100 : 0; }

static clq_status CLQ_CALL open_source(const char* uri, const char* options_json, clq_source** out) {
  char* end = NULL;
  const char* digits = uri + strlen(PREFIX);
  const long n = strtol(digits, &end, 10);
  (void)options_json;
  if (end == digits || *end != '\0' || n < 0) return golden_fail(CLQ_E_INVALID, "golden://N needs a number of rows");
  *out = malloc(sizeof **out);
  if (*out == NULL) return golden_fail(CLQ_E_NOMEM, "no memory");
  (*out)->n = n;
  return CLQ_OK;
}

static void CLQ_CALL close_source(clq_source* s) { free(s); }

static clq_status CLQ_CALL describe(clq_source* s, clq_source_info* out) {
  if (out->struct_size < CLQ_SIZE_UPTO(clq_source_info, max_readers))
    return golden_fail(CLQ_E_ABI, "describe: struct_size");
  out->flags = CLQ_SRC_RANDOM_ACCESS;
  out->n_samples = s->n;
  out->block = 1;
  out->fields = kFields;
  out->metadata_json = "{}";
  out->n_fields = sizeof kFields / sizeof *kFields;
  out->max_readers = 0;
  return CLQ_OK;
}

static clq_status CLQ_CALL ids(clq_source* s, int64_t first, int64_t n, uint64_t* out) {
  if (first < 0 || n < 0 || n > s->n - first) return golden_fail(CLQ_E_INVALID, "ids: rows outside of the source");
  for (int64_t i = 0; i < n; ++i) out[i] = (uint64_t)(first + i);
  return CLQ_OK;
}

static clq_status CLQ_CALL fingerprint(clq_source* s, uint8_t* out32) {
  memset(out32, 0, 32);
  memcpy(out32, &s->n, sizeof s->n);
  return CLQ_OK;
}

static clq_status CLQ_CALL locate(clq_source* s, int64_t sample, char* text, int64_t capacity) {
  snprintf(text, (size_t)capacity, PREFIX "%lld, row %lld", (long long)s->n, (long long)sample);
  return CLQ_OK;
}

static clq_status CLQ_CALL reader_open(clq_source* s, const clq_reader_config* config, clq_reader** out) {
  if (config->struct_size < CLQ_SIZE_UPTO(clq_reader_config, n_readers))
    return golden_fail(CLQ_E_ABI, "reader_open: struct_size");
  *out = calloc(1, sizeof **out);
  if (*out == NULL) return golden_fail(CLQ_E_NOMEM, "no memory");
  (*out)->source = s;
  return CLQ_OK;
}

static double element(int64_t row, uint32_t field, int k) {
  if (field == 0) return (double)row;
  return field == 1 ? x_of(row, k) : x_of(row, 0) - 2.0f * x_of(row, 1);
}

/* dtypes that a host may want of these fields. */
static int put(const clq_slot* slot, uint32_t sample, int k, double value) {
  char* at = (char*)slot->data + (int64_t)sample * slot->sample_stride;
  switch (slot->want.dtype) {
    case CLQ_F32:
      ((float*)at)[k] = (float)value;
      return 1;
    case CLQ_F64:
      ((double*)at)[k] = value;
      return 1;
    case CLQ_I64:
      ((int64_t*)at)[k] = (int64_t)value;
      return 1;
    case CLQ_U64:
      ((uint64_t*)at)[k] = (uint64_t)value;
      return 1;
    default:
      return 0;
  }
}

static clq_status CLQ_CALL read_rows(clq_reader* r, clq_read* io) {
  if (io->struct_size < CLQ_SIZE_UPTO(clq_read, cancelled)) return golden_fail(CLQ_E_ABI, "read: struct_size");
  for (io->n_done = 0; io->n_done < io->n_samples; ++io->n_done) {
    const int64_t row = io->indices != NULL ? io->indices[io->n_done] : r->next++;
    if (io->indices == NULL && row >= r->source->n) return CLQ_END;
    if (row < 0 || row >= r->source->n) return golden_fail(CLQ_E_INVALID, "read: there is no such row");
    for (uint32_t s = 0; s < io->n_slots; ++s)
      for (int k = 0; k < (io->slots[s].field == 1 ? 2 : 1); ++k)
        if (!put(&io->slots[s], io->n_done, k, element(row, io->slots[s].field, k)))
          return golden_fail(CLQ_E_UNSUPPORTED, "read: f32, f64, i64 and u64 alone");
  }
  return CLQ_OK;
}

static void CLQ_CALL reader_close(clq_reader* r) { free(r); }

const clq_data_source_api golden_source = {CLQ_TABLE(clq_data_source_api),
                                           SCHEME,
                                           probe,
                                           open_source,
                                           close_source,
                                           describe,
                                           ids,
                                           fingerprint,
                                           locate,
                                           reader_open,
                                           read_rows,
                                           reader_close};
