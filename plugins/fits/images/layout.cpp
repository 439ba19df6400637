// plugins/fits/images/layout.cpp -- how the images of a catalogue are laid out: found once, shared by all readers.
// SPDX-License-Identifier: BSD-3-Clause
#include "images/layout.hpp"

#include <algorithm>
#include <cmath>

#include <calanque/plugin/sdk.hpp>

#include "io/image.hpp"

namespace clq::fits {
namespace {

using sdk::fail;

const char* kind_name(LayoutKind kind) {
  constexpr const char* kNames[] = {"cube", "column", "file per object", "file per band", "cutout"};
  return kNames[static_cast<int>(kind)];
}

std::string shape_of(const Planes& planes) {
  return std::to_string(planes.width) + " x " + std::to_string(planes.height);
}

}  // namespace

FileRules Layout::rules_of(size_t band) const {
  FileRules one = rules;
  if (!is_file_a_band()) return one;
  one.bands = {bands[band]};
  one.in_file_name = true;
  return one;
}

// Planes that lie together are read at once, with what the crop leaves out; cutouts a plane at a time.
int64_t Layout::object_bytes() const {
  if (kind == LayoutKind::cutout) return height() * width() * pixel_bytes;
  const auto planes = is_file_a_band() ? 1 : static_cast<int64_t>(bands.size());
  return planes * disk.height * disk.width * pixel_bytes;
}

bool Layout::knows_zeropoint() const {
  return std::any_of(zeropoint.begin(), zeropoint.end(), [](double point) { return std::isfinite(point); });
}

table::FieldSpec Layout::field() const {
  table::FieldSpec spec;
  spec.name = "images";
  spec.unit = unit;
  spec.dtype = CLQ_F32;
  spec.dims = {static_cast<int64_t>(bands.size()), height(), width()};
  return spec;
}

table::Json Layout::metadata() const {
  table::Json facts;
  facts["layout"] = kind_name(kind);
  facts["bands"] = bands;
  facts["matched_by"] = matched_by;
  if (knows_zeropoint())
    for (const double point : zeropoint)  // JSON has no NaN
      facts["zeropoint"].push_back(std::isfinite(point) ? table::Json(point) : table::Json());
  facts["shape"] = {static_cast<int64_t>(bands.size()), disk.height, disk.width};
  facts["object_bytes"] = object_bytes();
  facts["unit"] = unit;
  facts["files"] = table::printable(pattern.glob());
  facts["first_file"] = table::printable(first_file);
  facts["joined_by"] = joined_by;
  facts["notes"] = notes;
  return facts;
}

void Layout::add_facts(table::Fingerprint& facts) const {
  facts.add("images").add(kind_name(kind)).add(matched_by).add(unit).add(joined_by);
  for (const std::string& band : bands) facts.add(band);
  if (knows_zeropoint())
    for (const double point : zeropoint) facts.add_real(point);
  for (const int64_t size : {disk.objects, disk.height, disk.width, height(), width(), file_bytes}) facts.add(size);
  const size_t folder = first_file.rfind('/');
  facts.add(folder == std::string::npos ? first_file : first_file.substr(folder + 1));
  facts.add(options.mask_missing ? "mask" : "error");
  if (!options.position) return;
  facts.add(options.position->x).add(options.position->y).add_real(options.position->origin);
}

void Layout::check_stamp(int64_t row, size_t band, uint64_t stamp, const std::string& path) const {
  const size_t at = keys.path.empty() ? band : static_cast<size_t>(row);
  uint64_t seen = 0;
  if (stamps[at].compare_exchange_strong(seen, stamp, std::memory_order_relaxed) || seen == stamp) return;
  fail(CLQ_E_IO, path + ": the file changed since it was first read");
}

void check_grid(const Layout& layout, const ImageFile& file, Grid& first) {
  if (layout.kind != LayoutKind::cutout) return;
  const Planes& planes = file.planes();
  const std::string& place = file.first_image().place;
  if (first.place.empty()) first = {place, planes};
  if (planes.height != first.planes.height || planes.width != first.planes.width)
    fail(CLQ_E_DATA, place + ": is " + shape_of(planes) + ", " + first.place + " is " + shape_of(first.planes) +
                         "; one position in pixels needs the same pixels in all bands");
}

void check_like_first(const Layout& layout, const ImageFile& file, size_t band) {
  const Planes& planes = file.planes();
  const std::string both = file.first_image().place + ": ", first = ", " + layout.first_file + " ";
  const int64_t crop = layout.options.crop;
  if (layout.kind != LayoutKind::cutout) {
    if (crop == 0 && (planes.height != layout.disk.height || planes.width != layout.disk.width))
      fail(CLQ_E_DATA, both + "is " + shape_of(planes) + first + "is " + shape_of(layout.disk) +
                           "; data.crop makes images of unequal size one size");
    if (crop > planes.height || crop > planes.width)
      fail(CLQ_E_DATA, both + "is " + shape_of(planes) + ", smaller than data.crop = " + std::to_string(crop));
  }
  if (file.map().matched_by != layout.matched_by)
    fail(CLQ_E_DATA, both + "bands match by " + file.map().matched_by + first + "by " + layout.matched_by);
  const std::vector<BandFacts> facts = file.facts();
  for (size_t b = 0; b < facts.size(); ++b) {
    if (facts[b].place.empty()) continue;
    const size_t at = layout.is_file_a_band() ? band : b;
    check_unit_and_filter(layout.bands[at], facts[b], layout.said[at]);
    if (layout.options.zeropoint.empty()) check_zeropoint(layout.bands[at], facts[b], layout.said[at]);
  }
}

}  // namespace clq::fits
