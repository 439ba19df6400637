// plugins/fits/io/rice_stream.hpp -- whether a tile packed by RICE holds all of its pixels.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>
#include <span>

namespace clq::fits {

// Walks the stream as its decoder would, by White et al., "The FITS Tiled Image Compression Convention", and decodes
// nothing: the first pixel in full, then blocks of `block` (16 or 32) differences of `bytes` (1, 2 or 4) bytes each.
bool rice_is_whole(std::span<const unsigned char> packed, int64_t pixels, int64_t block, int bytes);

}  // namespace clq::fits
