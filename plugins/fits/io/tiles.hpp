// plugins/fits/io/tiles.hpp -- images in compressed tiles: their header checked, their pixels read by cfitsio.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "io/handle.hpp"
#include "io/header.hpp"

namespace clq::fits {

// cfitsio takes in the header of every HDU on its way to another. Throws CLQ_E_DATA, naming HDU and keyword, for what
// of a ZIMAGE header it must not even pass by.
void check_structure(const Header& header);

// The same for tiles that cfitsio must not read: of more than 64 MiB, beyond the image, in another number than the
// table has rows. The header has passed check_structure. `dims`: of the image, the slowest axis first.
void check_tiles(const Header& header, const std::vector<int64_t>& dims, bool hcompress);

// The pixels of the compressed images of one file. Null pixels are NaN. [one thread per reader]
class TileReader {
 public:
  explicit TileReader(const table::FileIdentity& file);

  // The box [begin, end) of every axis, the slowest first, as F32 or F64 in host order: decodes the tiles that it
  // touches and no other. (cfitsio reads a run of pixels of up to three axes only.)
  void read(int hdu, const std::vector<int64_t>& begin, const std::vector<int64_t>& end, int32_t dtype, void* dst);

 private:
  void move_to(int hdu);

  std::string name_;
  File file_;
  int hdu_ = -1;
  std::map<int, std::vector<bool>> sound_;  // by HDU the tiles that were looked at
};

}  // namespace clq::fits
