// core/src/train/look.hpp -- one row of a source to look at: as it is, and as a network gets it.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <string>

#include <calanque/core/model.hpp>

namespace clq {

// What is there of the row: its columns, images and, with a model (nullptr: none), the network's inputs, each band with
// its range and the stretch it is drawn with (docs/data.md has the JSON). `prefix` "": nothing is written; else
//   PREFIX-<field>.png, PREFIX-input-<tensor>.png   the bands side by side, before and after the transforms
//   the same with -rgb                              three of them as a colour picture
//   PREFIX-values.fits                              the exact values: one row, a column a field and a tensor
// where a sink for .fits is there. Throws CLQ_E_DATA where the row cannot be read.
Json look(const DataSource& source, const Model* model, int64_t row, const std::string& prefix,
          const Registry& registry);

}  // namespace clq
