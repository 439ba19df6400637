/* tests/hosts/c/examples/training.c -- trainers, and a loop of the host's own, for docs/c-api.md. C99.
 * SPDX-License-Identifier: BSD-3-Clause */
#include "example.h"

static char text[1 << 14];

static void by_hand(clq_handle trainer, clq_handle source) {
  const int64_t samples[4] = {3, 14, 15, 92};
  double gradient[8], bias[8] = {1, 2, 3, 4, 5, 6, 7, 8};
  int i;

  /* clq_trainer_batch: reads these samples in this thread and takes one step. */
  ok(clq_trainer_batch(trainer, source, samples, 4));

  /* clq_trainer_gradients: as clq_trainer_batch, up to the gradients; no weight moves. */
  ok(clq_trainer_gradients(trainer, source, samples, 4));

  /* clq_gradient_get: waits for the device, copies and converts one gradient. */
  ok(clq_gradient_get(trainer, "dense1.bias", gradient, CLQ_F64, sizeof gradient));

  for (i = 0; i < 8; ++i) gradient[i] *= 0.5;

  /* clq_gradient_set: copies and converts one gradient. */
  ok(clq_gradient_set(trainer, "dense1.bias", gradient, CLQ_F64, sizeof gradient));

  /* clq_trainer_apply: one step of the optimizer with the gradients that are there. */
  ok(clq_trainer_apply(trainer));

  /* clq_trainer_set: copies and converts one state. */
  ok(clq_trainer_set(trainer, "dense1.bias", bias, CLQ_F64, sizeof bias));
}

static void in_a_folder(clq_handle trainer, clq_handle source, const char *folder) {
  clq_handle model, again;
  double step, loss;

  /* clq_trainer_steps: so many steps, or fewer at the end. */
  ok(clq_trainer_steps(trainer, 5));

  /* clq_trainer_get: reads a number that is kept; "loss" is of the last interval of train.log_every steps. */
  ok(clq_trainer_get(trainer, "step", &step));
  ok(clq_trainer_get(trainer, "loss", &loss));

  WANT(step == 5);

  /* clq_trainer_model: one more handle of the same model, to be closed. */
  ok(clq_trainer_model(trainer, &model));

  clq_model_close(model);

  /* clq_trainer_checkpoint: writes every state and waits for the disk. */
  ok(clq_trainer_checkpoint(trainer, NULL));

  /* clq_trainer_stop: sets a flag; a signal handler may do so. */
  clq_trainer_stop(trainer);
  WANT(ok(clq_trainer_run(trainer, 60)) == CLQ_END);

  /* clq_trainer_close: waits for its readers; the model keeps the last weights. */
  clq_trainer_close(trainer);

  /* clq_trainer_resume: reads the checkpoint and prepares the network. */
  ok(clq_trainer_resume(folder, source, &again));

  clq_trainer_close(again);

  /* clq_trainer_resume_to: as clq_trainer_resume; here to four epochs in all. */
  ok(clq_trainer_resume_to(folder, source, 4, &again));

  ok(clq_trainer_get(again, "epochs", &step));
  WANT(step == 4);
  clq_trainer_close(again);
}

int main(int argc, char **argv) {
  clq_handle config, source = example_source(), model, trainer;
  double epoch;
  int rows = 0;
  WANT(argc == 2); /* the folder of a run, not there yet */
  ok(clq_config_parse(example_run, &config));
  ok(clq_model_create(config, source, &model));
  ok(clq_trainer_create(model, source, config, NULL, &trainer));
  by_hand(trainer, source);

  /* clq_trainer_run: computes for about so long; a turn ends between two steps. */
  while (ok(clq_trainer_run(trainer, 0.5)) != CLQ_END) {
    ok(clq_trainer_get(trainer, "epoch", &epoch));
    fprintf(stderr, "epoch %.0f\n", epoch);
  }

  /* clq_trainer_metrics: hands a row over that the end of an epoch left; 0: none is waiting. */
  while (ok(clq_trainer_metrics(trainer, text, sizeof text)) > 0) puts(text), rows += strstr(text, "valid_loss") != NULL;

  WANT(rows == 2);
  clq_trainer_close(trainer);

  /* clq_trainer_create: fits the transforms, prepares the network, runs it once on zeros, starts the readers. */
  ok(clq_trainer_create(model, source, config, argv[1], &trainer));

  in_a_folder(trainer, source, argv[1]);
  clq_model_close(model);
  clq_source_close(source);
  clq_config_close(config);
  return 0;
}
