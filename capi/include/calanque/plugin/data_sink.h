/* calanque/plugin/data_sink.h -- "clq.data-sink/1": predictions, packed data sets and maps to files. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef CLQ_PLUGIN_DATA_SINK_H
#define CLQ_PLUGIN_DATA_SINK_H
#include "data_source.h"

typedef struct clq_sink clq_sink;

#define CLQ_DATA_SINK_ID "clq.data-sink/1"
typedef struct clq_data_sink_api {             /* EXTENSIBLE */
   uint32_t    struct_size, reserved;
   const char *suffixes;                       /* ".fits .fits.fz"                              */
   /* options: {"hdu":"PREDICT","columns":{"ZPHOT":{"ucd":..,"comment":..}},"tables":[..],"cards":[..]} [any-thread] */
   clq_status (CLQ_CALL *create)(const char *uri, const char *options_json, const clq_field *,
                                 uint32_t n_fields, int64_t n_samples, clq_sink **out);
   /* n_fields slots; any order inside [0, n_samples), each sample once. [one thread at a time] */
   clq_status (CLQ_CALL *write)(clq_sink *, int64_t first, uint32_t n, const clq_slot *);
   clq_status (CLQ_CALL *commit)(clq_sink *);  /* all samples there? checksum, fsync, rename: only now the file exists [one thread at a time] */
   void       (CLQ_CALL *discard)(clq_sink *); /* ends the handle, always, also after commit (then nothing is removed); NULL allowed [one thread at a time] */
} clq_data_sink_api;
#endif
