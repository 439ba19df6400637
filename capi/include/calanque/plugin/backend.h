/* calanque/plugin/backend.h -- "clq.backend/1": compile a segment, bind addresses, run. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef CLQ_PLUGIN_BACKEND_H
#define CLQ_PLUGIN_BACKEND_H
#include "entry.h"

typedef struct clq_backend    clq_backend;     /* one opened device                            */
typedef struct clq_stream     clq_stream;      /* an ordered queue on it                       */
typedef struct clq_event      clq_event;       /* a point in a queue                           */
typedef struct clq_executable clq_executable;  /* compiled segment: immutable, shareable       */
typedef struct clq_binding    clq_binding;     /* executable + addresses: one run at a time    */

enum { CLQ_SEG_DETERMINISTIC = 1, CLQ_SEG_TRAINING = 2, CLQ_SEG_STRICT_F32 = 4 };
enum { CLQ_DEV_CPU = 1, CLQ_DEV_GPU = 2 };
enum { CLQ_MEM_HOST = 1, CLQ_MEM_HOST_PINNED, CLQ_MEM_DEVICE };  /* of alloc, free, copy; bind takes DEVICE addresses; on a CPU all three are one */
enum { CLQ_REDUCE_SUM = 1, CLQ_REDUCE_MIN, CLQ_REDUCE_MAX };     /* of clq_comm.start */

typedef struct clq_op {                        /* FROZEN */
   const char     *name, *scope;               /* "conv/1" (docs/ops.md); "trunk.inception3.conv5x5:grad_weights" */
   const uint32_t *inputs, *outputs;           /* indices into values; CLQ_NONE: an optional one left out */
   const clq_attr *attrs;
   uint32_t        n_inputs, n_outputs, n_attrs, reserved;
} clq_op;

typedef struct clq_const {                     /* FROZEN */
   const void *data;
   int64_t     bytes;
   uint32_t    value, reserved;
} clq_const;

typedef struct clq_state {                     /* FROZEN: storage that outlives a run           */
   uint32_t before, after;                     /* `after` ends in the storage of `before`, once every read of `before` is done */
   uint32_t when, flags;                       /* a U8 rank-0 value; 0 keeps `before` bit for bit; CLQ_NONE: always */
} clq_state;

typedef struct clq_segment {                   /* EXTENSIBLE: what the core asks to be compiled  */
   uint32_t               struct_size, flags;  /* CLQ_SEG_DETERMINISTIC | CLQ_SEG_TRAINING | CLQ_SEG_STRICT_F32 */
   const clq_tensor_desc *values;              /* concrete shapes; each written once: a state is a pair (before, after) */
   const clq_op          *ops;                 /* in execution order                            */
   const clq_const       *consts;              /* data valid during compile() only              */
   const clq_state       *states;              /* weights, moments, batch-norm statistics, metric accumulators, counters */
   const uint32_t        *inputs, *outputs;    /* plain row-major, addresses given to bind()    */
   const uint32_t        *scalars;             /* rank-0 values fed by run(): F64, I64 or U64    */
   uint32_t n_values, n_ops, n_consts, n_states, n_inputs, n_outputs, n_scalars, reserved;
} clq_segment;

typedef struct clq_support {                   /* EXTENSIBLE, out */
   uint32_t struct_size;
   uint32_t score;                             /* 0 no; 1 works; 100 native speed               */
   char     reason[120];                       /* why not, for the user's eyes; "" if fine      */
} clq_support;

typedef struct clq_executable_info {           /* EXTENSIBLE, out */
   uint32_t struct_size, flags;
   int64_t  workspace_bytes, workspace_align;  /* host allocates it and may share it; align: 0 or a power of two, at most 64 */
   int64_t  resident_bytes;                    /* primitives, cached reorders                   */
} clq_executable_info;

typedef struct clq_state_layout {              /* EXTENSIBLE, out; equal id = same storage format */
   uint32_t struct_size, flags;
   int64_t  bytes, align;                      /* align: 0 or a power of two, at most 64        */
   uint64_t id;                                /* names an entry of a table the opened backend keeps */
} clq_state_layout;

typedef struct clq_run_args {                  /* EXTENSIBLE; cells are copied before run() returns */
   uint32_t        struct_size, n_scalars;
   const uint64_t *scalars;                    /* 8-byte cell i is the value segment.scalars[i]  */
} clq_run_args;

typedef struct clq_device_info {               /* EXTENSIBLE, out; strings owned by the plugin   */
   uint32_t    struct_size, kind;              /* CLQ_DEV_CPU | CLQ_DEV_GPU                      */
   const char *name, *description;
   int64_t     memory_total, memory_free;
} clq_device_info;

/* What all_reduce/1 calls inside a CPU backend's run; a GPU backend joins by "clq.collective/1" and ignores it. */
typedef struct clq_comm clq_comm;
struct clq_comm {                              /* EXTENSIBLE, host-owned */
   uint32_t   struct_size, rank, n_ranks, reserved;
   void      *ctx;
   /* [one thread per rank] */
   clq_status (CLQ_CALL *start)(const clq_comm *, uint32_t bucket, void *data, int64_t count,
                                int32_t dtype, uint32_t op);       /* in place; returns at once  */
   clq_status (CLQ_CALL *finish)(const clq_comm *, uint32_t bucket); /* blocks; CLQ_E_PEER when a rank is lost */
};

typedef struct clq_bind_args {                 /* EXTENSIBLE */
   uint32_t        struct_size, reserved;
   void *const    *inputs, *const *outputs, *const *states;  /* 64-byte aligned                   */
   void           *workspace;
   const clq_comm *comm;                       /* NULL: one replica                              */
} clq_bind_args;

#define CLQ_BACKEND_ID "clq.backend/1"
typedef struct clq_backend_api {               /* EXTENSIBLE */
   uint32_t struct_size, reserved;
   /* -- discovery [any-thread] */
   uint32_t    (CLQ_CALL *device_count)(void);
   clq_status  (CLQ_CALL *device_info)(uint32_t device, clq_device_info *out);
   clq_status  (CLQ_CALL *open)(uint32_t device, const char *options_json, clq_team *, clq_backend **out);
   void        (CLQ_CALL *close)(clq_backend *);
   const void *(CLQ_CALL *get_extension)(clq_backend *, const char *id);
   /* -- memory, streams, events [any-thread]; queued work may finish inside the call or later: the host relies on events only */
   clq_status  (CLQ_CALL *alloc)(clq_backend *, int64_t bytes, uint32_t kind, void **out);
   void        (CLQ_CALL *free)(clq_backend *, void *ptr, uint32_t kind);
   clq_status  (CLQ_CALL *stream_create)(clq_backend *, clq_stream **out);
   void        (CLQ_CALL *stream_destroy)(clq_stream *);
   clq_status  (CLQ_CALL *event_create)(clq_backend *, clq_event **out);
   void        (CLQ_CALL *event_destroy)(clq_event *);
   clq_status  (CLQ_CALL *event_record)(clq_event *, clq_stream *);
   clq_status  (CLQ_CALL *event_query)(clq_event *);             /* CLQ_OK, CLQ_PENDING or an error */
   clq_status  (CLQ_CALL *event_sync)(clq_event *);
   clq_status  (CLQ_CALL *stream_wait)(clq_stream *, clq_event *);                 /* no host block */
   clq_status  (CLQ_CALL *copy)(clq_stream *, void *dst, uint32_t dst_kind, const void *src,
                                uint32_t src_kind, int64_t bytes);
   /* -- ahead of time: slow is fine [any-thread] */
   /* The segment may be unfinished: only values, ops and flags are read. */
   clq_status  (CLQ_CALL *supports)(clq_backend *, const clq_segment *, uint32_t op, clq_support *out);
   clq_status  (CLQ_CALL *compile)(clq_backend *, const clq_segment *, const clq_state_layout *const *wanted,
                                   clq_executable **out);        /* wanted: n_states entries, each may be NULL: layouts another program of this model chose */
   clq_status  (CLQ_CALL *executable_info)(clq_executable *, clq_executable_info *out);
   void        (CLQ_CALL *executable_destroy)(clq_executable *);
   /* A state's storage is the host's, its format the backend's; checkpoints and the C API only see exported plain bytes:
      CLQ_MEM_HOST, row-major, dtype of the state's desc, untouched until an event recorded after it has passed. */
   clq_status  (CLQ_CALL *state_layout)(clq_executable *, uint32_t state, clq_state_layout *out);
   clq_status  (CLQ_CALL *state_import)(clq_executable *, uint32_t state, clq_stream *, void *storage, const void *plain);
   clq_status  (CLQ_CALL *state_export)(clq_executable *, uint32_t state, clq_stream *, void *plain, const void *storage);
   clq_status  (CLQ_CALL *bind)(clq_executable *, const clq_bind_args *, clq_binding **out);
   void        (CLQ_CALL *binding_destroy)(clq_binding *);
   /* -- every step: no allocation, no lock, no string [one thread per binding] */
   clq_status  (CLQ_CALL *run)(clq_binding *, clq_stream *, const clq_run_args *);
} clq_backend_api;
#endif
