/* tests/guest/host_preload.c -- makes a host of any program: with a locale, one that traps, one that ends.
 * SPDX-License-Identifier: BSD-3-Clause */
#define _GNU_SOURCE
#include <errno.h>
#include <fenv.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>

__attribute__((constructor)) static void take_host(void) {
  const char* how = getenv("GUEST_HOST");
  if (how == NULL) return;
  if (strcmp(how, "locale") == 0) setlocale(LC_ALL, "");
  if (strcmp(how, "ends") == 0 && strncmp(program_invocation_short_name, "test_", 5) == 0) exit(1);
  if (strcmp(how, "traps") == 0) feenableexcept(FE_DIVBYZERO | FE_INVALID | FE_OVERFLOW);
}
