/* tests/hosts/c/examples/batches.c -- predictions from arrays and of whole sources, for docs/c-api.md. C99.
 * SPDX-License-Identifier: BSD-3-Clause */
#include "example.h"

#include <math.h>

static char text[1 << 16];

static void by_batch(clq_handle model, const float *rows, float *out) {
  const int64_t dims[2] = {3, 2};
  int32_t status[3];
  clq_handle batch;

  /* clq_batch_create: room for its inputs; to be used again. */
  ok(clq_batch_create(model, 3, &batch));

  /* clq_batch_set: copies and converts the array. */
  ok(clq_batch_set(batch, "x", rows, CLQ_F32, 2, dims));

  /* clq_batch_describe: a line an input. */
  ok(clq_batch_describe(batch, text, sizeof text));

  WANT(strcmp(text, "x: f32 [3, 2] -> f32 [3, 2], columns 0..1 of input 'scalars'\n") == 0);

  /* clq_predict_batch: computes as many rows at once as the option batch says (256), also where there are fewer; the first call prepares. */
  ok(clq_predict_batch(model, batch));

  /* clq_batch_get: copies and converts what was computed. */
  ok(clq_batch_get(batch, "prediction", out, CLQ_F32, 3 * sizeof *out));

  /* clq_batch_status: copies a number a sample. */
  ok(clq_batch_status(batch, status, 3));

  WANT(status[0] == 0 && status[1] == 2 && status[2] == 0); /* NaN in the second */

  /* clq_batch_close: gives its room back. */
  clq_batch_close(batch);
}

int main(int argc, char **argv) {
  const float rows[3 * 2] = {0.5f, 0.25f, NAN, 1.0f, -0.5f, 0.75f};
  float out[3], by_name[3];
  clq_handle config, source = example_source(), model, result, counts;
  char table[4096];
  WANT(argc == 2); /* a folder to write in */
  snprintf(table, sizeof table, "%s/predictions.csv", argv[1]);
  ok(clq_config_parse(example_run, &config));
  ok(clq_model_create(config, source, &model));
  ok(clq_model_fit(model, source, config));

  /* clq_predict: as clq_predict_batch, without its copies of the input; for a row at a time load the model with {"batch": 1}. */
  ok(clq_predict(model, rows, 3, 2, out, 1));

  by_batch(model, rows, by_name);
  WANT(isnan(out[1]) && out[0] == by_name[0] && out[2] == by_name[2]);

  /* clq_predict_to: streams the source; memory does not grow with it. */
  ok(clq_predict_to(&model, 1, source, table, "{\"threads\": 1}", &counts));

  /* clq_evaluate: streams the source. */
  ok(clq_evaluate(&model, 1, source, NULL, "{\"part\": \"valid\"}", &result));

  /* clq_result_text: copies a text that is kept. */
  ok(clq_result_text(result, text, sizeof text));
  puts(text);

  WANT(strstr(text, "\"rmse\"") != NULL);
  ok(clq_result_text(counts, text, sizeof text));
  WANT(strstr(text, "\"rows\":256") != NULL);

  /* clq_result_close: gives its text back. */
  clq_result_close(result);

  clq_result_close(counts);
  clq_model_close(model);
  clq_source_close(source);
  clq_config_close(config);
  remove(table);
  return 0;
}
