// plugins/fits/file_size.hpp -- how large a sink's file becomes, before a byte of it is written.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>
#include <vector>

#include "table/fields.hpp"
#include "table/options.hpp"

namespace clq::fits {

// Never less than the whole file has: headers, rows, extra tables and the fill of their last blocks; more only where a
// header has fewer cards than it could. Throws CLQ_E_INVALID when it exceeds 2^63 bytes.
int64_t file_size(const table::SinkOptions& options, const std::vector<table::FieldSpec>& fields, int64_t n_rows);

}  // namespace clq::fits
