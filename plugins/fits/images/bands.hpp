// plugins/fits/images/bands.hpp -- which plane of which HDU is which band.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "io/image.hpp"

namespace clq::fits {

// What the axes beyond x and y count.
struct Stacking {
  bool objects = false;  // the slowest axis counts objects; without it the file is one object's
  int64_t rows = 0;      // of the catalogue: with one row, three axes are one object's bands
};

struct Planes {
  int64_t objects = 1, planes = 1, height = 0, width = 0;
};

// Throws CLQ_E_DATA for axes too many.
Planes planes_of(const Image& image, const Stacking& stacking);

struct BandPlace {
  int image = -1;  // index into the file's images; -1: the file lacks the band
  int64_t plane = 0;
};

struct BandMap {
  std::vector<std::string> bands;
  std::vector<BandPlace> places;  // one a band
  std::string matched_by;         // EXTNAME, FILTER, BANDn, plane order, file name
  std::vector<std::string> notes;
};

// Finds the wanted bands, or names those that are there when none is wanted. A band that is absent has the place -1;
// all absent is an error, CLQ_E_DATA, and so is a name that two HDUs have. `file`: for messages.
BandMap match_bands(const std::string& file, const std::vector<Image>& images, const Stacking& stacking,
                    const std::vector<std::string>& wanted);

// The one band whose name stands in the file's own name.
BandMap match_file(const std::string& file, const std::vector<Image>& images, const Stacking& stacking,
                   const std::string& band);

}  // namespace clq::fits
