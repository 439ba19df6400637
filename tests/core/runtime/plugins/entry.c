/* tests/core/runtime/plugins/entry.c -- an entry that the build makes wrong in one place. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <string.h>

#include <calanque/plugin/builder.h>
#include <calanque/plugin/data_source.h>

#ifndef TOY_SIZE
#define TOY_SIZE sizeof(clq_plugin_entry)
#endif
#ifndef TOY_MAJOR
#define TOY_MAJOR CLQ_ABI_MAJOR
#endif
#ifndef TOY_MINOR
#define TOY_MINOR CLQ_ABI_MINOR
#endif
#ifndef TOY_ID
#define TOY_ID "org.test.entry"
#endif
#ifndef TOY_INIT
#define TOY_INIT init
#endif
#ifndef TOY_RESERVED
#define TOY_RESERVED 0
#endif

clq_status init(const clq_host *host);
clq_status init_with_words(const clq_host *host);
clq_status init_silent(const clq_host *host);
clq_status nowhere_to_be_found(const clq_host *host);

clq_status init(const clq_host *host) { (void)host; return CLQ_OK; }

clq_status init_with_words(const clq_host *host) {
   host->set_error(host, "the licence server\nis on holiday");
   return CLQ_E_DEVICE;
}

clq_status init_silent(const clq_host *host) { (void)host; return CLQ_E_NOMEM; }

static const void *get_factory(const char *id) {
#ifdef TOY_TABLE_SIZE
   static clq_data_source_api table;
   table.struct_size = (uint32_t)(TOY_TABLE_SIZE);
   table.reserved = TOY_RESERVED;
   table.scheme = "toy";
   if (strcmp(id, CLQ_DATA_SOURCE_ID) == 0) return &table;
#endif
#ifdef TOY_LIST
   static const TOY_LIST list = {sizeof(TOY_LIST), 3, NULL};
   if (strcmp(id, TOY_LIST_ID) == 0) return &list;
#endif
   (void)id;
   return NULL;
}

CLQ_EXPORT extern const clq_plugin_entry clq_plugin;
CLQ_EXPORT const clq_plugin_entry clq_plugin = {(uint32_t)(TOY_SIZE), TOY_MAJOR, TOY_MINOR, TOY_ID, "1.2.3",
                                                "BSD-3-Clause", CLQ_RELEASE, TOY_INIT, NULL, get_factory};
