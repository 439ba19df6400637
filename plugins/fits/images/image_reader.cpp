// plugins/fits/images/image_reader.cpp -- one thread's cursor in the images of a catalogue.
// SPDX-License-Identifier: BSD-3-Clause
#include "images/image_reader.hpp"

#include <cmath>

#include <calanque/plugin/sdk.hpp>

#include "table/dtype.hpp"

namespace clq::fits {
namespace {

using sdk::fail;

// The words of a fault, behind the row's place; a path that both name stands there once.
std::string behind(const std::string& place, const std::string& path, const std::string& words) {
  const bool named = !path.empty() && words.rfind(path, 0) == 0 && place.size() >= path.size() &&
                     place.compare(place.size() - path.size(), path.size(), path) == 0;
  return named ? place + words.substr(path.size()) : place + ": " + words;
}

}  // namespace

std::string place_of(const Layout& layout, const Table& catalogue, int64_t row, RowKeys& keys) {
  std::string place = catalogue.place + ", row " + std::to_string(row + 1);
  keys.load(row);
  const std::string files = layout.pattern.paths(keys.path(), layout.bands);
  if (files == catalogue.file.name) return place;
  place += ", " + files;
  const int64_t object = layout.objects.empty() ? -1 : layout.objects[static_cast<size_t>(row)];
  return object < 0 ? place : place + " object " + std::to_string(object + 1);
}

ImageReader::ImageReader(const Layout& layout, const Table& catalogue, uint32_t n_readers)
    : layout_(layout),
      catalogue_(catalogue),
      keys_(catalogue, layout.keys),
      pool_(most_open_files(n_readers)),
      pixels_(layout.object_bytes()),
      path_(layout.pattern.is_one_file() ? layout.pattern.path({}, "") : "") {}

void ImageReader::read(int64_t row, int32_t dtype, std::byte* dst) {
  try {
    read_row(row, dtype, dst);
  } catch (const sdk::Error& e) {
    // A file that is not there is this row's fault; a disk that fails, or a file that changed, is not.
    const clq_status status = e.status() == CLQ_E_NOT_FOUND ? CLQ_E_DATA : e.status();
    if (status != CLQ_E_DATA) throw;
    const std::string files = layout_.pattern.paths(keys_.path(), layout_.bands);
    fail(status, behind(place_of(layout_, catalogue_, row, keys_), files, e.what()));
  }
}

void ImageReader::read_row(int64_t row, int32_t dtype, std::byte* dst) {
  keys_.load(row);
  if (!keys_.flaw().empty()) fail(CLQ_E_DATA, keys_.flaw());
  const bool by_row = !layout_.keys.path.empty();
  if (!layout_.is_file_a_band()) {
    const std::string path = by_row ? layout_.pattern.path(keys_.path(), "") : path_;
    ImageFile* file = open(path, 0);
    layout_.check_stamp(row, 0, file->stamp(), path);
    return read_file(*file, row, dtype, dst);
  }
  const int64_t plane = layout_.height() * layout_.width();
  uint64_t stamps = 1;
  size_t missing = 0;
  std::string path;
  Grid grid;
  for (size_t band = 0; band < layout_.bands.size(); ++band) {
    std::byte* to = dst + static_cast<int64_t>(band) * plane * table::dtype_bytes(dtype);
    path = layout_.pattern.path(keys_.path(), layout_.bands[band]);
    ImageFile* file = open(path, band);
    if (file == nullptr) {
      fill_nan(dtype, plane, to);
      ++missing;
      continue;
    }
    check_grid(layout_, *file, grid);
    stamps = stamps * 31 + file->stamp();
    if (!by_row) layout_.check_stamp(row, band, file->stamp(), path);
    read_file(*file, row, dtype, to);
  }
  const std::string all = layout_.pattern.paths(keys_.path(), layout_.bands);
  if (missing == layout_.bands.size()) fail(CLQ_E_DATA, all + ": no such file for any band");
  if (by_row) layout_.check_stamp(row, 0, stamps | 1, all);
}

// Null where the file of one band is missing and may be.
ImageFile* ImageReader::open(const std::string& path, size_t band) {
  try {
    return &pool_.get(path, [&] {
      auto file = std::make_unique<ImageFile>(path, layout_.rules_of(band));
      check_like_first(layout_, *file, band);
      return file;
    });
  } catch (const sdk::Error& e) {
    if (e.status() != CLQ_E_NOT_FOUND || !layout_.is_file_a_band() || !layout_.options.mask_missing) throw;
    return nullptr;
  }
}

void ImageReader::read_file(ImageFile& file, int64_t row, int32_t dtype, std::byte* dst) {
  const auto& places = file.map().places;
  const int64_t plane_bytes = layout_.height() * layout_.width() * table::dtype_bytes(dtype);
  for (size_t b = 0; b < places.size();) {
    if (places[b].image < 0) {
      fill_nan(dtype, layout_.height() * layout_.width(), dst + static_cast<int64_t>(b++) * plane_bytes);
      continue;
    }
    size_t end = b + 1;
    while (end < places.size() && places[end].image == places[b].image &&
           places[end].plane == places[end - 1].plane + 1)
      ++end;
    const Image& image = file.images()[static_cast<size_t>(places[b].image)];
    const Run run{&image, planes_of(image, layout_.rules.stacking), 0, places[b].plane, static_cast<int64_t>(end - b)};
    read_run(file, run, row, dtype, dst + static_cast<int64_t>(b) * plane_bytes);
    b = end;
  }
}

void ImageReader::read_run(ImageFile& file, const Run& given, int64_t row, int32_t dtype, std::byte* dst) {
  if (layout_.kind == LayoutKind::cutout) return pixels_.cut(file, given, cutout(given.of), dtype, dst);
  Run run = given;
  if (layout_.rules.stacking.objects) {
    run.object = layout_.objects.empty() ? row : layout_.objects[static_cast<size_t>(row)];
    if (run.object < 0) fail(CLQ_E_DATA, "no image has its " + layout_.options.id + " in " + layout_.first_file);
  }
  pixels_.read(file, run, centre(run.of, layout_.options.crop), dtype, dst);
}

// Around the pixel that holds the position.
Window ImageReader::cutout(const Planes& planes) const {
  const int64_t size = layout_.options.crop;
  const double x = std::floor(keys_.x() - layout_.options.position->origin + 0.5);
  const double y = std::floor(keys_.y() - layout_.options.position->origin + 0.5);
  if (x < 0 || y < 0 || x >= static_cast<double>(planes.width) || y >= static_cast<double>(planes.height)) {
    fail(CLQ_E_DATA, "the position (" + zeropoint_text(keys_.x()) + ", " + zeropoint_text(keys_.y()) +
                         ") lies outside of the image's " + std::to_string(planes.width) + " x " +
                         std::to_string(planes.height) + " pixels");
  }
  return {static_cast<int64_t>(x) - size / 2, static_cast<int64_t>(y) - size / 2, size, size};
}

}  // namespace clq::fits
