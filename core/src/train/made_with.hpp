// core/src/train/made_with.hpp -- with which devices and plugins a checkpoint was computed: others give other bits.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <map>
#include <string>
#include <vector>

#include <calanque/core/model.hpp>

#include "runtime/device.hpp"

namespace clq {

struct MadeWith {
  std::vector<std::string> devices;            // one a replica; none: not known, as in older checkpoints
  std::map<std::string, std::string> plugins;  // versions by id: backend, source, what model and optimizer are made of
};

MadeWith made_with(const std::vector<const Device*>& replicas, const DataSource& source, const Model& model,
                   const std::string& optimizer, const Registry& registry);
Json made_with_to_json(const MadeWith& made);
MadeWith made_with_from_json(const Json& json);  // {}: not known
// One line of what was another when the checkpoint was written; "" where nothing is, or it is not known.
std::string differences(const MadeWith& then, const MadeWith& now);

}  // namespace clq
