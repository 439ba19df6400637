// projects/deepdip/plugin/simulator/catalogue.hpp -- the columns of a simulated catalogue, and the value of each.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <vector>

#include "stamp.hpp"
#include "table/fields.hpp"

namespace deepdip::sim {

// How much of a galaxy must be drawn before a column of it is known.
enum class Needs { catalogue, profile, image };

struct Column {
  clq::table::FieldSpec field;
  Needs needs;
};

// In the order of the values below: OBJID, Z, ..., IMAGE last.
std::vector<Column> make_columns(const Options& options);
inline constexpr int64_t kIdsOfASeed = 1'000'000'000;  // OBJID = seed x this + index

// One galaxy, as far as it is drawn.
struct Entry {
  int64_t id;
  Galaxy galaxy;
  PerBand<double> flux_error, aperture;
};

// The value of a scalar column; OBJID, a wider integer than a double, is the caller's.
double value_of(const Entry& entry, size_t column);

}  // namespace deepdip::sim
