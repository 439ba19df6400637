/* tests/faults/foreign.h -- code of other people that was compiled into ours. */
/* SPDX-License-Identifier: BSD-3-Clause */
/* CLQ_FAULT_FOREIGN names a file of lines `libcalanque.so.0 1a2b 1a7f json`: a library, from where to where in it, and
 * whose code that is. They stand in the order of the libraries' names and then of the places. */
#ifndef CLQ_TESTS_FAULTS_FOREIGN_H
#define CLQ_TESTS_FAULTS_FOREIGN_H
#include <stdint.h>

enum author { AUTHOR_US, AUTHOR_JSON, AUTHOR_STD }; /* std: works for whoever called it */

enum author author_of(const char* file, uintptr_t offset);

#endif
