// plugins/fits/images/image_file.cpp -- one FITS file of images, open, its bands found.
// SPDX-License-Identifier: BSD-3-Clause
#include "images/image_file.hpp"

#include <calanque/plugin/sdk.hpp>

#include "io/table.hpp"
#include "table/names.hpp"

namespace clq::fits {
namespace {

using sdk::fail;
// One object is read at once.
constexpr int64_t kMostObjectBytes = int64_t{1} << 28;

void check_size(const Image& image, const Planes& planes) {
  int64_t bytes = image.pixel_bytes();
  const bool fits = !__builtin_mul_overflow(bytes, planes.planes, &bytes) &&
                    !__builtin_mul_overflow(bytes, planes.height, &bytes) &&
                    !__builtin_mul_overflow(bytes, planes.width, &bytes);
  if (fits && bytes <= kMostObjectBytes) return;
  fail(CLQ_E_DATA, image.place + ": one object has " + (fits ? std::to_string(bytes) : "more than 2^63") +
                       " bytes, at most " + std::to_string(kMostObjectBytes) + " are read");
}

std::string names_of(const std::vector<Image>& images, const std::string& matched_by) {
  std::string text;
  for (const Image& image : images) {
    if (matched_by == "BANDn")
      for (const std::string& name : image.cards.names) text += (text.empty() ? "" : ", ") + name;
    else
      text += (text.empty() ? "" : ", ") + (matched_by == "FILTER" ? image.filter : image.name);
  }
  return text;
}

}  // namespace

ImageFile::ImageFile(const std::string& name, const FileRules& rules)
    : identity_(inspect_fits(name)), bytes_(identity_) {
  if (rules.column.empty())
    take_images(rules);
  else
    take_column(rules);
  map_ = rules.in_file_name ? match_file(name, images_, rules.stacking, rules.bands[0])
                            : match_bands(name, images_, rules.stacking, rules.bands);
  check_bands(rules);
}

void ImageFile::take_images(const FileRules& rules) {
  Walk walk(identity_, bytes_);
  const bool chosen = rules.hdu.index() != 0, by_number = std::holds_alternative<int64_t>(rules.hdu);
  while (const auto header = walk.next()) {
    if (chosen && !is_named(*header, rules.hdu)) continue;
    if (chosen && holds_image(*header) && !images_.empty())
      fail(CLQ_E_DATA, header->place() + ": has the EXTNAME of " + images_[0].place + ", '" + images_[0].name +
                           "'; name the HDU by its number");
    if (holds_image(*header)) images_.push_back(parse_image(*header, rules.hcompress));
    if (chosen && images_.empty())
      fail(CLQ_E_DATA, header->place() + ": holds no image; the file has " + walk.seen());
    if (by_number) break;
  }
  if (images_.empty())
    fail(CLQ_E_DATA, identity_.name + ": has no " + (chosen ? describe(rules.hdu) : "image") + "; it has " +
                         walk.seen());
}

void ImageFile::take_column(const FileRules& rules) {
  const Table table = open_table(identity_.name, rules.hdu);
  std::vector<table::FieldSpec> specs;
  for (const Column& column : table.columns) specs.push_back(column.field);
  const Column& column = table.columns[table::find_field(specs, rules.column, table.place)];
  images_.push_back(column_image(table, column));
}

void ImageFile::check_bands(const FileRules& rules) {
  const Image* first = nullptr;
  std::string absent;
  for (size_t b = 0; b < map_.places.size(); ++b) {
    if (map_.places[b].image < 0) {
      absent += (absent.empty() ? "" : ", ") + map_.bands[b];
      continue;
    }
    const Image& image = images_[static_cast<size_t>(map_.places[b].image)];
    const Planes planes = planes_of(image, rules.stacking);
    if (!rules.is_large) check_size(image, planes);
    if (first == nullptr) planes_ = planes;
    if (planes.objects != planes_.objects || planes.height != planes_.height || planes.width != planes_.width)
      fail(CLQ_E_DATA, image.place + ": is " + fits_shape(image.dims) + ", " + first->place + " is " +
                           fits_shape(first->dims) + "; the bands of a file have one shape");
    if (first == nullptr) first = &image;
  }
  if (!absent.empty() && !rules.mask_missing)
    fail(CLQ_E_DATA, identity_.name + ": lacks the band " + absent + "; its " + map_.matched_by + " has " +
                         names_of(images_, map_.matched_by));
}

const Image& ImageFile::first_image() const {
  for (const BandPlace& place : map_.places)
    if (place.image >= 0) return images_[static_cast<size_t>(place.image)];
  return images_[0];
}

std::vector<BandFacts> ImageFile::facts() const {
  std::vector<BandFacts> result;
  for (const BandPlace& place : map_.places) {
    BandFacts& facts = result.emplace_back();
    if (place.image < 0) continue;
    const Image& image = images_[static_cast<size_t>(place.image)];
    facts.place = image.place;
    facts.unit = image.unit;
    facts.filter = image.filter;
    facts.zeropoint = image.cards.zeropoint(place.plane);
  }
  return result;
}

uint64_t ImageFile::stamp() const {
  uint64_t hash = 0x9e3779b97f4a7c15;
  for (const uint64_t fact : {static_cast<uint64_t>(identity_.size), static_cast<uint64_t>(identity_.mtime_ns),
                              identity_.inode, identity_.device})
    hash = (hash ^ fact ^ (hash >> 29)) * 0xbf58476d1ce4e5b9;
  return hash | 1;
}

TileReader& ImageFile::tiles() {
  if (tiles_ == nullptr) tiles_ = std::make_unique<TileReader>(identity_);
  return *tiles_;
}

}  // namespace clq::fits
