/* projects/deepdip/hosts/deepdip.c -- from the repository's root: deepdip EPOCHS SEED OUTPUT_FOLDER [THREADS]. C99.
 * SPDX-License-Identifier: BSD-3-Clause */
#include <calanque/calanque.h>
#include <stdio.h>
#include <stdlib.h>

static int64_t ok(int64_t status) {
  char words[1024] = "";
  if (status >= 0) return status;
  clq_error_text(words, sizeof words);
  fprintf(stderr, "deepdip: %s\n", words);
  exit(1);
}

int main(int argc, char **argv) {
  clq_handle config, source, model, trainer, test, scores;
  char path[4096], options[64], json[8192] = "";
  double epoch, loss;
  const char *threads = argc > 4 ? argv[4] : "1";
  if (argc < 4) return fprintf(stderr, "deepdip: usage: deepdip EPOCHS SEED OUTPUT_FOLDER [THREADS]\n"), 2;
  ok(clq_config_load("projects/deepdip/runs/boss_dr10.toml", &config));
  ok(clq_config_set(config, "train.epochs", argv[1]));
  ok(clq_config_set(config, "train.seed", argv[2]));
  ok(clq_config_set(config, "compute.threads", threads));
  ok(clq_source_from_config(config, &source));
  ok(clq_model_create(config, source, &model));
  ok(clq_trainer_create(model, source, config, NULL, &trainer));
  while (ok(clq_trainer_run(trainer, 1.0)) != CLQ_END) {
    ok(clq_trainer_get(trainer, "epoch", &epoch));
    ok(clq_trainer_get(trainer, "loss", &loss));
    fprintf(stderr, "epoch %.0f  loss %.4f\n", epoch, loss);
  }
  ok(clq_model_save(model, (snprintf(path, sizeof path, "%s/model.safetensors", argv[3]), path)));
  snprintf(options, sizeof options, "{\"threads\": %s}", threads);
  ok(clq_source_for_model(model, "projects/deepdip/data/boss_dr10_test.fits", &test));
  ok(clq_predict_to(&model, 1, test, (snprintf(path, sizeof path, "%s/predictions.fits", argv[3]), path), options, NULL));
  snprintf(options, sizeof options, "{\"threads\": %s, \"part\": \"valid\"}", threads);
  ok(clq_evaluate(&model, 1, source, NULL, options, &scores));
  return ok(clq_result_text(scores, json, sizeof json)) > (int64_t)sizeof json || puts(json) < 0;
}
