/* calanque/plugin/abi.h -- the vocabulary every plugin header shares. C99 and C++11. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef CLQ_PLUGIN_ABI_H
#define CLQ_PLUGIN_ABI_H
#include <stddef.h>
#include "../types.h"
#include "../version.h"

#define CLQ_RELEASE   CLQ_VERSION_TEXT     /* the release these headers belong to             */
#define CLQ_ABI_MAJOR 0                    /* 0: equal minors only; 1.0 is frozen later       */
#define CLQ_ABI_MINOR 1                    /* newest minor this header describes              */
#ifndef CLQ_ABI_NEEDED                     /* lowest minor the includer needs. While the major */
#define CLQ_ABI_NEEDED CLQ_ABI_MINOR       /* is 0: this one; from 1.0 on the oldest          */
#endif

#if defined(_WIN32)
#define CLQ_CALL   __cdecl
#define CLQ_EXPORT __declspec(dllexport)
#else
#define CLQ_CALL
#define CLQ_EXPORT __attribute__((visibility("default")))
#endif

#define CLQ_MAX_RANK 8
#define CLQ_NONE UINT32_MAX

typedef struct clq_tensor_desc {           /* FROZEN: it lives in arrays and in other structs */
   int32_t  dtype, rank;
   uint32_t flags, reserved;               /* 0 in 1.0                                        */
   int64_t  dims[CLQ_MAX_RANK];            /* N, C, H, W order                                */
   int64_t  strides[CLQ_MAX_RANK];         /* in elements, row-major unless said otherwise    */
} clq_tensor_desc;

enum { CLQ_ATTR_I64 = 1, CLQ_ATTR_F64, CLQ_ATTR_TEXT };   /* clq_attr.type; TEXT: count = bytes without the NUL */

typedef struct clq_attr {                  /* FROZEN */
   const char *name;
   const void *value;                      /* int64_t[], double[] or char[] (UTF-8)           */
   int32_t     type;
   uint32_t    count;
} clq_attr;

typedef struct clq_team clq_team;          /* the threads of ONE opened device, lent by the host */

/* Bytes of `type` up to and including `field`: the size of an older edition of it.           */
#define CLQ_SIZE_UPTO(type, field) (offsetof(type, field) + sizeof(((type *)0)->field))

/* True when `table` is new enough to carry `slot` and its author filled it.                 */
#define CLQ_HAS(type, table, slot) ((table)->struct_size >= CLQ_SIZE_UPTO(type, slot) && (table)->slot)

/* The first two members of every static table.                                              */
#define CLQ_TABLE(type) (uint32_t)sizeof(type), 0
#endif
