/* tests/core/runtime/plugins/sinks.c -- a sink with two suffixes, one the tail of the other. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <string.h>

#include <calanque/plugin/data_sink.h>

#ifndef TOY_ID
#define TOY_ID "org.test.sinks"
#define TOY_SUFFIXES ".toy .toy.fz"
#endif

static clq_status create(const char *uri, const char *options, const clq_field *fields, uint32_t n_fields, int64_t n,
                         clq_sink **out) {
   (void)uri; (void)options; (void)fields; (void)n_fields; (void)n; (void)out;
   return CLQ_E_UNSUPPORTED;
}
static clq_status write_some(clq_sink *s, int64_t first, uint32_t n, const clq_slot *slots) {
   (void)s; (void)first; (void)n; (void)slots;
   return CLQ_E_UNSUPPORTED;
}
static clq_status commit(clq_sink *s) { (void)s; return CLQ_E_UNSUPPORTED; }
static void discard(clq_sink *s) { (void)s; }

static const clq_data_sink_api sink = {CLQ_TABLE(clq_data_sink_api), TOY_SUFFIXES, create, write_some, commit, discard};

static clq_status init(const clq_host *host) { (void)host; return CLQ_OK; }
static const void *get_factory(const char *id) { return strcmp(id, CLQ_DATA_SINK_ID) == 0 ? &sink : NULL; }

CLQ_EXPORT extern const clq_plugin_entry clq_plugin;
CLQ_EXPORT const clq_plugin_entry clq_plugin =
   CLQ_PLUGIN_ENTRY_INIT(TOY_ID, "0.1.0", "BSD-3-Clause", init, NULL, get_factory);
