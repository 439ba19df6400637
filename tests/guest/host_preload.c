/* tests/guest/host_preload.c -- makes a host of any program: with a locale, one that traps, one that ends.
 * SPDX-License-Identifier: BSD-3-Clause */
#define _GNU_SOURCE
#include <errno.h>
#include <fenv.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void require(int holds, const char* words) {
  if (holds) return;
  fprintf(stderr, "clq_guest_host: %s\n", words);
  abort();
}

/* A comma, but for a program that somebody started in the locale C. */
static void take_locale(void) {
  const char* wanted = getenv("LC_ALL");
  const char* point = setlocale(LC_ALL, "") != NULL ? localeconv()->decimal_point : "";
  require(wanted != NULL && strcmp(point, strcmp(wanted, "C") == 0 ? "." : ",") == 0, "no locale with a comma");
}

__attribute__((constructor)) static void take_host(void) {
  const char* how = getenv("GUEST_HOST");
  if (how == NULL) return;
  if (strcmp(how, "locale") == 0) take_locale();
  if (strcmp(how, "ends") == 0 && strncmp(program_invocation_short_name, "test_", 5) == 0) exit(1);
  const int traps = FE_DIVBYZERO | FE_INVALID | FE_OVERFLOW;
  if (strcmp(how, "traps") == 0)
    require(feenableexcept(traps) >= 0 && fegetexcept() == traps, "the processor does not trap");
}
