/* tests/faults/caller.c -- whose call it is, told from the addresses of code on the stack. */
/* SPDX-License-Identifier: BSD-3-Clause */
#define _GNU_SOURCE
#include "caller.h"

#include <dlfcn.h>
#include <link.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <unwind.h>

#include "foreign.h"

/* std::filesystem puts half a dozen of its functions between ours and malloc. */
enum { SEARCHED = 16, MOST_FILES = 256 };

/* ENDS: of a library that ends the process itself where memory lacks; docs/memory.md names them. */
enum owner { OWNER_US, OWNER_THIS, OWNER_SYSTEM, OWNER_ENDS, OWNER_END };

typedef struct {
  uintptr_t begin, end;
  enum owner owner;
} mapped_file;

/* Grows only, as plugins are never unloaded. Who reads takes those that are counted. */
static mapped_file files[MOST_FILES];
static atomic_int n_files;
static atomic_flag adding = ATOMIC_FLAG_INIT;

static const char* base_name(const struct link_map* map) {
  const char* slash = strrchr(map->l_name, '/');
  return slash == NULL ? map->l_name : slash + 1;
}

static enum owner owner_by_name(const struct dl_find_object* found) {
  const uintptr_t here = (uintptr_t)&owner_by_name;
  const char* name = base_name(found->dlfo_link_map);
  if (here >= (uintptr_t)found->dlfo_map_start && here < (uintptr_t)found->dlfo_map_end) return OWNER_THIS;
  if (strncmp(name, "libcalanque.so", 14) == 0 || strncmp(name, "clq_", 4) == 0) return OWNER_US;
  if (strncmp(name, "libtomlplusplus", 15) == 0) return OWNER_ENDS;
  if (name[0] == '\0' || strncmp(name, "ld-", 3) == 0 || strncmp(name, "linux-vdso", 10) == 0) return OWNER_END;
  return OWNER_SYSTEM;
}

/* Asks the loader, which answers without a lock: a call may come from inside of dlopen. */
static enum owner look_up(uintptr_t address) {
  struct dl_find_object found;
  if (_dl_find_object((void*)address, &found) != 0) return OWNER_END;
  const enum owner owner = owner_by_name(&found);
  if (atomic_flag_test_and_set(&adding)) return owner; /* another thread keeps one: this one is kept next time */
  const int n = atomic_load(&n_files);
  if (n < MOST_FILES) {
    files[n] = (mapped_file){(uintptr_t)found.dlfo_map_start, (uintptr_t)found.dlfo_map_end, owner};
    atomic_store(&n_files, n + 1);
  }
  atomic_flag_clear(&adding);
  return owner;
}

static enum owner owner_of(uintptr_t address) {
  const int n = atomic_load(&n_files);
  for (int i = 0; i < n; ++i)
    if (address >= files[i].begin && address < files[i].end) return files[i].owner;
  return look_up(address);
}

typedef struct {
  caller_stack* stack;
  int ours;
} walk;

/* Of a frame in a library of ours: it may belong to a header of others. */
static enum author author_at(uintptr_t address) {
  struct dl_find_object found;
  if (_dl_find_object((void*)address, &found) != 0) return AUTHOR_US;
  return author_of(base_name(found.dlfo_link_map), address - found.dlfo_link_map->l_addr);
}

static _Unwind_Reason_Code visit(struct _Unwind_Context* context, void* argument) {
  walk* at = argument;
  caller_stack* stack = at->stack;
  const uintptr_t address = _Unwind_GetIP(context) - 1; /* of the call, not behind it */
  const enum owner owner = owner_of(address);
  if (owner == OWNER_THIS) return _URC_NO_REASON;
  const enum author author = owner == OWNER_US && !at->ours ? author_at(address) : AUTHOR_US;
  if (!at->ours && (owner == OWNER_ENDS || author == AUTHOR_JSON)) return _URC_END_OF_STACK;
  if (owner == OWNER_END || stack->n == CALLER_DEPTH) return _URC_END_OF_STACK;
  if (owner == OWNER_US && author == AUTHOR_US) at->ours = 1;
  if (!at->ours && stack->n == SEARCHED) return _URC_END_OF_STACK;
  stack->frames[stack->n++] = address;
  return _URC_NO_REASON;
}

int caller_is_ours(caller_stack* stack) {
  walk at = {stack, 0};
  stack->n = 0;
  _Unwind_Backtrace(visit, &at);
  return at.ours;
}

void caller_name(uintptr_t frame, char* text, size_t capacity) {
  struct dl_find_object found;
  if (_dl_find_object((void*)frame, &found) != 0)
    snprintf(text, capacity, "?+0x%lx", (unsigned long)frame);
  else
    snprintf(text, capacity, "%s+0x%lx", base_name(found.dlfo_link_map),
             (unsigned long)(frame - found.dlfo_link_map->l_addr));
}
