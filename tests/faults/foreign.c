/* tests/faults/foreign.c -- code of other people that was compiled into ours. */
/* SPDX-License-Identifier: BSD-3-Clause */
#define _GNU_SOURCE
#include "foreign.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_RANGES = 8192, NAME_BYTES = 48 };

typedef struct {
  char file[NAME_BYTES];
  unsigned long begin, end;
} range;

static range ranges[MOST_RANGES];
static int n_ranges;

__attribute__((constructor)) static void read_ranges(void) {
  const char* name = getenv("CLQ_FAULT_FOREIGN");
  FILE* file = name == NULL ? NULL : fopen(name, "re");
  while (file != NULL && n_ranges < MOST_RANGES &&
         fscanf(file, "%47s %lx %lx", ranges[n_ranges].file, &ranges[n_ranges].begin, &ranges[n_ranges].end) == 3)
    ++n_ranges;
  if (file != NULL) fclose(file);
}

int is_foreign(const char* file, uintptr_t offset) {
  for (int i = 0; i < n_ranges; ++i)
    if (offset >= ranges[i].begin && offset < ranges[i].end && strcmp(ranges[i].file, file) == 0) return 1;
  return 0;
}
