// core/src/train/inference.cpp -- the program of a prediction, and the states that it is given.
// SPDX-License-Identifier: BSD-3-Clause
#include "train/inference.hpp"

#include "compile/passes/fold_batch_norm.hpp"
#include "train/shown_layers.hpp"

namespace clq {

Inference::Inference(const Model& m, const PredictOptions& options, const Registry& registry)
    : model(m),
      program(
          build_program(ProgramKind::forward, with_layers(m, options), {}, options.batch, registry.ops(), registry)) {
  const std::vector<Fold> folds = fold_batch_norm(program.graph);
  if (folds.empty()) return;
  changed = model.states;
  fold_states(folds, changed);
}

}  // namespace clq
