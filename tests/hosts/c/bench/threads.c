/* tests/hosts/c/bench/threads.c -- eight threads that predict on one model against one: threads FOLDER
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * Images a second of eight threads over those of one, and that over the cores that there are, of eight at most: 1 is
 * all that the machine has. The bits must be those of one thread. */
#define _POSIX_C_SOURCE 200112L
#include <pthread.h>
#include <string.h>
#include <unistd.h>

#include "bench.h"

#define THREADS 8
#define TURNS 400

static clq_handle model;
static float expected[IMAGES];
static int differing;

static void *predict_all(void *unused) {
  float out;
  int turn;
  (void)unused;
  for (turn = 0; turn < TURNS; ++turn) {
    ok(clq_predict(model, bench_images + turn % IMAGES * PIXELS, 1, PIXELS, &out, 1));
    if (memcmp(&out, &expected[turn % IMAGES], sizeof out) != 0) __atomic_fetch_add(&differing, 1, __ATOMIC_RELAXED);
  }
  return NULL;
}

static double images_per_second(int n_threads) {
  pthread_t threads[THREADS];
  const double begin = seconds();
  int i;
  for (i = 0; i < n_threads; ++i)
    if (pthread_create(&threads[i], NULL, predict_all, NULL) != 0) exit(1);
  for (i = 0; i < n_threads; ++i) pthread_join(threads[i], NULL);
  return n_threads * TURNS / (seconds() - begin);
}

int main(int argc, char **argv) {
  const long cores = sysconf(_SC_NPROCESSORS_ONLN);
  const double most = cores < THREADS ? (double)cores : THREADS;
  double one, eight;
  if (argc != 2) return fprintf(stderr, "usage: threads FOLDER\n"), 2;
  model = bench_model(argv[1]);
  ok(clq_predict(model, bench_images, IMAGES, PIXELS, expected, 1));
  if (CONTROL) memmove(expected, expected + 1, sizeof expected - sizeof *expected);
  images_per_second(THREADS); /* each thread's first call prepares the network */
  one = images_per_second(1);
  eight = images_per_second(CONTROL ? 1 : THREADS);
  figure("threads, one", one, "images/s");
  figure("threads, eight over one", eight / one, "1");
  figure("threads, eight over one over cores", eight / one / most, "1");
  figure("threads, predictions that differ", differing, "1");
  clq_model_close(model);
  return differing != 0;
}
