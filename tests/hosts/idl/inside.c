/* tests/hosts/idl/inside.c -- what only C sees in a session of IDL or GDL: addresses, signal handlers, the state of arithmetic.
 * SPDX-License-Identifier: BSD-3-Clause */
#define _GNU_SOURCE
#include <fenv.h>
#include <locale.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

int32_t inside_address(int argc, void *argv[]); /* anything, LONG64 out */
int32_t inside_state(int argc, void *argv[]);   /* LONG64[128] out, bytes[1024] out: locale and working directory */

int32_t inside_address(int argc, void *argv[]) {
  const int64_t address = (int64_t)(intptr_t)argv[0];
  if (argc != 2) return -1;
  memcpy(argv[1], &address, sizeof address);
  return 0;
}

int32_t inside_state(int argc, void *argv[]) {
  int64_t *out = argv[0];
  char *text = argv[1];
  sigset_t blocked;
  int s;
  if (argc != 2) return -1;
  sigprocmask(SIG_BLOCK, NULL, &blocked);
  for (s = 1; s < 32; ++s) {
    struct sigaction now;
    sigaction(s, NULL, &now);
    out[3 * s] = (int64_t)(intptr_t)now.sa_sigaction;
    out[3 * s + 1] = now.sa_flags;
    out[3 * s + 2] = sigismember(&blocked, s);
  }
  out[0] = fegetround();
  out[1] = fegetexcept();
  strncpy(text, setlocale(LC_ALL, NULL), 500);
  return getcwd(text + 512, 512) != NULL ? 0 : -1;
}
