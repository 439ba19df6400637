// tests/plugins/fits/image_files.hpp -- images written by cfitsio whose every pixel has a closed form.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "fits_plugin.hpp"

namespace clq::test {

inline constexpr int64_t kObjects = 6, kBands = 3, kHeight = 5, kWidth = 4;

// The stored number of a pixel: a whole one, 0..100, that fits every BITPIX.
int64_t stored_at(int64_t object, int64_t band, int64_t y, int64_t x);

// An image HDU of one object, of one of its bands, or of all objects.
struct ImageSpec {
  int bitpix = -32;
  std::vector<int64_t> objects = {0};        // in this order; several make the slowest axis
  std::vector<int64_t> bands = {0, 1, 2};    // several make the next axis
  int64_t height = kHeight, width = kWidth;
  std::string name;                          // EXTNAME
  std::vector<std::pair<std::string, std::string>> cards;  // values as FITS writes them, texts in quotes
  int compression = 0;                       // RICE_1 and the others of fitsio.h, with one tile an object
};

// A file with an empty primary HDU and these images; one image without a name and compression is the primary HDU.
std::string write_images(const Folder& folder, const std::string& name, const std::vector<ImageSpec>& images);

// A row an object k: ID (K, 100 + k), NAME (10A, "obj<k>"), NONE (10A, empty for k = 2), X and Y (D), and, with images,
// IMAGE of the bands as E, TDIM (x,y,band).
struct CatalogueSpec {
  std::vector<int64_t> objects = {0, 1, 2, 3, 4, 5};
  std::vector<double> x, y;
  bool with_images = false, with_tdim = true;
  std::vector<std::pair<std::string, std::string>> cards;
};
std::string write_objects(const Folder& folder, const std::string& name, const CatalogueSpec& spec = {});

// Adds such a table to an existing file.
void append_objects(const std::string& path, const CatalogueSpec& spec);

// [bands, height, width] of an object, as write_images stores them, and the centre of it.
std::vector<float> expected(int64_t object, const std::vector<int64_t>& bands = {0, 1, 2}, int64_t height = kHeight,
                            int64_t width = kWidth);
std::vector<float> expected_centre(int64_t object, int64_t band, int64_t height, int64_t width, int64_t crop);

// Field "images" of rows, side by side.
std::vector<float> images_of(const Source& source, const std::vector<int64_t>& rows);

// Reads one row's images: status and error text.
struct Outcome {
  clq_status status;
  std::string words;
  uint32_t n_done;
};
Outcome outcome_of(const Source& source, const std::vector<int64_t>& rows);

// A [data] table in JSON: images and further members, with the folder's path for "@".
std::string options_of(const Folder& folder, const std::string& images, const std::string& more = "");

}  // namespace clq::test
