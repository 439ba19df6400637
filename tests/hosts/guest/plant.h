/* tests/hosts/guest/plant.h -- what a library could do to its host, where the environment variable PLANT asks for it.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * For the controls of the checks: behind the tenth call after spy_begin; memory that is lost behind every one, or overrun. */
#ifndef GUEST_PLANT_H
#define GUEST_PLANT_H
#include <fcntl.h>
#include <fenv.h>
#include <locale.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void *stay(void *unused) {
  for (;;) pause();
  return unused;
}

static void plant_registers(const char *what) {
  if (strcmp(what, "rounding") == 0) fesetround(FE_UPWARD);
  if (strcmp(what, "traps") == 0) feenableexcept(FE_DIVBYZERO);
  if (strcmp(what, "flags") == 0) feraiseexcept(FE_OVERFLOW);
#if defined(__x86_64__)
  if (strcmp(what, "words") == 0) { /* results and operands that are denormal become 0 */
    uint32_t word;
    __asm__ volatile("stmxcsr %0" : "=m"(word));
    word |= 0x8040;
    __asm__ volatile("ldmxcsr %0" : : "m"(word));
  }
#endif
}

static void plant_memory(const char *what) {
  volatile size_t bytes = 24;
  char *volatile lost;
  if (strcmp(what, "leak") != 0 && strcmp(what, "overrun") != 0) return;
  lost = malloc(bytes);
  if (strcmp(what, "leak") == 0) return;
  memset(lost, 0, bytes + 1);
  free(lost);
}

/* call: its number after spy_begin, 0 before. */
static void plant(int64_t call) {
  const char *what = getenv("PLANT");
  pthread_t thread;
  sigset_t one;
  if (what == NULL) return;
  plant_memory(what);
  if (call != 10) return;
  plant_registers(what);
  if (strcmp(what, "locale") == 0) setlocale(LC_ALL, strcmp(setlocale(LC_ALL, NULL), "C") == 0 ? "C.UTF-8" : "C");
  if (strcmp(what, "signals") == 0) signal(SIGUSR1, SIG_IGN);
  if (strcmp(what, "mask") == 0 && sigemptyset(&one) == 0 && sigaddset(&one, SIGUSR2) == 0)
    pthread_sigmask(SIG_BLOCK, &one, NULL);
  if (strcmp(what, "folder") == 0 && chdir("elsewhere") != 0) abort();
  if (strcmp(what, "umask") == 0) umask(077);
  if (strcmp(what, "environment") == 0) setenv("PLANTED", "1", 1);
  if (strcmp(what, "descriptors") == 0 && open("/dev/null", O_RDONLY) < 0) abort();
  if (strcmp(what, "threads") == 0) pthread_create(&thread, NULL, stay, NULL);
  if (strcmp(what, "output") == 0 && write(STDOUT_FILENO, "planted\n", 8) != 8) abort();
}
#endif
