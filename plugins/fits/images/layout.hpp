// plugins/fits/images/layout.hpp -- how the images of a catalogue are laid out: found once, shared by all readers.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "images/image_file.hpp"
#include "images/options.hpp"
#include "images/pattern.hpp"
#include "images/row_keys.hpp"
#include "table/fingerprint.hpp"

namespace clq::fits {

enum class LayoutKind { cube, column, file_per_object, file_per_band, cutout };

struct Layout {
  LayoutKind kind = LayoutKind::cube;
  ImageOptions options;
  Pattern pattern;
  KeyColumns keys;
  FileRules rules;                // of the file with all bands; see rules_of
  std::vector<std::string> bands;
  std::string matched_by, unit, first_file, joined_by;
  std::vector<BandFacts> said;    // one a band: of the first file that has it
  std::vector<double> zeropoint;  // one a band, of data.zeropoint or of the headers; NaN: not known
  Planes disk;                    // of the first object
  int64_t pixel_bytes = 0;        // of it, as a reader holds it before it converts
  int first_hdu = 0;
  int64_t file_bytes = 0;         // of the one file; 0 where there are more
  std::vector<std::string> notes;
  std::vector<int64_t> objects;   // by row, where an id joins them; -1: the row has no image. Empty: the row itself
  // What each row's files (one file for all rows: each band's) looked like when they were first read; 0: not yet.
  std::unique_ptr<std::atomic<uint64_t>[]> stamps;

  explicit Layout(const ImageOptions& given) : options(given), pattern(given.images) {}

  bool is_file_a_band() const { return pattern.has_band(); }
  FileRules rules_of(size_t band) const;
  int64_t height() const { return options.crop > 0 ? options.crop : disk.height; }
  int64_t width() const { return options.crop > 0 ? options.crop : disk.width; }
  int64_t object_bytes() const;  // at most as many does a reader hold of one object
  bool knows_zeropoint() const;  // of a band at least
  table::FieldSpec field() const;
  table::Json metadata() const;
  void add_facts(table::Fingerprint& facts) const;
  // Throws CLQ_E_IO where `stamp` is not what the row, or the band's one file, had before. [any-thread]
  void check_stamp(int64_t row, size_t band, uint64_t stamp, const std::string& path) const;
};

// Finds the kind, opens the first files and joins them to the catalogue.
std::unique_ptr<Layout> find_layout(const ImageOptions& options, const Table& catalogue);

// The image that one position is cut out of first, of the bands that have a file each; place empty: none yet.
struct Grid {
  std::string place;
  Planes planes;
};
// Throws CLQ_E_DATA, naming both, where `file` is of another size, so that its pixels show another part of the sky.
void check_grid(const Layout& layout, const ImageFile& file, Grid& first);

// Throws CLQ_E_DATA, naming both files, unless `file` can follow the first one.
void check_like_first(const Layout& layout, const ImageFile& file, size_t band);

}  // namespace clq::fits
