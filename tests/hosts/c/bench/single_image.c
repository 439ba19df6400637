/* tests/hosts/c/bench/single_image.c -- clq_predict of one image against what is computed for it: single_image FOLDER
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * The model computes one image at a time, so that a call with 17 images computes 16 more in the same way, within one call. The
 * compute alone is a sixteenth of what the longer call takes more; what a call with one image takes above that is the
 * border: handles, locks, checks, the room for the outputs. Each time is the least of many. */
#define _POSIX_C_SOURCE 199309L
#include "bench.h"

#define MORE 16

static double least_of(clq_handle model, int64_t n, int turns) {
  float out[MORE + 1];
  double least = 1e9;
  int turn;
  for (turn = 0; turn < turns; ++turn) {
    const double begin = seconds();
    ok(clq_predict(model, bench_images, n, PIXELS, out, 1));
    const double took = seconds() - begin;
    if (took < least) least = took;
  }
  return least;
}

int main(int argc, char **argv) {
  clq_handle model;
  double one, more, compute;
  if (argc != 2) return fprintf(stderr, "usage: single_image FOLDER\n"), 2;
  model = bench_model(argv[1]);
  least_of(model, 1, 3); /* prepares the network */
  one = least_of(model, 1 + CONTROL, 300);
  more = least_of(model, MORE + 1, 60);
  compute = (more - one) / MORE;
  figure("single image, a call", one * 1e6, "us");
  figure("single image, the compute alone", compute * 1e6, "us");
  figure("single image, a call over the compute alone", one / compute, "1");
  clq_model_close(model);
  return 0;
}
