// tests/conformance/source/data_set.hpp -- which data a source case reads: those it is given, or a table of its own.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "conformance/case.hpp"

namespace clq::conformance {

struct DataSet {
  std::string uri, options;
  std::string file = "";  // the plain file that the URI names; "": it names none
  bool written = false;   // by the case, through the plugin's own sink
};

// Throws Unsupported where no data are given and the plugin cannot write some.
DataSet data_of(const Subject& subject);

// Every dtype that the sink takes, with an id column; again under the same name when called again.
DataSet write_data(const Subject& subject, int64_t rows);

// The same data in another file, named as the set names its own.
DataSet with_file(const DataSet& data, const std::string& file);

}  // namespace clq::conformance
