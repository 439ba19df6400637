/* tests/hosts/fortran/deepdip.c -- what the host programs do, over the C API alone: their bits must be these. C99.
 * SPDX-License-Identifier: BSD-3-Clause */
#include <calanque/calanque.h>

#include <stdio.h>
#include <stdlib.h>

static int64_t ok(int64_t status) {
  char text[1024] = "";
  if (status >= 0) return status;
  clq_error_text(text, sizeof text);
  fprintf(stderr, "%s\n", text);
  exit(1);
}

int main(int argc, char **argv) {
  clq_handle config, source, model, trainer, other, result;
  char model_path[1024], table_path[1024], text[8192];
  if (argc != 4) return 2;
  snprintf(model_path, sizeof model_path, "%s/model.safetensors", argv[3]);
  snprintf(table_path, sizeof table_path, "%s/predictions.fits", argv[3]);
  ok(clq_config_load("projects/deepdip/runs/boss_dr10.toml", &config));
  ok(clq_config_set(config, "train.epochs", argv[1]));
  ok(clq_config_set(config, "train.seed", argv[2]));
  ok(clq_config_set(config, "compute.threads", "1"));
  ok(clq_source_from_config(config, &source));
  ok(clq_model_create(config, source, &model));
  ok(clq_trainer_create(model, source, config, NULL, &trainer));
  while (ok(clq_trainer_run(trainer, 5.0)) != CLQ_END) { }
  ok(clq_model_save(model, model_path));
  ok(clq_source_for_model(model, "projects/deepdip/data/boss_dr10_test.fits", &other));
  ok(clq_predict_to(&model, 1, other, table_path, "{\"threads\": 1}", NULL));
  ok(clq_evaluate(&model, 1, source, NULL, "{\"part\": \"valid\", \"threads\": 1}", &result));
  ok(clq_result_text(result, text, sizeof text));
  puts(text);
  return 0;
}
