/* tests/faults/foreign.h -- code of other people that was compiled into ours. */
/* SPDX-License-Identifier: BSD-3-Clause */
/* CLQ_FAULT_FOREIGN names a file of lines `libcalanque.so.0 1a2b 1a7f`: a library, and from where to where in it. */
#ifndef CLQ_TESTS_FAULTS_FOREIGN_H
#define CLQ_TESTS_FAULTS_FOREIGN_H
#include <stdint.h>

int is_foreign(const char* file, uintptr_t offset);

#endif
