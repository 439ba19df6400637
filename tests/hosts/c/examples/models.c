/* tests/hosts/c/examples/models.c -- networks with their weights, for docs/c-api.md. C99.
 * SPDX-License-Identifier: BSD-3-Clause */
#include "example.h"

static char text[1 << 18];

static void ask(clq_handle model) {
  char id[13];
  double weights[8], more[8];
  clq_handle result;
  int i;

  /* clq_model_describe: writes the whole network as JSON, anew at each call. */
  ok(clq_model_describe(model, text, sizeof text));

  WANT(strstr(text, "dense1") != NULL);

  /* clq_model_id: hashes every state, anew at each call. */
  ok(clq_model_id(model, id, sizeof id));

  WANT(strlen(id) == 12);

  /* clq_model_cards: hashes as clq_model_id. */
  ok(clq_model_cards(model, text, sizeof text));

  WANT(strlen(text) % 80 == 0 && strncmp(text, "CLQVER", 6) == 0);

  /* clq_model_n_parameters: reads a number that is kept. */
  printf("%lld parameters\n", (long long)ok(clq_model_n_parameters(model)));

  WANT(clq_model_n_parameters(model) == 2 * 8 + 8 + 8 + 1);

  /* clq_model_get: copies and converts one state. Of all questions to a model the first after a step waits for the trainer and copies every state. */
  ok(clq_model_get(model, "dense2.weights", weights, CLQ_F64, sizeof weights));

  for (i = 0; i < 8; ++i) weights[i] *= 2;

  /* clq_model_set: copies and converts one state; the next prediction prepares itself anew. */
  ok(clq_model_set(model, "dense2.weights", weights, CLQ_F64, sizeof weights));

  ok(clq_model_get(model, "dense2.weights", more, CLQ_F64, sizeof more));
  WANT(more[3] == weights[3]);

  /* clq_model_check: computes the few rows that the bundle keeps. */
  if (clq_model_check(model, &result) == CLQ_E_NOT_FOUND) puts("it keeps no rows");

  WANT(clq_error_code() == CLQ_E_NOT_FOUND);
}

int main(int argc, char **argv) {
  clq_handle config, source = example_source(), model, again;
  char path[4096];
  WANT(argc == 2); /* a folder to write in */
  snprintf(path, sizeof path, "%s/example.safetensors", argv[1]);
  ok(clq_config_parse(example_run, &config));

  /* clq_model_create: asks the source for shapes and draws the first weights. */
  ok(clq_model_create(config, source, &model));

  /* clq_model_fit: streams the training rows where a transform needs them. */
  ok(clq_model_fit(model, source, config));

  ask(model);

  /* clq_model_save: writes beside the old file, then renames. */
  ok(clq_model_save(model, path));

  /* clq_model_load: reads the file; what computes is prepared by the first prediction. */
  ok(clq_model_load(path, "{\"device\": \"cpu\", \"threads\": 1}", &again));

  /* clq_model_close: batches made for it keep what they need. */
  clq_model_close(again);

  WANT(clq_model_n_parameters(again) == CLQ_E_INVALID);
  clq_model_close(model);
  clq_source_close(source);
  clq_config_close(config);
  remove(path);
  return 0;
}
