/* tests/faults/preload.c -- in front of the C library: functions that fail when it is their turn. */
/* SPDX-License-Identifier: BSD-3-Clause */
#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/uio.h>
#include <unistd.h>

#include "blocks.h"
#include "fault.h"

/* -- memory; operator new comes by malloc -- */

void* __libc_malloc(size_t bytes);
void* __libc_calloc(size_t n, size_t size);
void* __libc_memalign(size_t alignment, size_t bytes);
void __libc_free(void* block);

static void* added(void* block, size_t bytes, const caller_stack* by) {
  blocks_add(block, bytes, by);
  return block;
}

void* malloc(size_t bytes) {
  caller_stack stack;
  if (!fault_sees(&stack)) return added(__libc_malloc(bytes), bytes, NULL);
  return fault_hits(FAULT_MALLOC, &stack) ? NULL : added(__libc_malloc(bytes), bytes, &stack);
}

void* calloc(size_t n, size_t size) {
  caller_stack stack;
  if (!fault_sees(&stack)) return added(__libc_calloc(n, size), n * size, NULL);
  return fault_hits(FAULT_MALLOC, &stack) ? NULL : added(__libc_calloc(n, size), n * size, &stack);
}

void* memalign(size_t alignment, size_t bytes) {
  caller_stack stack;
  if (!fault_sees(&stack)) return added(__libc_memalign(alignment, bytes), bytes, NULL);
  return fault_hits(FAULT_MALLOC, &stack) ? NULL : added(__libc_memalign(alignment, bytes), bytes, &stack);
}

void* aligned_alloc(size_t alignment, size_t bytes) { return memalign(alignment, bytes); }

int posix_memalign(void** out, size_t alignment, size_t bytes) {
  const int error = errno;
  void* block = memalign(alignment, bytes);
  errno = error;
  if (block == NULL) return ENOMEM;
  *out = block;
  return 0;
}

void free(void* block) {
  const int error = errno;
  blocks_remove(block);
  __libc_free(block);
  errno = error;
}

/* Always another block: who keeps a pointer to the old one is found out. */
void* realloc(void* old, size_t bytes) {
  if (old != NULL && bytes == 0) return free(old), NULL;
  void* block = malloc(bytes);
  if (old == NULL || block == NULL) return block;
  const size_t room = malloc_usable_size(old);
  memcpy(block, old, room < bytes ? room : bytes);
  free(old);
  return block;
}

/* -- everything else: the next function of this name, unless it is this call's turn -- */

static void* next_of(const char* name) {
  const int error = errno;
  void* found = dlsym(RTLD_NEXT, name);
  errno = error;
  return found;
}

#define NEXT(name, result, parameters) \
  static result(*next) parameters;     \
  if (next == NULL) next = __extension__(result(*) parameters) next_of(#name)

#define REPLACE(kind, failed, result, name, parameters, arguments) \
  result name parameters {                                         \
    NEXT(name, result, parameters);                                \
    return fault_is(kind) ? failed : next arguments;               \
  }

static mode_t mode_of(int flags, va_list more) {
  const int creates = (flags & O_CREAT) != 0 || (flags & O_TMPFILE) == O_TMPFILE;
  return creates ? va_arg(more, mode_t) : 0;
}

#define REPLACE_OPEN(name, parameters, arguments)      \
  int name parameters {                                \
    NEXT(name, int, parameters);                       \
    va_list more;                                      \
    va_start(more, flags);                             \
    const mode_t mode = mode_of(flags, more);          \
    va_end(more);                                      \
    return fault_is(FAULT_OPEN) ? -1 : next arguments; \
  }

REPLACE_OPEN(open, (const char* path, int flags, ...), (path, flags, mode))
REPLACE_OPEN(open64, (const char* path, int flags, ...), (path, flags, mode))
REPLACE_OPEN(openat, (int folder, const char* path, int flags, ...), (folder, path, flags, mode))
REPLACE_OPEN(openat64, (int folder, const char* path, int flags, ...), (folder, path, flags, mode))
REPLACE(FAULT_OPEN, NULL, FILE*, fopen, (const char* path, const char* mode), (path, mode))
REPLACE(FAULT_OPEN, NULL, FILE*, fopen64, (const char* path, const char* mode), (path, mode))
REPLACE(FAULT_OPEN, NULL, DIR*, opendir, (const char* path), (path))
REPLACE(FAULT_OPEN, -1, int, mkostemp, (char* path, int flags), (path, flags))

REPLACE(FAULT_READ, -1, ssize_t, read, (int file, void* to, size_t n), (file, to, n))
REPLACE(FAULT_READ, -1, ssize_t, readv, (int file, const struct iovec* to, int n), (file, to, n))
REPLACE(FAULT_READ, -1, ssize_t, pread, (int file, void* to, size_t n, off_t at), (file, to, n, at))
REPLACE(FAULT_READ, -1, ssize_t, pread64, (int file, void* to, size_t n, off_t at), (file, to, n, at))
REPLACE(FAULT_READ, 0, size_t, fread, (void* to, size_t size, size_t n, FILE* file), (to, size, n, file))

REPLACE(FAULT_WRITE, -1, ssize_t, write, (int file, const void* from, size_t n), (file, from, n))
REPLACE(FAULT_WRITE, -1, ssize_t, writev, (int file, const struct iovec* from, int n), (file, from, n))
REPLACE(FAULT_WRITE, -1, ssize_t, pwrite, (int file, const void* from, size_t n, off_t at), (file, from, n, at))
REPLACE(FAULT_WRITE, -1, ssize_t, pwrite64, (int file, const void* from, size_t n, off_t at), (file, from, n, at))
REPLACE(FAULT_WRITE, 0, size_t, fwrite, (const void* from, size_t size, size_t n, FILE* file), (from, size, n, file))

REPLACE(FAULT_FSYNC, -1, int, fsync, (int file), (file))
REPLACE(FAULT_FSYNC, -1, int, fdatasync, (int file), (file))

REPLACE(FAULT_RENAME, -1, int, rename, (const char* from, const char* to), (from, to))
REPLACE(FAULT_RENAME, -1, int, renameat, (int a, const char* from, int b, const char* to), (a, from, b, to))
REPLACE(FAULT_RENAME, -1, int, link, (const char* from, const char* to), (from, to))
REPLACE(FAULT_RENAME, -1, int, linkat, (int a, const char* from, int b, const char* to, int flags),
        (a, from, b, to, flags))

REPLACE(FAULT_MMAP, MAP_FAILED, void*, mmap, (void* at, size_t n, int protection, int flags, int file, off_t from),
        (at, n, protection, flags, file, from))
REPLACE(FAULT_MMAP, MAP_FAILED, void*, mmap64, (void* at, size_t n, int protection, int flags, int file, off_t from),
        (at, n, protection, flags, file, from))

REPLACE(FAULT_THREAD, EAGAIN, int, pthread_create,
        (pthread_t * thread, const pthread_attr_t* how, void* (*body)(void*), void* argument),
        (thread, how, body, argument))
