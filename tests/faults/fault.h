/* tests/faults/fault.h -- which call is the one that fails. */
/* SPDX-License-Identifier: BSD-3-Clause */
/* CLQ_FAULT_CALL names the kind of call, CLQ_FAULT_AT says which of them, 0 to count alone, and CLQ_FAULT_REPORT the
 * file that tells what happened. The program says by clq_fault_begin and clq_fault_end where calls count, and by
 * clq_fault_finish that nothing from in between should be in use any more. */
#ifndef CLQ_TESTS_FAULTS_FAULT_H
#define CLQ_TESTS_FAULTS_FAULT_H
#include "caller.h"

enum fault_kind {
  FAULT_MALLOC,
  FAULT_OPEN,
  FAULT_READ,
  FAULT_WRITE,
  FAULT_FSYNC,
  FAULT_RENAME,
  FAULT_MMAP,
  FAULT_THREAD,
  FAULT_KINDS
};

/* True for a call of ours while calls count; `stack` is where it comes from. Leaves errno alone. [any-thread] */
int fault_sees(caller_stack* stack);

/* Counts a call of ours. True for the one that fails, with errno set. [any-thread] */
int fault_hits(enum fault_kind kind, const caller_stack* stack);

/* Both, where the stack is of no further use. */
int fault_is(enum fault_kind kind);

void clq_fault_begin(void);
void clq_fault_end(void);
void clq_fault_finish(void);

#endif
