// plugins/fits/io/gzip_tiles.hpp -- tiles packed by GZIP, looked at before cfitsio unpacks them.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <fitsio.h>

namespace clq::fits {

// cfitsio 4.2 asks for more memory as long as a stream has no end: one that is cut short takes all there is, and 14 kB
// can hold tiles of gigabytes. Throws CLQ_E_DATA, naming `place` and the tile's row, for a tile in the box [begin, end)
// of every axis, the slowest first, that does not end within its pixels of 8 bytes each. The file stands at the image.
// sound: by row from 0 the tiles that need not be looked at again; those that pass join them.
void check_gzip_tiles(fitsfile* file, const std::vector<int64_t>& begin, const std::vector<int64_t>& end,
                      std::vector<bool>& sound, const std::string& place);

}  // namespace clq::fits
