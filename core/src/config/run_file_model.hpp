// core/src/config/run_file_model.hpp -- [model] of a run file: the shipped model or file it names, its blocks.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <map>
#include <string>
#include <vector>

#include <calanque/core/graph.hpp>

namespace clq {

using Origins = std::map<std::string, std::string>;  // "model.layer[1].units": "file run.toml:12"

// The origin of a value, or of the table it stands in; "default" where none is known.
std::string nearest_origin(const Origins& origins, std::string path);
// " (run.toml:12)": of the longest known key that `words` begin with, "" where there is none. Defaults have no place.
std::string place_in(const Origins& origins, const std::string& words);
// Leaves model.layer with every layer written out and takes use, file, block and parameters away. What a model file
// says beside its layers counts where the run file says nothing.
void resolve_model(Json& values, Origins& origins, const std::vector<std::string>& folders);

}  // namespace clq
