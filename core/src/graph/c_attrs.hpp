// core/src/graph/c_attrs.hpp -- attributes as the plugin headers write them.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <vector>

#include <calanque/core/graph.hpp>

namespace clq {

std::vector<clq_attr> to_c(const Attrs& attrs);         // points into `attrs`
Attrs from_c(const clq_attr* attrs, uint32_t n_attrs);  // copies; an unknown type is an error

}  // namespace clq
