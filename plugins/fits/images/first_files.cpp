// plugins/fits/images/first_files.cpp -- what the first row's files say of the bands, shape, unit and zero points.
// SPDX-License-Identifier: BSD-3-Clause
#include "images/first_files.hpp"

#include <algorithm>
#include <cmath>
#include <exception>

#include <calanque/plugin/sdk.hpp>

#include "table/dtype.hpp"

namespace clq::fits {
namespace {

using sdk::fail;
using Files = std::vector<std::unique_ptr<ImageFile>>;  // one, or one a band; null: the band's file is missing
constexpr int64_t kMostTries = 100;

// With on_missing_band = "mask" a band's file may be absent, but not all.
std::unique_ptr<ImageFile> open_band(const Layout& layout, const std::string& path, size_t band) {
  try {
    return std::make_unique<ImageFile>(path, layout.rules_of(band));
  } catch (const sdk::Error& e) {
    if (e.status() != CLQ_E_NOT_FOUND || !layout.options.mask_missing) throw;
    return nullptr;
  }
}

Files open_files(const Layout& layout, const std::vector<std::string>& values) {
  Files files;
  if (!layout.is_file_a_band()) {
    files.push_back(std::make_unique<ImageFile>(layout.pattern.path(values, ""), layout.rules));
    return files;
  }
  for (size_t band = 0; band < layout.bands.size(); ++band)
    files.push_back(open_band(layout, layout.pattern.path(values, layout.bands[band]), band));
  if (std::none_of(files.begin(), files.end(), [](const auto& file) { return file != nullptr; }))
    fail(CLQ_E_NOT_FOUND, layout.pattern.paths(values, layout.bands) + ": no such file for any band");
  return files;
}

void take_file(Layout& layout, const ImageFile& file) {
  layout.first_file = file.identity().name;
  layout.first_hdu = file.first_image().hdu;
  layout.unit = file.unit();
  layout.disk = file.planes();
  const Image& image = file.first_image();
  layout.pixel_bytes = image.compressed ? table::dtype_bytes(CLQ_F32) : image.pixel_bytes();
  layout.file_bytes = layout.pattern.is_one_file() ? file.identity().size : 0;
  layout.matched_by = file.map().matched_by;
  if (layout.bands.empty()) layout.bands = layout.rules.bands = file.map().bands;
  layout.said.resize(layout.bands.size());
}

// Keeps what the file says of bands that none before it had.
void learn(Layout& layout, const ImageFile& file, size_t band) {
  const std::vector<BandFacts> facts = file.facts();
  for (size_t b = 0; b < facts.size(); ++b) {
    BandFacts& said = layout.said[layout.is_file_a_band() ? band : b];
    if (said.place.empty()) said = facts[b];
  }
}

// Facts of one band's file beside those of the first.
void add_notes(Layout& layout, const ImageFile& file) {
  for (const std::string& note : file.map().notes) layout.notes.push_back(note);
  for (const BandPlace& place : file.map().places) {
    if (place.image < 0) continue;
    const Image& image = file.images()[static_cast<size_t>(place.image)];
    for (const std::string& note : image.notes)
      if (place.plane == 0) layout.notes.push_back(image.place + ": " + note);
    if (image.unit != layout.unit)
      layout.notes.push_back(image.place + ": the unit is '" + image.unit + "', of the first band '" + layout.unit +
                             "'");
  }
}

void take_zeropoints(Layout& layout) {
  const std::vector<double>& given = layout.options.zeropoint;
  if (!given.empty() && given.size() != layout.bands.size())
    fail(CLQ_E_INVALID, "options: zeropoint has " + std::to_string(given.size()) + " numbers, " + layout.first_file +
                            " has " + std::to_string(layout.bands.size()) + " bands");
  layout.zeropoint = given;
  if (given.empty())
    for (const BandFacts& said : layout.said) layout.zeropoint.push_back(said.zeropoint);
  for (size_t b = 0; b < layout.said.size(); ++b) {
    const double card = layout.said[b].zeropoint;
    const std::string band = "band " + layout.bands[b] + ": ";
    if (std::isnan(layout.zeropoint[b]) && layout.knows_zeropoint())
      layout.notes.push_back(band + "no card gives its zero point");
    if (std::isfinite(card) && !is_same_zeropoint(card, layout.zeropoint[b]))
      layout.notes.push_back(band + "data.zeropoint replaces the header's " + zeropoint_text(card));
  }
}

void note_crop(Layout& layout) {
  const int64_t crop = layout.options.crop;
  const Planes& disk = layout.disk;
  if (crop == 0 || layout.kind == LayoutKind::cutout || (crop == disk.height && crop == disk.width)) return;
  const double lost = 1 - static_cast<double>(crop * crop) / static_cast<double>(disk.height * disk.width);
  const std::string percent = std::to_string(std::lround(100 * lost));
  layout.notes.push_back("crop = " + std::to_string(crop) + " keeps the centre of " + std::to_string(disk.width) +
                         " x " + std::to_string(disk.height) + " pixels: " + percent + " % of them are not used");
}

void take_files(Layout& layout, const Files& files, int64_t row, int64_t n_rows) {
  for (const auto& file : files)
    if (file != nullptr && layout.first_file.empty()) take_file(layout, *file);
  const size_t n_stamps = layout.keys.path.empty() ? files.size() : static_cast<size_t>(n_rows);
  layout.stamps = std::make_unique<std::atomic<uint64_t>[]>(n_stamps);
  Grid grid;
  for (size_t f = 0; f < files.size(); ++f) {
    if (files[f] == nullptr) continue;
    check_grid(layout, *files[f], grid);
    learn(layout, *files[f], f);
    check_like_first(layout, *files[f], f);
    add_notes(layout, *files[f]);
    if (layout.keys.path.empty()) layout.check_stamp(row, f, files[f]->stamp(), files[f]->identity().name);
  }
  note_crop(layout);
}

// False, with the fault kept if it is the first, where this row's files are missing or wrong.
bool try_row(Layout& layout, RowKeys& keys, int64_t row, int64_t n_rows, std::exception_ptr& first_fault) {
  try {
    if (!layout.keys.path.empty()) keys.load(row);
    if (!layout.keys.path.empty() && !keys.flaw().empty()) fail(CLQ_E_DATA, keys.flaw());
    take_files(layout, open_files(layout, keys.path()), row, n_rows);
  } catch (const sdk::Error& e) {
    if (e.status() != CLQ_E_NOT_FOUND && e.status() != CLQ_E_DATA) throw;
    if (!first_fault) first_fault = std::current_exception();
    layout.first_file.clear();
    layout.notes.clear();
    layout.said.clear();
    layout.bands = layout.rules.bands = layout.options.bands;
    return false;
  }
  if (row > 0)
    layout.notes.push_back("the images of the rows before row " + std::to_string(row + 1) + " cannot be read");
  return true;
}

bool lacks_band(const Layout& layout) {
  return std::any_of(layout.said.begin(), layout.said.end(), [](const BandFacts& said) { return said.place.empty(); });
}

// From the rows [row, end): of bands that the rows before lack. Their faults show when they are read.
void learn_rest(Layout& layout, RowKeys& keys, int64_t row, int64_t end) {
  for (; row < end && lacks_band(layout); ++row) {
    const std::vector<BandFacts> before = layout.said;
    try {
      keys.load(row);
      if (!keys.flaw().empty()) continue;
      const Files files = open_files(layout, keys.path());
      for (size_t f = 0; f < files.size(); ++f) {
        if (files[f] == nullptr) continue;
        learn(layout, *files[f], f);
        check_like_first(layout, *files[f], f);
      }
    } catch (const sdk::Error& e) {
      if (e.status() != CLQ_E_NOT_FOUND && e.status() != CLQ_E_DATA) throw;
      layout.said = before;
    }
  }
}

void note_absent(Layout& layout, int64_t rows) {
  for (size_t b = 0; b < layout.said.size(); ++b)
    if (layout.said[b].place.empty())
      layout.notes.push_back("band " + layout.bands[b] + ": none of the first " + std::to_string(rows) +
                             " rows has it, so units and filters of later ones are not compared");
}

}  // namespace

void read_first_files(Layout& layout, const Table& catalogue) {
  RowKeys keys(catalogue, layout.keys);
  const int64_t tries = layout.keys.path.empty() ? 1 : std::min(kMostTries, catalogue.rows);
  if (tries == 0) fail(CLQ_E_DATA, catalogue.place + ": has no rows, so no file says what the images are like");
  std::exception_ptr first_fault;
  int64_t row = 0;
  while (row < tries && !try_row(layout, keys, row, catalogue.rows, first_fault)) ++row;
  if (row == tries) std::rethrow_exception(first_fault);
  learn_rest(layout, keys, row + 1, tries);
  if (!layout.keys.path.empty()) note_absent(layout, tries);
  take_zeropoints(layout);
}

}  // namespace clq::fits
