// tests/fuzz/capi_values.hpp -- what a host could pass: names, paths, options, dtypes and sizes, sane or not.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "capi_host.hpp"

namespace clq::fuzz {

extern const char* const kRun;  // a run file that trains in a moment
void write_files();             // a table and that run file, in the folder of the process

const char* input_path(Host& host);
const char* output_path(Host& host);
const char* column(Host& host);
const char* options(Host& host);
int32_t dtype(Host& host);
int32_t rank(Host& host);
int64_t count(Host& host);
int64_t size(Host& host);

using Call = void (*)(Host&);

}  // namespace clq::fuzz
