// plugins/csv/ecsv_header.hpp -- the part of an ECSV header that a table needs: delimiter, names, types, units.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace clq::csv {

struct HeaderLine {
  std::string text;  // with its '#'
  int64_t number;    // in the file
};

struct EcsvColumn {
  std::string name, unit;
  int32_t dtype = 0;
  bool text = false, logical = false;
};

struct EcsvHeader {
  char delimiter = ' ';
  std::vector<EcsvColumn> columns;
};

bool is_ecsv(const std::vector<HeaderLine>& comments);

// Reads the YAML that ECSV 0.9 and 1.0 writers make: block or flow mappings of columns; meta and unknown keys are
// passed over. Throws CLQ_E_DATA with file and line for anything else.
EcsvHeader parse_ecsv(const std::vector<HeaderLine>& comments, const std::string& file);

}  // namespace clq::csv
