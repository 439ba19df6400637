// core/src/config/model_parameters.hpp -- parameters of a model or a block, and the texts "$width" that stand for them.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <map>
#include <string>

#include <calanque/core/config.hpp>

namespace clq {

using Written = std::map<std::string, std::string>;  // a key -> where its value is written: "model.parameters.width"

struct Parameters {
  Parameters(std::string owner, const Config& table);
  // By a use of the block, at `path`; values that it was given itself are written `elsewhere`. An unknown key is an
  // error.
  void give(const std::string& key, const Json& value, const std::string& path, const Written& elsewhere);

  std::string of;  // "the model", "block 'stem'"
  Json values;
  Written written;
};

// Texts "$name" become the parameter's value, whatever type it has, and "$(2 * name)" what is computed of numbers.
Json substituted(const Json& value, const Parameters& parameters, const std::string& path);
// Of a layer as it is written: the keys whose value is one parameter's, or computed of one.
Written written_values(const Config& layer, const Parameters& parameters);

}  // namespace clq
