/* tests/evidence/vocabulary/plugin/entry.c -- a plugin with a part of every kind that a network is made of. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <string.h>

#include "parts.h"

static const clq_builder* const kBuilders[] = {&norm_layer,           &bend_layer, &log_cosh_loss,
                                               &heavy_ball_optimizer, &line_task,  &line_metrics};
static const clq_builder_list kBuilderList = {sizeof(clq_builder_list), 6, kBuilders};
static const clq_op_def* const kOps[] = {&bend_op};
static const clq_op_list kOpList = {sizeof(clq_op_list), 1, kOps};

static clq_status CLQ_CALL init(const clq_host* host) {
  if (parts_host != NULL && parts_host != host) {
    host->set_error(host, "already in use by another host");
    return CLQ_E_UNSUPPORTED;
  }
  parts_host = host;
  return CLQ_OK;
}

static void CLQ_CALL deinit(void) { parts_host = NULL; }

static const void* CLQ_CALL get_factory(const char* id) {
  if (strcmp(id, CLQ_BUILDER_ID) == 0) return &kBuilderList;
  return strcmp(id, CLQ_OPS_ID) == 0 ? &kOpList : NULL;
}

CLQ_EXPORT const clq_plugin_entry clq_plugin =
    CLQ_PLUGIN_ENTRY_INIT("org.calanque.vocabulary", "0.1.0", "BSD-3-Clause", init, deinit, get_factory);
