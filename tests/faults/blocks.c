/* tests/faults/blocks.c -- the blocks of memory in use, and which of them nobody can reach any more. */
/* SPDX-License-Identifier: BSD-3-Clause */
#define _GNU_SOURCE
#include "blocks.h"

#include <link.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum { BITS = 18, PLACES = 1 << BITS, STACKS = 1 << 15 };

typedef struct {
  uintptr_t at; /* 0: an empty place */
  size_t bytes;
  int32_t stack; /* 0: not judged */
} block;

/* Open addressing, without allocating: malloc itself fills it. */
static block table[PLACES];
static caller_stack stacks[STACKS];
static int32_t unused[STACKS];
static int32_t n_unused, n_stacks = 1;
static int64_t n_blocks;
static int full, judging;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static size_t home_of(uintptr_t at) { return (size_t)(((uint64_t)at >> 4) * 0x9e3779b97f4a7c15u >> (64 - BITS)); }

static size_t place_of(uintptr_t at) {
  size_t i = home_of(at);
  while (table[i].at != 0 && table[i].at != at) i = (i + 1) % PLACES;
  return i;
}

static int32_t keep_stack(const caller_stack* by) {
  if (by == NULL) return 0;
  if (n_unused == 0 && n_stacks == STACKS) return full = 1, 0;
  const int32_t stack = n_unused > 0 ? unused[--n_unused] : n_stacks++;
  stacks[stack] = *by;
  return stack;
}

void blocks_add(const void* at, size_t bytes, const caller_stack* by) {
  if (at == NULL || judging) return;
  pthread_mutex_lock(&lock);
  if (n_blocks < PLACES / 2) {
    block* place = &table[place_of((uintptr_t)at)];
    if (place->at == 0) ++n_blocks;
    *place = (block){(uintptr_t)at, bytes, keep_stack(by)};
  } else {
    full = 1;
  }
  pthread_mutex_unlock(&lock);
}

/* Moves what was put behind the gap because its own place was taken. */
static void close_gap(size_t gap) {
  for (size_t i = (gap + 1) % PLACES; table[i].at != 0; i = (i + 1) % PLACES) {
    const size_t from_home = (i - home_of(table[i].at)) % PLACES, from_gap = (i - gap) % PLACES;
    if (from_home < from_gap) continue;
    table[gap] = table[i];
    gap = i;
  }
  table[gap].at = 0;
}

void blocks_remove(const void* at) {
  if (at == NULL || judging) return;
  pthread_mutex_lock(&lock);
  const size_t place = place_of((uintptr_t)at);
  const block found = table[place];
  if (found.at != 0) {
    if (found.stack != 0) unused[n_unused++] = found.stack;
    --n_blocks;
    close_gap(place);
  }
  pthread_mutex_unlock(&lock);
  if (found.at != 0 && found.stack != 0) memset((void*)found.at, 0x5a, found.bytes);
}

/* -- who is reached -- */

static int32_t judged[STACKS]; /* places in the table, by address */
static unsigned char reached[STACKS];
static int32_t open_ends[STACKS]; /* reached, and not yet looked into */
static int n_judged, n_open;

static int by_address(const void* a, const void* b) {
  const uintptr_t x = table[*(const int32_t*)a].at, y = table[*(const int32_t*)b].at;
  return (x > y) - (x < y);
}

/* The judged block that this may point into, or -1. */
static int block_at(uintptr_t address) {
  int first = 0, end = n_judged;
  while (first < end) {
    const int middle = (first + end) / 2;
    if (table[judged[middle]].at <= address)
      first = middle + 1;
    else
      end = middle;
  }
  if (first == 0) return -1;
  const block* below = &table[judged[first - 1]];
  return address - below->at < (below->bytes > 0 ? below->bytes : 1) ? first - 1 : -1;
}

static void look_into(uintptr_t begin, size_t bytes) {
  const uintptr_t first = (begin + sizeof begin - 1) / sizeof begin * sizeof begin;
  for (uintptr_t at = first; at + sizeof at <= begin + bytes; at += sizeof at) {
    const int found = block_at(*(const uintptr_t*)at);
    if (found < 0 || reached[found]) continue;
    reached[found] = 1;
    open_ends[n_open++] = found;
  }
}

static int look_into_file(struct dl_phdr_info* file, size_t size, void* unused_argument) {
  (void)size, (void)unused_argument;
  const uintptr_t here = (uintptr_t)table;
  for (int i = 0; i < file->dlpi_phnum; ++i) {
    const ElfW(Phdr)* part = &file->dlpi_phdr[i];
    const uintptr_t begin = file->dlpi_addr + part->p_vaddr;
    const int holds_table = here >= begin && here < begin + part->p_memsz;
    if (part->p_type == PT_LOAD && (part->p_flags & PF_W) != 0 && !holds_table) look_into(begin, part->p_memsz);
    if (part->p_type == PT_TLS && file->dlpi_tls_data != NULL) look_into((uintptr_t)file->dlpi_tls_data, part->p_memsz);
  }
  return 0;
}

blocks_found blocks_judge(void (*tell)(int reached, size_t bytes, const caller_stack* by)) {
  blocks_found found = {0, 0, full};
  judging = 1; /* qsort allocates */
  for (int32_t i = 0; i < PLACES; ++i)
    if (table[i].at != 0 && table[i].stack != 0) judged[n_judged++] = i;
  qsort(judged, (size_t)n_judged, sizeof judged[0], by_address);
  dl_iterate_phdr(look_into_file, NULL);
  for (int i = 0; i < PLACES; ++i)
    if (table[i].at != 0 && table[i].stack == 0) look_into(table[i].at, table[i].bytes);
  while (n_open > 0) {
    const block* next = &table[judged[open_ends[--n_open]]];
    look_into(next->at, next->bytes);
  }
  for (int i = 0; i < n_judged; ++i) {
    const block* left = &table[judged[i]];
    found.kept += reached[i];
    found.lost += !reached[i];
    tell(reached[i], left->bytes, &stacks[left->stack]);
  }
  return found;
}
