/* tests/faults/fault.c -- which call is the one that fails, and the report of it. */
/* SPDX-License-Identifier: BSD-3-Clause */
#define _GNU_SOURCE
#include "fault.h"

#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "blocks.h"

static const char* const names[FAULT_KINDS] = {"malloc", "open",   "read", "write",
                                               "fsync",  "rename", "mmap", "pthread_create"};
static const int errors[FAULT_KINDS] = {ENOMEM, EMFILE, EIO, ENOSPC, EIO, EIO, ENOMEM, EAGAIN};

static int wanted = FAULT_KINDS, report = -1;
static long fatal_call;
static atomic_long calls;
static atomic_int armed;
/* Not found by a function of the loader's, which may allocate. */
static _Thread_local int inside __attribute__((tls_model("initial-exec")));

/* Past everything that is replaced here, and at once: the process may end at any time. */
static void say(const char* text) { syscall(SYS_write, report, text, strlen(text)); }

static void say_stack(const caller_stack* stack) {
  for (int i = 0; i < stack->n; ++i) {
    char name[200], line[220];
    caller_name(stack->frames[i], name, sizeof name);
    snprintf(line, sizeof line, "  at %s\n", name);
    say(line);
  }
}

static void say_block(int reached, size_t bytes, const caller_stack* by) {
  char line[100];
  snprintf(line, sizeof line, "%s %zu bytes\n", reached ? "kept" : "lost", bytes);
  say(line);
  say_stack(by);
}

__attribute__((constructor)) static void read_environment(void) {
  const char *call = getenv("CLQ_FAULT_CALL"), *at = getenv("CLQ_FAULT_AT"), *file = getenv("CLQ_FAULT_REPORT");
  if (call == NULL || file == NULL) return;
  fatal_call = at == NULL ? 0 : atol(at);
  report = (int)syscall(SYS_openat, AT_FDCWD, file, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0666);
  for (wanted = 0; wanted < FAULT_KINDS && strcmp(call, names[wanted]) != 0;) ++wanted;
}

void clq_fault_begin(void) { armed = report >= 0; }

void clq_fault_end(void) { armed = 0; }

void clq_fault_finish(void) {
  char line[100];
  if (report < 0) return;
  const blocks_found left = blocks_judge(say_block);
  snprintf(line, sizeof line, "calls %ld\nleft %ld lost %ld kept%s\n", (long)calls, (long)left.lost, (long)left.kept,
           left.full ? " full" : "");
  say(line);
}

int fault_sees(caller_stack* stack) {
  if (!armed || inside) return 0;
  const int error = errno;
  inside = 1;
  const int ours = caller_is_ours(stack);
  inside = 0;
  errno = error;
  return ours;
}

int fault_hits(enum fault_kind kind, const caller_stack* stack) {
  if ((int)kind != wanted) return 0;
  const long call = atomic_fetch_add(&calls, 1) + 1;
  if (call != fatal_call) return 0;
  char line[100];
  snprintf(line, sizeof line, "fired %ld\n", call);
  say(line);
  say_stack(stack);
  errno = errors[kind];
  return 1;
}

int fault_is(enum fault_kind kind) {
  caller_stack stack;
  return (int)kind == wanted && fault_sees(&stack) && fault_hits(kind, &stack);
}
