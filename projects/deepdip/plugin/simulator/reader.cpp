// projects/deepdip/plugin/simulator/reader.cpp -- one thread's cursor among simulated galaxies.
// SPDX-License-Identifier: BSD-3-Clause
#include <algorithm>
#include <charconv>
#include <cstring>

#include <calanque/plugin/sdk.hpp>

#include "source.hpp"
#include "table/dtype.hpp"

namespace deepdip::sim {

namespace table = clq::table;

namespace {

std::string number_text(double value) {
  char text[32];
  return {text, std::to_chars(text, text + sizeof text, value).ptr};
}

}  // namespace

Source::Reader::Reader(const Source& source, std::vector<uint32_t> wanted)
    : source_(source), wanted_(std::move(wanted)), stamp_(source.options_) {
  for (const uint32_t field : wanted_) needs_ = std::max(needs_, source.columns_[field].needs);
  targets_.reserve(wanted_.size());
}

clq_status Source::Reader::read(clq_read& io) {
  io.n_done = 0;
  const int64_t n = table::check_read(io, source_.fields_, wanted_, source_.options_.n, targets_);
  for (int64_t position = 0; position < n; ++position) {
    if (table::is_cancelled(io)) return clq::sdk::report(CLQ_E_CANCELLED, "reading was cancelled");
    draw(io.indices[position]);
    for (const table::Target& target : targets_) store(target, position);
    io.n_done = static_cast<uint32_t>(position + 1);
  }
  table::require_samples(io, n, source_.options_.n);
  return CLQ_OK;
}

void Source::Reader::draw(int64_t index) {
  entry_.id = source_.options_.seed * kIdsOfASeed + index;
  entry_.galaxy = draw_galaxy(source_.options_, index);
  if (needs_ == Needs::catalogue) return;
  stamp_.draw(entry_.galaxy);
  entry_.flux_error = stamp_.flux_errors(entry_.galaxy);
  if (needs_ == Needs::profile) return;
  stamp_.add_surroundings(entry_.galaxy, index);
  entry_.aperture = stamp_.aperture_fluxes(entry_.galaxy);
}

void Source::Reader::store(const table::Target& target, int64_t position) const {
  if (source_.fields_[target.field].role == CLQ_ROLE_IMAGE)
    store_image(target, target.at(position));
  else
    store_number(target, target.at(position));
}

void Source::Reader::store_number(const table::Target& target, std::byte* dst) const {
  const bool id = source_.fields_[target.field].role == CLQ_ROLE_ID;
  const double value = id ? static_cast<double>(entry_.id) : value_of(entry_, target.field);
  const bool stored = table::with_type(
      target.dtype, [&]<class T>() { return id ? table::store<T>(entry_.id, dst) : table::store<T>(value, dst); });
  if (!stored)
    clq::sdk::fail(CLQ_E_DATA,
                   source_.specs_[target.field].name + ": " + table::misfit(number_text(value), target.dtype));
}

void Source::Reader::store_image(const table::Target& target, std::byte* dst) const {
  const int64_t width = table::dtype_bytes(target.dtype);
  const bool stored = table::with_type(target.dtype, [&]<class T>() {
    return std::all_of(stamp_.pixels().begin(), stamp_.pixels().end(), [&](double pixel) {
      const bool fits = table::store<T>(pixel, dst);
      dst += width;
      return fits;
    });
  });
  if (!stored) clq::sdk::fail(CLQ_E_DATA, "IMAGE: " + table::misfit("a pixel", target.dtype));
}

}  // namespace deepdip::sim
