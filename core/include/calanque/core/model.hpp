// calanque/core/model.hpp -- a network with its weights, transforms and task: everything a prediction needs.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include <calanque/core/config.hpp>

#include "compile/programs.hpp"
#include "data/transforms.hpp"
#include "runtime/registry.hpp"

namespace clq {

// Host-side and plain: devices hold copies. There is no lock in it: while nobody writes, reading is [any-thread]. A trainer
// writes to its own model inside the calls made to it; who reads from other threads meanwhile (the C API does) reads copies.
struct Model {
  ModelSpec spec;
  Config data{Json::object()};         // the resolved [data] and [output] tables it was made with
  Config output{Json::object()};
  Config predict{Json::object()};      // the resolved [predict] table
  BatchLayout layout;                  // columns by name; field indices belong to the source of the moment
  Transforms transforms;
  bool fitted = false;                 // the transforms have their statistics
  std::map<std::string, Tensor> states;                  // parameters and running statistics, by name, plain
  Json provenance;                     // versions, seed, fingerprint, epoch, best score; no dates (bits depend on the run alone)
  std::map<std::string, Tensor> golden;                  // "input.<input>", "prediction": 8 rows

  int64_t n_parameters() const;
  int64_t given_width(size_t input) const;               // elements a sample that a caller gives; derived ones are not
  std::string hash() const;            // XXH3-128 of the tensors, 32 hex digits (CLQHASH)
  std::string id() const;              // its first 12
};

// Shapes from the source, weights from the initialisers with train.seed; transforms are fitted by the trainer.
std::shared_ptr<Model> create_model(const Config& run, const DataSource& source, const Registry& registry);

}  // namespace clq
