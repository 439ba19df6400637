// core/src/train/seen_rows.hpp -- what a network gets of some rows, as in a prediction, without a device.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <string>
#include <vector>

#include <calanque/core/data_source.hpp>

#include "data/transforms.hpp"

namespace clq {

struct SeenRows {
  BatchLayout layout;               // the network's inputs: "scalars", "images" ...
  std::vector<Tensor> given, seen;  // one a tensor: before and after the transforms, [rows, sample]
  std::vector<uint8_t> bad;         // BadBits a row; a bad row's inputs are 0, so is what is seen of it
  std::vector<std::string> why;     // of a bad row, else ""
};

// layout: bound to the source (bind_layout). The transforms must have their statistics. Rows that cannot be read are
// told in `why`.
SeenRows see_rows(const DataSource& source, const BatchLayout& layout, const Transforms& transforms,
                  const std::vector<int64_t>& rows);

}  // namespace clq
