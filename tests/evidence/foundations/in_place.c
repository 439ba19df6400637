/* tests/evidence/foundations/in_place.c -- makes of a program that writes beside and renames one that writes in place,
 * and that keeps no older file. */
/* SPDX-License-Identifier: BSD-3-Clause */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* The name before ".tmp.", in `to`; NULL where the path has none. */
static const char* place_of(const char* path, char* to, size_t room) {
  const char* mark = strstr(path, ".safetensors.tmp.");
  if (!mark || (size_t)(mark - path) + sizeof ".safetensors" > room) return NULL;
  snprintf(to, room, "%.*s.safetensors", (int)(mark - path), path);
  return to;
}

int open(const char* path, int flags, ...) {
  int (*next)(const char*, int, ...) = (int (*)(const char*, int, ...))dlsym(RTLD_NEXT, "open");
  char place[4096];
  va_list rest;
  va_start(rest, flags);
  int mode = flags & O_CREAT ? va_arg(rest, int) : 0;
  va_end(rest);
  const char* name = flags & O_CREAT ? place_of(path, place, sizeof place) : NULL;
  int file = next(name ? name : path, name ? (flags & ~O_EXCL) | O_TRUNC : flags, mode);
  if (name) usleep(5000); /* so that a kill at a random moment meets it */
  return file;
}

int rename(const char* from, const char* to) {
  int (*next)(const char*, const char*) = (int (*)(const char*, const char*))dlsym(RTLD_NEXT, "rename");
  char place[4096];
  return place_of(from, place, sizeof place) && strcmp(place, to) == 0 ? 0 : next(from, to);
}

int link(const char* from, const char* to) {
  int (*next)(const char*, const char*) = (int (*)(const char*, const char*))dlsym(RTLD_NEXT, "link");
  return strstr(to, "previous.safetensors") != NULL ? 0 : next(from, to);
}
