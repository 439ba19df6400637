// core/src/data/computed_targets.hpp -- a source with the targets that data.target computes of its columns.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <memory>

#include <calanque/core/config.hpp>
#include <calanque/core/data_source.hpp>

namespace clq {

// What the [data] table says as target = { LOGM = "LOG_MSTAR - 10" } as F64 columns behind those of `source`; nullptr
// where it computes none. A column that misses, or holds one of data.null, makes the number NaN. Where the source lacks
// a column of one, `all` makes that an error, else the number is left out: predictions need no target.
std::shared_ptr<DataSource> with_computed_targets(std::shared_ptr<const DataSource> source, const Config& data,
                                                  bool all);
// The same of a source that outlives what is made.
std::shared_ptr<DataSource> with_computed_targets(const DataSource& source, const Config& data, bool all);

}  // namespace clq
