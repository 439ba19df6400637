/* tests/hosts/c/examples/example.h -- what the examples of docs/c-api.md stand on. C99.
 * SPDX-License-Identifier: BSD-3-Clause */
#ifndef EXAMPLE_H
#define EXAMPLE_H
#include <calanque/calanque.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Statuses and counts of bytes alike: below 0 is an error, and its words are this thread's. */
static inline int64_t ok(int64_t status) {
  char words[1024] = "";
  if (status >= 0) return status;
  clq_error_text(words, sizeof words);
  fprintf(stderr, "%s\n", words);
  exit(1);
}

/* What an example promises beside a status. */
#define WANT(condition) \
  do { \
    if (!(condition)) { \
      fprintf(stderr, "%s:%d: not so: %s\n", __FILE__, __LINE__, #condition); \
      exit(1); \
    } \
  } while (0)

#define ROWS 256

static const char *const example_run =
    "task = 'regression'\n"
    "[data]\nscalars = ['x']\ntarget = 'y'\n"
    "[split]\nvalid = 0.25\n"
    "[[model.layer]]\nuse = 'dense'\nunits = 8\nactivation = 'tanh'\n"
    "[[model.layer]]\nuse = 'dense'\n"
    "[compute]\nthreads = 1\n"
    "[train]\nepochs = 2\nbatch = 32\nsplit_step = true\n";

static float example_x[ROWS][2];
static double example_y[ROWS], example_w[ROWS];

/* w = x0, y = x0 - 2 x1 */
static inline clq_handle example_source(void) {
  const int64_t two[1] = {2};
  clq_handle source;
  int i;
  for (i = 0; i < ROWS; ++i) {
    example_x[i][0] = (float)(i * 37 % 101 - 50) / 64.0f;
    example_x[i][1] = (float)(i * 53 % 89 - 44) / 64.0f;
    example_w[i] = example_x[i][0];
    example_y[i] = example_x[i][0] - 2.0 * example_x[i][1];
  }
  ok(clq_source_create(ROWS, &source));
  ok(clq_source_add(source, "x", example_x, CLQ_F32, 1, two, 1));
  ok(clq_source_add(source, "w", example_w, CLQ_F64, 0, NULL, 1));
  ok(clq_source_add(source, "y", example_y, CLQ_F64, 0, NULL, 1));
  return source;
}
#endif
