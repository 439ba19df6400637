/* tests/hosts/guest/looks.c -- writes what of this process is its host's as text: one file a look, one part a section.
 * SPDX-License-Identifier: BSD-3-Clause
 *
 * The folder is what the environment variable LOOKS names. Called as each language calls C. */
#define _GNU_SOURCE
#include <dirent.h>
#include <fcntl.h>
#include <fenv.h>
#include <locale.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

int32_t looks_look(int32_t number);            /* 0, or below: the file cannot be written */
int32_t looks_(const int32_t *number);         /* the same as compilers of Fortran 77 call it */
int32_t looks_idl(int argc, void *argv[]);     /* LONG in: the number */
int64_t spy_calls(void) __attribute__((weak)); /* of spy.c, where that is loaded */
int64_t spy_raised(void) __attribute__((weak));
void spy_begin(void) __attribute__((weak));

enum { BEFORE = 0, BEGIN = 1, END = 3, SIGNALS = 64, ENTRIES = 4096 };

typedef struct {
  int rounding, traps;
  uint32_t mxcsr, x87;
} arithmetic;

static arithmetic registers(void) {
  arithmetic now = {0, 0, 0, 0};
#if defined(__x86_64__)
  uint16_t control;
  __asm__ volatile("fnstcw %0" : "=m"(control));
  __asm__ volatile("stmxcsr %0" : "=m"(now.mxcsr));
  now.x87 = control;
  now.mxcsr &= ~0x3fU; /* the flags, which the host's own arithmetic raises: spy.c looks at those */
#endif
  now.rounding = fegetround();
  now.traps = fegetexcept();
  return now;
}

/* By the system call: the C library hides two signals that are its own. */
static void tell_signals(FILE *out) {
  struct {
    void *handler;
    unsigned long flags;
    void *restorer;
    uint64_t mask;
  } action;
  int s;
  fprintf(out, "[signals]\n");
  for (s = 1; s <= SIGNALS; ++s) {
    memset(&action, 0, sizeof action);
    syscall(SYS_rt_sigaction, s, NULL, &action, sizeof action.mask);
    fprintf(out, "%d %p %lx %llx\n", s, action.handler, action.flags, (unsigned long long)action.mask);
  }
}

static void tell_mask(FILE *out) {
  sigset_t blocked;
  int s;
  fprintf(out, "[mask]\n");
  pthread_sigmask(SIG_BLOCK, NULL, &blocked);
  for (s = 1; s <= SIGNALS; ++s) fputc(sigismember(&blocked, s) == 1 ? '1' : '0', out);
  fputc('\n', out);
}

static int by_number(const void *a, const void *b) {
  const int x = *(const int *)a, y = *(const int *)b;
  return (x > y) - (x < y);
}

/* The numbers in a folder of /proc in their order; the descriptor that reads it is closed again. */
static int numbers_in(const char *path, int *numbers) {
  DIR *folder = opendir(path);
  const struct dirent *entry;
  int n = 0, own;
  if (folder == NULL) return -1;
  own = dirfd(folder);
  while ((entry = readdir(folder)) != NULL && n < ENTRIES)
    if (entry->d_name[0] != '.' && (strstr(path, "fd") == NULL || atoi(entry->d_name) != own))
      numbers[n++] = atoi(entry->d_name);
  closedir(folder);
  qsort(numbers, (size_t)n, sizeof *numbers, by_number);
  return n;
}

static void tell_descriptors(FILE *out, const int *numbers, int n) {
  char path[64], target[4096];
  int i;
  fprintf(out, "[descriptors]\n");
  for (i = 0; i < n; ++i) {
    ssize_t length;
    snprintf(path, sizeof path, "/proc/self/fd/%d", numbers[i]);
    length = readlink(path, target, sizeof target - 1);
    if (numbers[i] == fileno(out)) continue;
    fprintf(out, "%d %.*s %d\n", numbers[i], (int)(length > 0 ? length : 0), target, fcntl(numbers[i], F_GETFD));
  }
}

static void tell_threads(FILE *out, const int *numbers, int n) {
  char path[64], name[64];
  int i;
  fprintf(out, "[threads]\n");
  for (i = 0; i < n; ++i) {
    FILE *file;
    snprintf(path, sizeof path, "/proc/self/task/%d/comm", numbers[i]);
    if ((file = fopen(path, "r")) == NULL) continue;
    fprintf(out, "%d %s", numbers[i], fgets(name, sizeof name, file) != NULL ? name : "?\n");
    fclose(file);
  }
}

static void tell_rest(FILE *out, arithmetic now) {
  extern char **environ;
  char folder[4096] = "", **entry;
  const mode_t mask = umask(0);
  umask(mask);
  fprintf(out, "[rounding]\n%d\n[traps]\n%x\n[words]\nx87 %x mxcsr %x\n", now.rounding, now.traps, now.x87, now.mxcsr);
  fprintf(out, "[locale]\n%s %p\n", setlocale(LC_ALL, NULL), (void *)uselocale((locale_t)0));
  fprintf(out, "[folder]\n%s\n", getcwd(folder, sizeof folder) != NULL ? folder : "none");
  fprintf(out, "[umask]\n%o\n[environment]\n", (unsigned)mask);
  for (entry = environ; *entry != NULL; ++entry) fprintf(out, "%s\n", *entry);
  fprintf(out, "[calls]\n%lld\n", spy_calls != NULL ? (long long)spy_calls() : -1LL);
  fprintf(out, "[flags]\n%lld\n", spy_raised != NULL ? (long long)spy_raised() : -1LL);
}

/* A thread that has ended may be listed a moment longer: the last look waits a second for as many as the first saw. */
static int threads_at(int32_t number, int *threads) {
  static int before;
  int n = numbers_in("/proc/self/task", threads), turn;
  if (number == BEFORE) before = n;
  for (turn = 0; number == END && n > before && turn < 100; ++turn) {
    usleep(10000);
    n = numbers_in("/proc/self/task", threads);
  }
  return n;
}

int32_t looks_look(int32_t number) {
  static int descriptors[ENTRIES], threads[ENTRIES];
  const arithmetic now = registers(); /* before anything here computes */
  const int n_descriptors = numbers_in("/proc/self/fd", descriptors), n_threads = threads_at(number, threads);
  char path[4096];
  FILE *out;
  if (getenv("LOOKS") == NULL || n_descriptors < 0 || n_threads < 0) return -1;
  snprintf(path, sizeof path, "%s/%d", getenv("LOOKS"), number);
  if ((out = fopen(path, "w")) == NULL) return -1;
  tell_signals(out);
  tell_mask(out);
  tell_descriptors(out, descriptors, n_descriptors);
  tell_threads(out, threads, n_threads);
  tell_rest(out, now);
  if (fclose(out) != 0) return -1;
  if (number == BEGIN && spy_begin != NULL) spy_begin();
  return 0;
}

int32_t looks_(const int32_t *number) { return looks_look(*number); }

int32_t looks_idl(int argc, void *argv[]) {
  int32_t number;
  if (argc != 1) return -1;
  memcpy(&number, argv[0], sizeof number);
  return looks_look(number);
}
