/* tests/abi/0.1/golden/golden.h -- what the parts of the golden plugin share. C99. */
/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef GOLDEN_H
#define GOLDEN_H
#include <calanque/plugin/backend.h>
#include <calanque/plugin/builder.h>
#include <calanque/plugin/data_source.h>

extern const clq_host* golden_host;
extern const clq_backend_api golden_backend;
extern const clq_data_source_api golden_source;
extern const clq_builder_list golden_builders;
extern const clq_op_list golden_ops;

/* Keeps the words as the host's error text and returns the status. */
clq_status golden_fail(clq_status status, const char* text);

int64_t golden_count(const clq_tensor_desc* desc);

/* Whether this backend computes the op; `why`, 120 bytes, says why not. */
int golden_supports(const clq_op* op, const clq_tensor_desc* values, char* why);
void golden_compute(const clq_op* op, const clq_tensor_desc* values, void* const* at);
#endif
