// plugins/fits/images/options.cpp -- the keys of the resolved [data] table that say which images belong to a row.
// SPDX-License-Identifier: BSD-3-Clause
#include "images/options.hpp"

#include <set>

#include <calanque/plugin/sdk.hpp>

namespace clq::fits {
namespace {

using sdk::fail;
using table::Json;
constexpr int64_t kLargestCrop = 65536;

bool is_given(const Json& options, const char* key) { return options.contains(key) && !options[key].is_null(); }

[[noreturn]] void refuse(const Json& options, const char* key, const char* wanted) {
  fail(CLQ_E_INVALID, std::string("options: ") + key + " must be " + wanted + ", got " + table::shown(options[key]));
}

std::vector<std::string> parse_bands(const Json& options) {
  std::vector<std::string> bands;
  if (!is_given(options, "bands")) return bands;
  if (!options["bands"].is_array()) refuse(options, "bands", "a list of texts");
  for (const Json& band : options["bands"]) {
    if (!band.is_string() || band.get<std::string>().empty()) refuse(options, "bands", "a list of texts");
    bands.push_back(band.get<std::string>());
  }
  if (std::set<std::string>(bands.begin(), bands.end()).size() != bands.size())
    refuse(options, "bands", "a list of different names");
  return bands;
}

std::vector<double> parse_zeropoint(const Json& options, const std::vector<std::string>& bands) {
  std::vector<double> zeropoint;
  if (!is_given(options, "zeropoint")) return zeropoint;
  if (!options["zeropoint"].is_array()) refuse(options, "zeropoint", "a list of numbers");
  for (const Json& number : options["zeropoint"]) {
    if (!number.is_number()) refuse(options, "zeropoint", "a list of numbers");
    zeropoint.push_back(number.get<double>());
  }
  if (!zeropoint.empty() && !bands.empty() && zeropoint.size() != bands.size())
    fail(CLQ_E_INVALID, "options: zeropoint has " + std::to_string(zeropoint.size()) + " numbers, bands " +
                            std::to_string(bands.size()) + " names; give one number a band");
  return zeropoint;
}

int64_t parse_crop(const Json& options) {
  if (!is_given(options, "crop")) return 0;
  const Json& crop = options["crop"];
  if (!crop.is_number_integer() || crop.get<int64_t>() < 1 || crop.get<int64_t>() > kLargestCrop)
    refuse(options, "crop", "a number of pixels from 1 to 65536");
  return crop.get<int64_t>();
}

bool parse_flag(const Json& options, const char* key) {
  if (!is_given(options, key)) return false;
  if (!options[key].is_boolean()) refuse(options, key, "true or false");
  return options[key].get<bool>();
}

bool parse_missing(const Json& options) {
  const std::string text = table::text_option(options, "on_missing_band");
  if (text.empty() || text == "error") return false;
  if (text != "mask") refuse(options, "on_missing_band", "error or mask");
  return true;
}

std::optional<Position> parse_position(const Json& options) {
  if (!is_given(options, "position")) return std::nullopt;
  const Json& table = options["position"];
  if (!table.is_object()) refuse(options, "position", "a table with x and y");
  Position position{table::text_option(table, "x"), table::text_option(table, "y"), 1};
  if (position.x.empty() || position.y.empty()) refuse(options, "position", "a table that names columns as x and y");
  if (!is_given(table, "origin")) return position;
  if (!table["origin"].is_number()) refuse(options, "position", "a table whose origin is a number");
  position.origin = table["origin"].get<double>();
  if (position.origin != 0 && position.origin != 1)
    refuse(options, "position", "a table whose origin is 1 (FITS counts pixels from 1) or 0 (NumPy)");
  return position;
}

// The two without a default: left out of account they would be a wish that nobody hears.
void refuse_without_images(const Json& options) {
  for (const char* key : {"crop", "position"})
    if (is_given(options, key))
      fail(CLQ_E_INVALID, std::string("options: ") + key + " = " + table::shown(options[key]) +
                              " is about images; images must say where they are");
}

}  // namespace

std::optional<ImageOptions> parse_image_options(const Json& options) {
  ImageOptions result;
  result.images = table::text_option(options, "images");
  if (result.images.empty()) {
    refuse_without_images(options);
    return std::nullopt;
  }
  result.id = table::text_option(options, "id");
  result.bands = parse_bands(options);
  result.zeropoint = parse_zeropoint(options, result.bands);
  result.crop = parse_crop(options);
  result.hcompress = parse_flag(options, "hcompress");
  result.mask_missing = parse_missing(options);
  result.position = parse_position(options);
  if (result.position && result.crop == 0)
    fail(CLQ_E_INVALID, "options: position cuts images out of a large one, so crop must give their size in pixels");
  return result;
}

}  // namespace clq::fits
