/* docs/examples/train_predict.c -- learn y = sin(3 a) + b from arrays in memory, then predict it. C99.
 * SPDX-License-Identifier: BSD-3-Clause
 * cc -std=c99 train_predict.c -lcalanque -lm */
#include <calanque/calanque.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#define N 4096

static const char *const run_file =
    "task = 'regression'\n"
    "[data]\nscalars = ['x']\ntarget = 'y'\n"
    "[split]\nvalid = 0.1\n"
    "[[model.layer]]\nuse = 'dense'\nunits = 32\nactivation = 'tanh'\n"
    "[[model.layer]]\nuse = 'dense'\n"
    "[train]\nepochs = 60\nbatch = 64\noptimizer = { name = 'adam', lr = 0.01 }\n";

static clq_status ok(clq_status status) {
  char text[1024] = "";
  if (status >= 0) return status;
  clq_error_text(text, sizeof text);
  fprintf(stderr, "%s\n", text);
  exit(1);
}

int main(void) {
  static float x[2 * N], y[N], guess[N];
  const int64_t two[1] = {2};
  clq_handle config, source, model, trainer;
  double squares = 0;
  int i;
  for (i = 0; i < N; ++i) {
    x[2 * i] = (float)(i % 64) / 32.0f - 1.0f;
    x[2 * i + 1] = (float)(i / 64) / 32.0f - 1.0f;
    y[i] = sinf(3.0f * x[2 * i]) + x[2 * i + 1];
  }
  ok(clq_config_parse(run_file, &config));
  ok(clq_source_create(N, &source));
  ok(clq_source_add(source, "x", x, CLQ_F32, 1, two, 1));
  ok(clq_source_add(source, "y", y, CLQ_F32, 0, NULL, 1));
  ok(clq_model_create(config, source, &model));
  ok(clq_trainer_create(model, source, config, NULL, &trainer));
  while (ok(clq_trainer_run(trainer, 1.0)) != CLQ_END) { }
  ok(clq_predict(model, x, N, 2, guess, 1));
  for (i = 0; i < N; ++i) squares += (guess[i] - y[i]) * (guess[i] - y[i]);
  printf("rms error %.4f\n", sqrt(squares / N));
  clq_trainer_close(trainer);
  clq_model_close(model);
  clq_source_close(source);
  clq_config_close(config);
  return squares / N < 0.05 * 0.05 ? 0 : 1;
}
