// plugins/fits/images/join.hpp -- which image of a cube or column belongs to which row of the catalogue.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "images/layout.hpp"

namespace clq::fits {

// By row; or by data.id where a table of the images' file carries that column and is not the catalogue itself. Fills
// joined_by and objects. Throws CLQ_E_DATA for numbers that do not agree, and for an id that the table has twice.
void join(Layout& layout, const Table& catalogue);

}  // namespace clq::fits
