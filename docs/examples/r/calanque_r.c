/* docs/examples/r/calanque_r.c -- the C API for .C of R, which passes nothing but pointers. C99.
 * SPDX-License-Identifier: BSD-3-Clause
 * cc -std=c99 -shared -fPIC calanque_r.c -lcalanque -o calanque_r.so; calanque.R calls it.
 *
 * A handle is raw(8), a text a character vector of length 1, the status is the last argument of each function. */
#include <calanque/calanque.h>

#include <string.h>

#define MOST_DIMS 8

static clq_handle handle_of(const unsigned char *raw) {
  clq_handle handle;
  memcpy(&handle, raw, sizeof handle);
  return handle;
}

static void keep(clq_handle handle, unsigned char *raw, int status) {
  if (status >= 0) memcpy(raw, &handle, sizeof handle);
}

/* R gives the dims with the fastest first, the library wants it last; the memory stays as it is. */
static int reverse(const int *dims, int rank, int64_t *out) {
  int i;
  for (i = 0; i < rank && rank <= MOST_DIMS; ++i) out[i] = dims[rank - 1 - i];
  return rank;
}

void r_error(char **text, int *capacity, int *status) { *status = clq_error_text(*text, *capacity) < 0 ? CLQ_E_INVALID : 0; }

void r_config(char **toml, unsigned char *config, int *status) {
  clq_handle made = 0;
  *status = clq_config_parse(*toml, &made);
  keep(made, config, *status);
}

void r_set(unsigned char *config, char **key, char **value, int *status) {
  *status = clq_config_set(handle_of(config), *key, *value);
}

void r_source(int *n, unsigned char *source, int *status) {
  clq_handle made = 0;
  *status = clq_source_create(*n, &made);
  keep(made, source, *status);
}

/* dims of one sample */
void r_add(unsigned char *source, char **field, double *data, int *rank, int *dims, int *status) {
  int64_t shape[MOST_DIMS];
  *status = clq_source_add(handle_of(source), *field, data, CLQ_F64, reverse(dims, *rank, shape), shape, 0);
}

void r_open(unsigned char *config, unsigned char *source, int *status) {
  clq_handle made = 0;
  *status = clq_source_from_config(handle_of(config), &made);
  keep(made, source, *status);
}

void r_model(unsigned char *config, unsigned char *source, unsigned char *model, int *status) {
  clq_handle made = 0;
  *status = clq_model_create(handle_of(config), handle_of(source), &made);
  keep(made, model, *status);
}

void r_load(char **path, char **options, unsigned char *model, int *status) {
  clq_handle made = 0;
  *status = clq_model_load(*path, *options, &made);
  keep(made, model, *status);
}

void r_save(unsigned char *model, char **path, int *status) { *status = clq_model_save(handle_of(model), *path); }

void r_trainer(unsigned char *model, unsigned char *source, unsigned char *config, char **folder, unsigned char *trainer,
               int *status) {
  clq_handle made = 0;
  *status = clq_trainer_create(handle_of(model), handle_of(source), handle_of(config), **folder == 0 ? NULL : *folder, &made);
  keep(made, trainer, *status);
}

void r_run(unsigned char *trainer, double *seconds, int *status) { *status = clq_trainer_run(handle_of(trainer), *seconds); }

void r_get(unsigned char *trainer, char **key, double *value, int *status) {
  *status = clq_trainer_get(handle_of(trainer), *key, value);
}

void r_close(char **kind, unsigned char *handle, int *status) {
  const clq_handle closed = handle_of(handle);
  *status = 0;
  if (strcmp(*kind, "config") == 0) clq_config_close(closed);
  if (strcmp(*kind, "source") == 0) clq_source_close(closed);
  if (strcmp(*kind, "model") == 0) clq_model_close(closed);
  if (strcmp(*kind, "trainer") == 0) clq_trainer_close(closed);
}

/* dims are those of x, samples last; size: numbers of a prediction; bad: one a sample */
void r_predict(unsigned char *model, char **input, double *x, int *rank, int *dims, int *size, double *out, int *bad,
               int *status) {
  const int n = dims[*rank - 1];
  int64_t shape[MOST_DIMS];
  clq_handle batch = 0;
  *status = clq_batch_create(handle_of(model), n, &batch);
  if (*status >= 0) *status = clq_batch_set(batch, *input, x, CLQ_F64, reverse(dims, *rank, shape), shape);
  if (*status >= 0) *status = clq_predict_batch(handle_of(model), batch);
  if (*status >= 0) *status = clq_batch_get(batch, "prediction", out, CLQ_F64, (int64_t)n * *size * (int64_t)sizeof *out);
  if (*status >= 0) *status = clq_batch_status(batch, bad, n);
  clq_batch_close(batch);
}
