/* tests/faults/blocks.h -- the blocks of memory in use, and which of them nobody can reach any more. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef CLQ_TESTS_FAULTS_BLOCKS_H
#define CLQ_TESTS_FAULTS_BLOCKS_H
#include <stddef.h>
#include <stdint.h>

#include "caller.h"

/* `by`: who made it, for a block to be judged; NULL for any other one, which may hold the last pointer to one.
 * [any-thread] */
void blocks_add(const void* at, size_t bytes, const caller_stack* by);
/* Forgets one that is about to be freed; a judged one is overwritten, so that no pointer in it counts afterwards. */
void blocks_remove(const void* at);

typedef struct {
  int64_t lost, kept; /* without a pointer to them; with one */
  int full;           /* more blocks than there is room for: nothing can be said */
} blocks_found;

/* Once, at the end: judges what is in use now, and tells of each judged block. Pointers count in the data of the
 * libraries, in this thread's thread-local data and in other blocks, not on stacks: nobody may be inside of a call. */
blocks_found blocks_judge(void (*tell)(int reached, size_t bytes, const caller_stack* by));

#endif
