/* tests/abi/0.1/golden/executable.h -- a compiled segment of the golden backend. C99. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef GOLDEN_EXECUTABLE_H
#define GOLDEN_EXECUTABLE_H
#include "golden.h"

typedef struct block { /* 16 bytes, so that what follows is aligned for every type */
  struct block* next;
  int64_t unused;
} block;

struct clq_executable {
  clq_segment segment; /* its arrays are kept here: the host's are gone after compile() */
  block* kept;
  int64_t workspace;
  int32_t no_memory, unused;
};

clq_executable* golden_executable(const clq_segment* segment); /* NULL: no memory */
void golden_executable_free(clq_executable* e);
int64_t golden_bytes(const clq_executable* e, uint32_t value);
/* Writes every value's address, n_values of them, and the constants into the workspace. Others may use the workspace
   between two runs, so each run does this. */
void golden_place(const clq_executable* e, const clq_bind_args* args, void** at);
#endif
