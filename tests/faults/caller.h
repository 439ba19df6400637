/* tests/faults/caller.h -- whose call it is, told from the addresses of code on the stack. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef CLQ_TESTS_FAULTS_CALLER_H
#define CLQ_TESTS_FAULTS_CALLER_H
#include <stddef.h>
#include <stdint.h>

enum { CALLER_DEPTH = 24 };

typedef struct {
  uintptr_t frames[CALLER_DEPTH]; /* the innermost first */
  int n;
} caller_stack;

/* True for a call that code of Calanque makes, by itself or through other libraries, the C++ library for instance. What
 * the loader does on the way, and what the program does, is nobody's of ours. Allocates nothing. [any-thread] */
int caller_is_ours(caller_stack* stack);

/* "libcalanque.so.0.1.0+0x1234", for addr2line. */
void caller_name(uintptr_t frame, char* text, size_t capacity);

#endif
