// projects/deepdip/plugin/simulator/catalogue.cpp -- the columns of a simulated catalogue, and the value of each.
// SPDX-License-Identifier: BSD-3-Clause
#include "catalogue.hpp"

#include <cctype>
#include <string>

namespace deepdip::sim {
namespace {

constexpr const char* kUnit = "nanomaggy";
enum Cell : size_t {
  kId,
  kZ,
  kEbv,
  kFlux,
  kFluxError = kFlux + kNBands,
  kAper = kFluxError + kNBands,
  kRadius = kAper + kNBands,
  kBulge,
  kAxisRatio,
  kSeeing,
  kEnd
};

void add_bands(std::vector<Column>& columns, const std::string& name, Needs needs) {
  for (const char band : kBands)
    columns.push_back({{name + "_" + static_cast<char>(std::toupper(band)), kUnit, CLQ_F32, false, {}}, needs});
}

}  // namespace

std::vector<Column> make_columns(const Options& options) {
  const auto number = [](const char* name, const char* unit) {
    return Column{{name, unit, CLQ_F32, false, {}}, Needs::catalogue};
  };
  std::vector<Column> columns = {{{"OBJID", "", CLQ_I64, false, {}}, Needs::catalogue},
                                 {{"Z", "", CLQ_F64, false, {}}, Needs::catalogue},
                                 number("EBV", "mag")};
  add_bands(columns, "FLUX", Needs::catalogue);
  add_bands(columns, "FLUXERR", Needs::profile);
  add_bands(columns, "APER", Needs::image);
  columns.push_back(number("R_HALF", "arcsec"));
  columns.push_back(number("BULGE_I", ""));
  columns.push_back(number("AXIS_RATIO", ""));
  columns.push_back(number("SEEING_R", "arcsec"));
  columns.push_back(
      {{"IMAGE", kUnit, CLQ_F32, false, {static_cast<int64_t>(kNBands), options.size, options.size}}, Needs::image});
  return columns;
}

double value_of(const Entry& e, size_t column) {
  const Galaxy& g = e.galaxy;
  if (column >= kFlux && column < kFluxError) return g.flux[column - kFlux];
  if (column >= kFluxError && column < kAper) return e.flux_error[column - kFluxError];
  if (column >= kAper && column < kRadius) return e.aperture[column - kAper];
  switch (column) {
    case kZ:
      return g.z;
    case kEbv:
      return g.ebv;
    case kRadius:
      return g.disc_radius * kPixel;
    case kBulge:
      return g.bulge_fraction[3];
    case kAxisRatio:
      return g.disc_axis_ratio;
    default:
      return g.psf_fwhm[2] * kPixel;
  }
}

}  // namespace deepdip::sim
