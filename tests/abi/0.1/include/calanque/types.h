/* calanque/types.h -- status codes and dtypes, shared by hosts and plugins. C99 and C++11. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef CALANQUE_TYPES_H
#define CALANQUE_TYPES_H
#include <stdint.h>

typedef int32_t clq_status;                /* 0 ok, > 0 information, < 0 error                */
#define CLQ_PENDING        2               /* queued work is not done yet                     */
#define CLQ_END            1               /* no more samples                                 */
#define CLQ_OK             0
#define CLQ_E_INVALID     -1               /* the caller broke the contract                   */
#define CLQ_E_UNSUPPORTED -2               /* asked and understood, but not offered here      */
#define CLQ_E_NOMEM       -3
#define CLQ_E_IO          -4
#define CLQ_E_DEVICE      -5
#define CLQ_E_ABI         -6               /* a struct_size or version cannot be right        */
#define CLQ_E_CANCELLED   -7
#define CLQ_E_INTERNAL    -8
#define CLQ_E_DATA        -9               /* the user's data are wrong: file, HDU, row named */
#define CLQ_E_NOSPACE    -10
#define CLQ_E_FORKED     -11               /* a handle made before fork()                     */
#define CLQ_E_LOST       -12               /* the device object is lost; only destroy works   */
#define CLQ_E_PEER       -13               /* another rank is gone                            */
#define CLQ_E_DIVERGED   -14               /* non-finite loss or gradient, repeatedly         */
#define CLQ_E_NOT_FOUND  -15

enum { CLQ_F16 = 1, CLQ_BF16, CLQ_F32, CLQ_F64, CLQ_I8, CLQ_U8, CLQ_I16, CLQ_U16, CLQ_I32,
       CLQ_U32, CLQ_I64, CLQ_U64 };        /* values of `dtype`; masks are U8 holding 0 or 1  */

#endif
