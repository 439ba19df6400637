/* tests/faults/foreign.c -- code of other people that was compiled into ours. */
/* SPDX-License-Identifier: BSD-3-Clause */
#define _GNU_SOURCE
#include "foreign.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_RANGES = 32768, NAME_BYTES = 48 };

typedef struct {
  char file[NAME_BYTES];
  unsigned long begin, end;
  enum author author;
} range;

static range ranges[MOST_RANGES];
static int n_ranges;

__attribute__((constructor)) static void read_ranges(void) {
  const char* name = getenv("CLQ_FAULT_FOREIGN");
  FILE* file = name == NULL ? NULL : fopen(name, "re");
  char word[8];
  if (file == NULL) return;
  for (range* r = ranges; fscanf(file, "%47s %lx %lx %7s", r->file, &r->begin, &r->end, word) == 4; ++r) {
    r->author = strcmp(word, "std") == 0 ? AUTHOR_STD : AUTHOR_JSON;
    if (++n_ranges == MOST_RANGES) abort(); /* more than are looked at */
  }
  fclose(file);
}

enum author author_of(const char* file, uintptr_t offset) {
  int low = 0, high = n_ranges; /* ranges before low begin at or before the place, those from high on behind it */
  while (low < high) {
    const range* r = &ranges[(low + high) / 2];
    const int order = strcmp(r->file, file);
    if (order < 0 || (order == 0 && r->begin <= offset))
      low = (low + high) / 2 + 1;
    else
      high = (low + high) / 2;
  }
  const range* r = &ranges[low - 1];
  return low > 0 && strcmp(r->file, file) == 0 && offset < r->end ? r->author : AUTHOR_US;
}
