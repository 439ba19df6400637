/* tests/hosts/c/bench/bench.h -- clocks, a small network for images, and lines that say `figure`. C99 and POSIX.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * A line is: figure, its name, the number, its unit, separated by tabs. */
#ifndef BENCH_H
#define BENCH_H
#include <calanque/calanque.h>

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#ifndef CONTROL
#define CONTROL 0 /* 1: what is measured is something slower */
#endif

#define BANDS 3
#define SIDE 32
#define PIXELS (BANDS * SIDE * SIDE)
#define IMAGES 64

static const char *const bench_run =
    "task = 'regression'\n"
    "[data]\nimages = 'images'\ntarget = 'y'\n"
    "[split]\nvalid = 0.25\n"
    "[[model.layer]]\nuse = 'conv'\nchannels = 16\nkernel = 3\nactivation = 'relu'\n"
    "[[model.layer]]\nuse = 'max_pool'\nkernel = 2\n"
    "[[model.layer]]\nuse = 'conv'\nchannels = 32\nkernel = 3\nactivation = 'relu'\n"
    "[[model.layer]]\nuse = 'global_avg_pool'\n"
    "[[model.layer]]\nuse = 'dense'\n"
    "[compute]\nthreads = 1\n"
    "[train]\nepochs = 1\nbatch = 32\n";

static float bench_images[IMAGES * PIXELS];
static double bench_y[IMAGES];

static inline int64_t ok(int64_t status) {
  char words[1024] = "";
  if (status >= 0) return status;
  clq_error_text(words, sizeof words);
  fprintf(stderr, "%s\n", words);
  exit(1);
}

static inline double seconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static inline void figure(const char *name, double value, const char *unit) {
  printf("figure\t%s\t%.4g\t%s\n", name, value, unit);
}

static inline clq_handle bench_source(void) {
  const int64_t dims[3] = {BANDS, SIDE, SIDE};
  clq_handle source;
  int i;
  for (i = 0; i < IMAGES * PIXELS; ++i) bench_images[i] = (float)((int64_t)i * 7919 % 2003 - 1001) / 1024.0f;
  for (i = 0; i < IMAGES; ++i) bench_y[i] = i % 7;
  ok(clq_source_create(IMAGES, &source));
  ok(clq_source_add(source, "images", bench_images, CLQ_F32, 3, dims, 1));
  ok(clq_source_add(source, "y", bench_y, CLQ_F64, 0, NULL, 1));
  return source;
}

/* The network without training, asked for one image at a time. folder: where it may be saved. */
static inline clq_handle bench_model(const char *folder) {
  clq_handle config, source = bench_source(), made, model;
  char path[4096];
  snprintf(path, sizeof path, "%s/bench.safetensors", folder);
  ok(clq_config_parse(bench_run, &config));
  ok(clq_model_create(config, source, &made));
  ok(clq_model_fit(made, source, config));
  ok(clq_model_save(made, path));
  ok(clq_model_load(path, "{\"threads\": 1, \"batch\": 1}", &model));
  clq_model_close(made);
  clq_source_close(source);
  clq_config_close(config);
  remove(path);
  return model;
}
#endif
