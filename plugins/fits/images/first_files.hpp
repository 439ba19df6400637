// plugins/fits/images/first_files.hpp -- what the first row's files say of the bands, shape, unit and zero points.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "images/layout.hpp"

namespace clq::fits {

// Fills bands, matched_by, unit, said, zeropoint, disk, first_file, notes and stamps. The first of the first 100 rows
// whose files open counts; a missing one is that row's error when it is read. What it says nothing of, a band that it
// lacks, the next ones say. Throws what the very first row's files say.
void read_first_files(Layout& layout, const Table& catalogue);

}  // namespace clq::fits
