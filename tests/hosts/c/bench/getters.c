/* tests/hosts/c/bench/getters.c -- what a getter costs: nanoseconds a call, the least of several hundred short loops.
 * SPDX-License-Identifier: BSD-3-Clause */
#define _POSIX_C_SOURCE 199309L
#include "bench.h"

#define LOOPS 300
#define CALLS 100

typedef int64_t (*getter)(clq_handle);

static int64_t trainer_step(clq_handle trainer) {
  double step;
  return clq_trainer_get(trainer, "step", &step);
}

static int64_t source_count(clq_handle source) {
  int64_t n;
  return clq_source_count(source, &n);
}

static int64_t config_epochs(clq_handle config) {
  char text[32];
  return clq_config_get(config, "train.epochs", text, sizeof text);
}

static int64_t error_code(clq_handle unused) {
  (void)unused;
  return clq_error_code() * 0;
}

static void measure(const char *name, getter get, clq_handle handle, int loops) {
  double least = 1e9;
  int loop, call;
  for (loop = 0; loop < loops; ++loop) {
    const double begin = seconds();
    for (call = 0; call < CALLS * (CONTROL ? 100 : 1); ++call) ok(get(handle));
    const double took = (seconds() - begin) / CALLS;
    if (took < least) least = took;
  }
  figure(name, least * 1e9, "ns");
}

int main(void) {
  clq_handle config, source = bench_source(), model, trainer;
  ok(clq_config_parse(bench_run, &config));
  ok(clq_model_create(config, source, &model));
  ok(clq_trainer_create(model, source, config, NULL, &trainer));
  measure("clq_error_code", error_code, 0, LOOPS);
  measure("clq_source_count", source_count, source, LOOPS);
  measure("clq_trainer_get", trainer_step, trainer, LOOPS);
  measure("clq_model_n_parameters", clq_model_n_parameters, model, LOOPS);
  measure("clq_config_get", config_epochs, config, LOOPS / 100); /* a text, and a thousand times slower */
  clq_trainer_close(trainer);
  clq_model_close(model);
  clq_source_close(source);
  clq_config_close(config);
  return 0;
}
