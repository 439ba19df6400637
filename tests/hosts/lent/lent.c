/* tests/hosts/lent/lent.c -- arrays of a host in C, and the addresses at which it has them. C99.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * lent [packed]: a line for each array that it gives, function, field, argument and address, as spy.c writes them; then
 * `changed`, a value that it writes after lending, and the value that the source reads. packed: every other row alone is
 * given, which C can only do by packing them. The programs beside it do the same in their languages. */
#include <calanque/calanque.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ROWS 8

static const char *const run =
    "task = 'regression'\n[data]\nscalars = ['x']\ntarget = 'y'\n[split]\nvalid = 0.25\n[[model.layer]]\nuse = 'dense'\n";

static float x[2 * ROWS][2], packed[ROWS][2], out[2 * ROWS], packed_out[ROWS];
static double y[ROWS];

static void ok(int64_t status) {
  char words[1024] = "";
  if (status >= 0) return;
  clq_error_text(words, sizeof words);
  fprintf(stderr, "lent: %s\n", words);
  exit(1);
}

static void say(const char *call, const void *data) { printf("%s %lld\n", call, (long long)(intptr_t)data); }

int main(int argc, char **argv) {
  const int packs = argc > 1 && strcmp(argv[1], "packed") == 0;
  const int64_t two[1] = {2}, dims[2] = {ROWS, 2}, row[1] = {1};
  float(*given)[2] = packs ? packed : x, *wanted = packs ? packed_out : out;
  float found[2];
  clq_handle config, source, model, batch;
  int i;
  for (i = 0; i < 2 * ROWS; ++i) x[i][0] = (float)i, x[i][1] = (float)(i * i % 7);
  for (i = 0; i < ROWS; ++i) memcpy(packed[i], x[2 * i], sizeof packed[i]), y[i] = given[i][0] - given[i][1];
  ok(clq_config_parse(run, &config));
  ok(clq_source_create(ROWS, &source));
  ok(clq_source_add(source, "x", given, CLQ_F32, 1, two, 1));
  say("clq_source_add x data", x);
  ok(clq_source_add(source, "y", y, CLQ_F64, 0, NULL, 0));
  x[packs ? 2 : 1][0] = 0.25f;
  ok(clq_source_read(source, row, 1, "x", found, sizeof found));
  printf("changed %g %g\n", 0.25, (double)found[0]);
  ok(clq_model_create(config, source, &model));
  ok(clq_model_fit(model, source, config));
  ok(clq_predict(model, &given[0][0], ROWS, 2, wanted, 1));
  say("clq_predict - input", x), say("clq_predict - output", out);
  ok(clq_batch_create(model, ROWS, &batch));
  ok(clq_batch_set(batch, "scalars", given, CLQ_F32, 2, dims));
  say("clq_batch_set scalars data", x);
  ok(clq_predict_batch(model, batch));
  ok(clq_batch_get(batch, "prediction", wanted, CLQ_F32, ROWS * (int64_t)sizeof *wanted));
  say("clq_batch_get prediction data", out);
  clq_batch_close(batch);
  clq_model_close(model);
  clq_source_close(source);
  clq_config_close(config);
  return 0;
}
