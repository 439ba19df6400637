/* tests/hosts/guest/spy.c -- stands before every function of calanque.h: counts calls, and writes where arrays lie.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * spy_functions.h beside it is made of calanque.h by tests/evidence/hosts/spying.py: each function calls came(), the
 * library's own and went(). Where the environment variable SPY names a file, a line is added for each array that
 * crosses the border in a call that does well: function, field or name, argument, address. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <fenv.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <calanque/calanque.h>

#include "plant.h"

int64_t spy_calls(void);  /* since spy_begin, from all threads */
int64_t spy_raised(void); /* of those, how many raised a flag of the arithmetic */
void spy_begin(void);

static int64_t calls, raised;
static int begun;

typedef struct {
  fexcept_t flags;
} visit;

int64_t spy_calls(void) { return __atomic_load_n(&calls, __ATOMIC_RELAXED); }
int64_t spy_raised(void) { return __atomic_load_n(&raised, __ATOMIC_RELAXED); }

void spy_begin(void) {
  calls = raised = 0;
  begun = 1;
}

static void *next_of(const char *function) {
  void *found = dlsym(RTLD_NEXT, function);
  if (found == NULL) abort(); /* a spy that is loaded without the library */
  return found;
}

/* Flags are lowered for the call and put back behind it: those of the host's arithmetic would hide the library's. */
static visit came(void) {
  visit now;
  fegetexceptflag(&now.flags, FE_ALL_EXCEPT);
  feclearexcept(FE_ALL_EXCEPT);
  return now;
}

static void went(visit before) {
  const int64_t call = __atomic_add_fetch(&calls, 1, __ATOMIC_RELAXED);
  plant(begun ? call : 0);
  if (fetestexcept(FE_ALL_EXCEPT) != 0) __atomic_fetch_add(&raised, 1, __ATOMIC_RELAXED);
  fesetexceptflag(&before.flags, FE_ALL_EXCEPT);
}

static void write_array(const char *function, const char *name, const char *argument, const void *data) {
  const char *path = getenv("SPY");
  char line[200];
  int file, n;
  if (path == NULL) return;
  n = snprintf(line, sizeof line, "%s %s %s %lld\n", function, name, argument, (long long)(intptr_t)data);
  file = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
  if (file < 0 || write(file, line, (size_t)n) != n) abort(); /* a line that is lost would be a wrong figure */
  close(file);
}

#include "spy_functions.h"
