/* tests/hosts/fortran/spy.c -- stands before functions of the library and keeps what they were given.
 * SPDX-License-Identifier: BSD-3-Clause */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <string.h>

#include <calanque/calanque.h>

static const void *seen_data;
static int64_t seen_dims[8];
static int32_t seen_rank, seen_dtype, seen_borrow;
static float seen_values[64]; /* the first ones, as they were at the call */

static void keep(const void *data, int32_t dtype, int32_t rank, const int64_t *dims, int32_t borrow, int64_t bytes) {
  int32_t i;
  seen_data = data;
  seen_dtype = dtype;
  seen_rank = rank;
  seen_borrow = borrow;
  for (i = 0; i < rank && i < 8; ++i) seen_dims[i] = dims[i];
  if (dtype == CLQ_F32) memcpy(seen_values, data, bytes < (int64_t)sizeof seen_values ? (size_t)bytes : sizeof seen_values);
}

clq_status clq_source_add(clq_handle source, const char *field, const void *data, int32_t dtype, int32_t rank,
                          const int64_t *dims, int32_t borrow) {
  clq_status (*next)(clq_handle, const char *, const void *, int32_t, int32_t, const int64_t *, int32_t);
  int64_t n = 0, size = dtype == CLQ_F64 || dtype == CLQ_I64 ? 8 : dtype == CLQ_I16 ? 2 : 4;
  int32_t i;
  clq_source_count(source, &n);
  for (i = 0; i < rank; ++i) n *= dims[i];
  keep(data, dtype, rank, dims, borrow, n * size);
  *(void **)&next = dlsym(RTLD_NEXT, "clq_source_add");
  return next(source, field, data, dtype, rank, dims, borrow);
}

clq_status clq_batch_set(clq_handle batch, const char *name, const void *data, int32_t dtype, int32_t rank,
                         const int64_t *dims) {
  clq_status (*next)(clq_handle, const char *, const void *, int32_t, int32_t, const int64_t *);
  int64_t n = 1, size = dtype == CLQ_F64 || dtype == CLQ_I64 ? 8 : dtype == CLQ_I16 ? 2 : 4;
  int32_t i;
  for (i = 0; i < rank; ++i) n *= dims[i];
  keep(data, dtype, rank, dims, -1, n * size);
  *(void **)&next = dlsym(RTLD_NEXT, "clq_batch_set");
  return next(batch, name, data, dtype, rank, dims);
}

const void *spy_data(void) { return seen_data; }
int64_t spy_dim(int32_t i) { return i < seen_rank ? seen_dims[i] : -1; }
int32_t spy_rank(void) { return seen_rank; }
int32_t spy_dtype(void) { return seen_dtype; }
int32_t spy_borrow(void) { return seen_borrow; }
float spy_value(int32_t i) { return seen_values[i]; }
