/* calanque/plugin/data_source.h -- "clq.data-source/1": samples straight into host-owned slots. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef CLQ_PLUGIN_DATA_SOURCE_H
#define CLQ_PLUGIN_DATA_SOURCE_H
#include "entry.h"

typedef struct clq_source clq_source;          /* an opened data set: read-only, shareable     */
typedef struct clq_reader clq_reader;          /* one thread's cursor: file handles, scratch   */

enum { CLQ_ROLE_IMAGE = 1, CLQ_ROLE_MASK, CLQ_ROLE_WEIGHT, CLQ_ROLE_LABEL, CLQ_ROLE_LABEL_MAP, CLQ_ROLE_ANGLE,
       CLQ_ROLE_VECTOR, CLQ_ROLE_ID, CLQ_ROLE_OTHER };   /* columns of a plain table are OTHER; the run file's target, id, scalars, weight override */
enum { CLQ_FIELD_RAGGED = 1, CLQ_FIELD_TEXT = 2 };       /* TEXT: U8 [width], NUL-padded UTF-8 */
enum { CLQ_SRC_RANDOM_ACCESS = 1, CLQ_SRC_STREAM = 2 };  /* STREAM alone: predict only; rows are asked for in ascending order, by one reader */

typedef struct clq_field {                     /* FROZEN */
   const char     *name, *unit, *axes;         /* "image", "nMgy", "cyx" ("" for a scalar)      */
   uint32_t        role, flags;                /* CLQ_ROLE_*, CLQ_FIELD_*                       */
   clq_tensor_desc sample;                     /* the shape of ONE sample; dims -1 where ragged */
} clq_field;

typedef struct clq_source_info {               /* EXTENSIBLE, out; arrays owned by the source   */
   uint32_t         struct_size, flags;        /* CLQ_SRC_*                                     */
   int64_t          n_samples;                 /* -1 when unknown                              */
   int64_t          block;                     /* neighbours that are cheap together; 1: none   */
   const clq_field *fields;
   const char      *metadata_json;             /* bands, zero points, WCS, how ANGLE and VECTOR turn under flips */
   uint32_t         n_fields, max_readers;     /* 0: as many as you like                       */
} clq_source_info;

typedef struct clq_reader_config {             /* EXTENSIBLE */
   uint32_t        struct_size, n_fields;
   const uint32_t *fields;                     /* which fields, in slot order: skip the rest    */
   uint32_t        reader, n_readers;          /* this reader's share of a stream               */
} clq_reader_config;

typedef struct clq_slot {                      /* FROZEN: where one field of a batch goes       */
   void           *data;                       /* host memory, 64-byte aligned, often pinned    */
   int64_t         sample_stride, bytes;       /* to the next sample; room in all               */
   int64_t        *shapes;                     /* out, n_samples x rank; NULL unless ragged     */
   clq_tensor_desc want;                       /* dtype and padded shape: convert, crop centred, pad with NaN (image) or 0 */
   uint32_t        field, reserved;
} clq_slot;

typedef struct clq_read clq_read;
struct clq_read {                              /* EXTENSIBLE, in and out */
   uint32_t        struct_size, n_slots;
   const int64_t  *indices;                    /* which samples; NULL: the next ones            */
   const clq_slot *slots;
   uint32_t        n_samples;                  /* in:  room in the slots                        */
   uint32_t        n_done;                     /* out: samples written in full; on an error the position of the bad one */
   void           *ctx;
   int32_t         (CLQ_CALL *cancelled)(const clq_read *);     /* poll in long reads           */
};

#define CLQ_DATA_SOURCE_ID "clq.data-source/1"
typedef struct clq_data_source_api {           /* EXTENSIBLE */
   uint32_t    struct_size, reserved;
   const char *scheme;                                       /* "euclid" opens euclid://...   */
   /* [any-thread] */
   uint32_t   (CLQ_CALL *probe)(const char *uri);            /* 0 no ... 100 surely; cheap, pure */
   clq_status (CLQ_CALL *open)(const char *uri, const char *options_json, clq_source **out); /* options: the resolved [data] table */
   void       (CLQ_CALL *close)(clq_source *);
   clq_status (CLQ_CALL *describe)(clq_source *, clq_source_info *out);
   clq_status (CLQ_CALL *ids)(clq_source *, int64_t first, int64_t n, uint64_t *out);   /* an integer id's bits, XXH3-64 of a text id, else the row number */
   clq_status (CLQ_CALL *fingerprint)(clq_source *, uint8_t *out32);                     /* names, sizes, rows, layout; not mtime */
   clq_status (CLQ_CALL *locate)(clq_source *, int64_t sample, char *text, int64_t capacity); /* "f.fits[2], row 41233" */
   clq_status (CLQ_CALL *reader_open)(clq_source *, const clq_reader_config *, clq_reader **out);
   /* [one thread per reader] */
   clq_status (CLQ_CALL *read)(clq_reader *, clq_read *io);  /* CLQ_OK, CLQ_END or an error    */
   void       (CLQ_CALL *reader_close)(clq_reader *);
} clq_data_source_api;
#endif
