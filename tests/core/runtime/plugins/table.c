/* tests/core/runtime/plugins/table.c -- a data source of three numbers in plain C99. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <string.h>

#include <calanque/plugin/data_source.h>

static const clq_host *the_host;

static uint32_t probe(const char *uri) {
   const size_t n = strlen(uri);
   return n > 4 && strcmp(uri + n - 4, ".toy") == 0 ? 90 : 0;
}

static clq_status open_source(const char *uri, const char *options, clq_source **out) {
   (void)uri; (void)options; (void)out;
   the_host->set_error(the_host, "the toy has nothing to open");
   return CLQ_E_IO;
}

static void close_source(clq_source *s) { (void)s; }
static clq_status describe(clq_source *s, clq_source_info *out) { (void)s; (void)out; return CLQ_E_UNSUPPORTED; }
static clq_status ids(clq_source *s, int64_t first, int64_t n, uint64_t *out) {
   (void)s; (void)first; (void)n; (void)out;
   return CLQ_E_UNSUPPORTED;
}
static clq_status fingerprint(clq_source *s, uint8_t *out32) { (void)s; (void)out32; return CLQ_E_UNSUPPORTED; }
static clq_status locate(clq_source *s, int64_t sample, char *text, int64_t capacity) {
   (void)s; (void)sample; (void)text; (void)capacity;
   return CLQ_E_UNSUPPORTED;
}
static clq_status reader_open(clq_source *s, const clq_reader_config *c, clq_reader **out) {
   (void)s; (void)c; (void)out;
   return CLQ_E_UNSUPPORTED;
}
static clq_status read_some(clq_reader *r, clq_read *io) { (void)r; (void)io; return CLQ_END; }
static void reader_close(clq_reader *r) { (void)r; }

static const clq_data_source_api source = {CLQ_TABLE(clq_data_source_api), "toy", probe, open_source, close_source,
                                           describe, ids, fingerprint, locate, reader_open, read_some, reader_close};

static clq_status init(const clq_host *host) {
   const clq_host_log *log = (const clq_host_log *)host->get_extension(host, CLQ_HOST_LOG_ID);
   if (the_host != NULL) {
      host->set_error(host, "already in use by another host");
      return CLQ_E_UNSUPPORTED;
   }
   the_host = host;
   if (log != NULL) log->log(host, CLQ_LOG_INFO, "hello\nfrom the toy");
   return CLQ_OK;
}

static void deinit(void) { the_host = NULL; }

static const void *get_factory(const char *id) { return strcmp(id, CLQ_DATA_SOURCE_ID) == 0 ? &source : NULL; }

CLQ_EXPORT extern const clq_plugin_entry clq_plugin;
CLQ_EXPORT const clq_plugin_entry clq_plugin =
   CLQ_PLUGIN_ENTRY_INIT("org.test.table", "0.3.0", "BSD-3-Clause", init, deinit, get_factory);
