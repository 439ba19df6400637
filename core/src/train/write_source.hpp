// core/src/train/write_source.hpp -- a source's samples into a new file, in order.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <string>
#include <vector>

#include <calanque/core/data_source.hpp>

#include "runtime/registry.hpp"

namespace clq {

struct WriteOptions {
  std::vector<std::string> fields = {"*"};  // names or globs; written in the source's order
  int64_t first = 0, n = -1;                // -1: to the end
};

// Streams: a few MiB of samples are in memory at a time. Returns how many were written. What the source says of its
// images and of being a simulation goes into the header: SIMULATD, and for each band n BANDn and ZPn.
int64_t write_source(const DataSource& source, const std::string& uri, const WriteOptions& options,
                     const Registry& registry);

}  // namespace clq
