// plugins/fits/images/image_file.hpp -- one FITS file of images, open, its bands found.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "images/band_facts.hpp"
#include "images/bands.hpp"
#include "io/tiles.hpp"
#include "io/walk.hpp"
#include "table/descriptor.hpp"

namespace clq::fits {

struct FileRules {
  HduChoice hdu;       // none: every image of the file
  std::string column;  // a vector column of that HDU's table instead
  Stacking stacking;
  std::vector<std::string> bands;
  bool in_file_name = false;  // bands holds the one that the file's name says
  bool is_large = false;      // only parts of it are read
  bool mask_missing = false, hcompress = false;
};

class ImageFile {
 public:
  // Throws CLQ_E_NOT_FOUND or CLQ_E_DATA, naming file, HDU and keyword or band.
  ImageFile(const std::string& name, const FileRules& rules);

  const table::FileIdentity& identity() const { return identity_; }
  const std::vector<Image>& images() const { return images_; }
  const BandMap& map() const { return map_; }
  const Planes& planes() const { return planes_; }       // of each band's image
  std::vector<BandFacts> facts() const;                  // one a band
  const std::string& unit() const { return first_image().unit; }
  const Image& first_image() const;                      // of the first band that is there
  uint64_t stamp() const;                                // another one when the file changes; never 0

  const table::Descriptor& bytes() const { return bytes_; }
  TileReader& tiles();  // opened when first asked for

 private:
  void take_images(const FileRules& rules);
  void take_column(const FileRules& rules);
  void check_bands(const FileRules& rules);

  table::FileIdentity identity_;
  table::Descriptor bytes_;
  std::vector<Image> images_;
  BandMap map_;
  Planes planes_;
  std::unique_ptr<TileReader> tiles_;
};

}  // namespace clq::fits
