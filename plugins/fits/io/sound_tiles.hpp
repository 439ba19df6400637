// plugins/fits/io/sound_tiles.hpp -- tiles packed by GZIP or RICE, looked at before cfitsio unpacks them.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <fitsio.h>

namespace clq::fits {

// Where a stream has no end, cfitsio 4.2 asks for memory for ever (GZIP; 14 kB can hold tiles of gigabytes) or reads on
// behind its bytes (RICE). Throws CLQ_E_DATA, naming `place` and the tile's row, for a tile in the box [begin, end) of
// every axis, the slowest first, that does not end within its pixels, or its bytes. The file stands at the image.
// sound: by row from 0 the tiles that need not be looked at again; those that pass join them.
void check_packed_tiles(fitsfile* file, const std::vector<int64_t>& begin, const std::vector<int64_t>& end,
                        std::vector<bool>& sound, const std::string& place);

}  // namespace clq::fits
