/* tests/core/runtime/plugins/helper.c -- a shared library with a plugin's name and no entry. */
/* SPDX-License-Identifier: BSD-3-Clause */
#include <calanque/plugin/abi.h>

CLQ_EXPORT int helper_answer(void);
int helper_answer(void) { return 42; }
