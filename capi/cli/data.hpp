// capi/cli/data.hpp -- the data that a command names: a table, images, or the run file that says how they are read.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <string>
#include <vector>

#include "client.hpp"

namespace clq::cli {

struct Data {
  ConfigHandle config;  // of a run file; 0 without one
  SourceHandle source;
  std::string id;  // the column of data.id, "" none
};

// A run file by its suffix .toml; anything else is opened as it is. `run_file`: how `path` is read ("": no run file).
// `masked`: a missing band is no error, its plane is NaN.
Data open_data(const std::string& path, const std::string& run_file, bool masked);

Json value_of(const ConfigHandle& config, const std::string& key);  // null where it is not set

}  // namespace clq::cli
