// plugins/fits/images/bands.cpp -- which plane of which HDU is which band.
// SPDX-License-Identifier: BSD-3-Clause
#include "images/bands.hpp"

#include <algorithm>

#include <strings.h>

#include <calanque/plugin/sdk.hpp>

namespace clq::fits {
namespace {

using sdk::fail;
using Names = std::vector<std::string>;

std::string list(const Names& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ", ") + (name.empty() ? "(none)" : name);
  return text;
}

// Index of the name, exact or, where only one fits, in any case of letters; -1: absent.
int find_name(const Names& names, const std::string& wanted, const std::string& file) {
  const auto count = std::count(names.begin(), names.end(), wanted);
  if (count > 1) fail(CLQ_E_DATA, file + ": has the band '" + wanted + "' twice");
  if (count == 1) return static_cast<int>(std::find(names.begin(), names.end(), wanted) - names.begin());
  int found = -1;
  for (size_t i = 0; i < names.size(); ++i) {
    if (::strcasecmp(names[i].c_str(), wanted.c_str()) != 0) continue;
    if (found >= 0) return -1;
    found = static_cast<int>(i);
  }
  return found;
}

// Where each wanted band stands among the names. A name that differs in case and is wanted itself belongs to that band.
std::vector<int> find_all(const Names& names, const Names& wanted, const std::string& file) {
  std::vector<int> found;
  for (const std::string& band : wanted) {
    int at = find_name(names, band, file);
    const bool taken = at >= 0 && names[static_cast<size_t>(at)] != band &&
                       std::count(wanted.begin(), wanted.end(), names[static_cast<size_t>(at)]) > 0;
    found.push_back(taken ? -1 : at);
  }
  return found;
}

bool any(const std::vector<int>& found) {
  return std::any_of(found.begin(), found.end(), [](int at) { return at >= 0; });
}

Names numbered(int64_t n) {
  Names names;
  for (int64_t i = 1; i <= n; ++i) names.push_back(std::to_string(i));
  return names;
}

// Planes of one image, in the order of `found`.
BandMap in_planes(const Names& bands, const std::vector<int>& found, const std::string& matched_by) {
  BandMap map{bands, {}, matched_by, {}};
  for (const int at : found) map.places.push_back({at < 0 ? -1 : 0, std::max(0, at)});
  return map;
}

BandMap in_order(const Image& image, int64_t planes, const Names& wanted) {
  constexpr int kMostPlanes = 65536;  // each gets a name
  if (planes > kMostPlanes)
    fail(CLQ_E_DATA, image.place + ": has " + std::to_string(planes) + " planes, at most " +
                         std::to_string(kMostPlanes) + " are read as bands");
  const Names bands = wanted.empty() ? numbered(planes) : wanted;
  if (static_cast<int64_t>(bands.size()) != planes)
    fail(CLQ_E_DATA, image.place + ": has " + std::to_string(planes) + (planes == 1 ? " plane" : " planes") +
                         " and no cards BAND1 ..., data.bands names " + std::to_string(bands.size()) + ": " +
                         list(bands));
  std::vector<int> found;
  for (int i = 0; i < planes; ++i) found.push_back(i);
  BandMap map = in_planes(bands, found, "plane order");
  const std::string filter = image.filter.empty() ? "" : ", FILTER = " + image.filter;
  map.notes.push_back("bands are taken in plane order: " + image.place + " names them by no card" + filter);
  return map;
}

BandMap match_single(const Image& image, const Names& wanted) {
  const Names by_name{image.name}, by_filter{image.filter};
  if (wanted.empty() && !image.filter.empty()) return in_planes(by_filter, {0}, "FILTER");
  if (const auto found = find_all(by_name, wanted, image.place); any(found))
    return in_planes(wanted, found, "EXTNAME");
  if (const auto found = find_all(by_filter, wanted, image.place); any(found))
    return in_planes(wanted, found, "FILTER");
  return in_order(image, 1, wanted);
}

BandMap match_planes(const Image& image, int64_t planes, const Names& wanted) {
  if (image.cards.names.empty()) return planes == 1 ? match_single(image, wanted) : in_order(image, planes, wanted);
  if (static_cast<int64_t>(image.cards.names.size()) != planes)
    fail(CLQ_E_DATA, image.place + ": has " + std::to_string(planes) + " planes, its cards BAND1 ... name " +
                         std::to_string(image.cards.names.size()));
  const Names& bands = wanted.empty() ? image.cards.names : wanted;
  const auto found = find_all(image.cards.names, bands, image.place);
  if (!any(found))
    fail(CLQ_E_DATA, image.place + ": its cards BAND1 ... name " + list(image.cards.names) + ", data.bands " +
                         list(bands));
  return in_planes(bands, found, "BANDn");
}

BandMap match_images(const std::string& file, const std::vector<Image>& images, const Names& wanted) {
  Names names, filters;
  for (const Image& image : images) {
    names.push_back(image.name);
    filters.push_back(image.filter);
  }
  const std::string has = file + ": has " + std::to_string(images.size()) + " images, EXTNAME " + list(names);
  if (wanted.empty()) fail(CLQ_E_DATA, has + "; data.bands must say which, or brackets behind the path");
  BandMap map{wanted, {}, "EXTNAME", {}};
  std::vector<int> found = find_all(names, wanted, file);
  if (!any(found)) {
    found = find_all(filters, wanted, file);
    map.matched_by = "FILTER";
  }
  if (!any(found)) {
    if (images.size() != wanted.size())
      fail(CLQ_E_DATA, has + ", FILTER " + list(filters) + "; data.bands names " + list(wanted));
    map.matched_by = "plane order";
    map.notes.push_back("bands are taken in the order of the HDUs: EXTNAME and FILTER of " + file + " name none");
    for (size_t i = 0; i < images.size(); ++i) found[i] = static_cast<int>(i);
  }
  for (const int at : found) map.places.push_back({at, 0});
  return map;
}

}  // namespace

Planes planes_of(const Image& image, const Stacking& stacking) {
  std::vector<int64_t> dims = image.dims;
  Planes planes;
  planes.width = dims.back();
  planes.height = dims[dims.size() - 2];
  dims.resize(dims.size() - 2);
  const bool one_object = stacking.rows == 1 && dims.size() == 1 && dims[0] > 1;
  if (stacking.objects && !dims.empty() && !one_object) {
    planes.objects = dims[0];
    dims.erase(dims.begin());
  }
  while (dims.size() > 1 && dims[0] == 1) dims.erase(dims.begin());
  if (dims.size() > 1)
    fail(CLQ_E_DATA, image.place + ": is " + fits_shape(image.dims) + "; one object's image has x, y and bands");
  if (!dims.empty()) planes.planes = dims[0];
  return planes;
}

BandMap match_bands(const std::string& file, const std::vector<Image>& images, const Stacking& stacking,
                    const Names& wanted) {
  if (images.size() == 1) return match_planes(images[0], planes_of(images[0], stacking).planes, wanted);
  BandMap map = match_images(file, images, wanted);
  for (const BandPlace& place : map.places) {
    if (place.image < 0) continue;
    const Image& image = images[static_cast<size_t>(place.image)];
    if (planes_of(image, stacking).planes > 1)
      fail(CLQ_E_DATA, image.place + ": is " + fits_shape(image.dims) +
                           "; where each band has an HDU it has one plane");
  }
  return map;
}

BandMap match_file(const std::string& file, const std::vector<Image>& images, const Stacking& stacking,
                   const std::string& band) {
  size_t chosen = 0;
  if (images.size() > 1) {
    const BandMap map = match_images(file, images, {band});
    chosen = static_cast<size_t>(map.places[0].image);
  }
  const Image& image = images[chosen];
  const Planes planes = planes_of(image, stacking);
  if (planes.planes > 1)
    fail(CLQ_E_DATA, image.place + ": is " + fits_shape(image.dims) + "; with one file a band it has one plane");
  BandMap map{{band}, {{static_cast<int>(chosen), 0}}, "file name", {}};
  const bool differs = !image.filter.empty() && ::strcasecmp(image.filter.c_str(), band.c_str()) != 0;
  if (differs) map.notes.push_back("band " + band + ": " + image.place + " has FILTER = " + image.filter);
  return map;
}

}  // namespace clq::fits
