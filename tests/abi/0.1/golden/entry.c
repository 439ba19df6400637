/* tests/abi/0.1/golden/entry.c -- the entry of the golden plugin: a backend, a source, a layer, an op. Never to be changed. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <string.h>

#include "golden.h"

const clq_host* golden_host = NULL;

clq_status golden_fail(clq_status status, const char* text) {
  golden_host->set_error(golden_host, text);
  return status;
}

int64_t golden_count(const clq_tensor_desc* desc) {
  int64_t n = 1;
  for (int32_t d = 0; d < desc->rank; ++d) n *= desc->dims[d];
  return n;
}

static clq_status CLQ_CALL init(const clq_host* host) {
  if (golden_host != NULL && golden_host != host) {
    host->set_error(host, "already in use by another host");
    return CLQ_E_UNSUPPORTED;
  }
  golden_host = host;
  return CLQ_OK;
}

static void CLQ_CALL deinit(void) { golden_host = NULL; }

static const void* CLQ_CALL get_factory(const char* id) {
  if (strcmp(id, CLQ_BACKEND_ID) == 0) return &golden_backend;
  if (strcmp(id, CLQ_DATA_SOURCE_ID) == 0) return &golden_source;
  if (strcmp(id, CLQ_BUILDER_ID) == 0) return &golden_builders;
  if (strcmp(id, CLQ_OPS_ID) == 0) return &golden_ops;
  return NULL;
}

CLQ_EXPORT const clq_plugin_entry clq_plugin =
    CLQ_PLUGIN_ENTRY_INIT("org.calanque.golden", "0.1.0", "BSD-3-Clause", init, deinit, get_factory);
