// core/src/train/evaluator.cpp -- the metrics of a model in training over a set of rows.
// SPDX-License-Identifier: BSD-3-Clause
#include "train/evaluator.hpp"

namespace clq {

Evaluator::Evaluator(Device& device, Stream& stream, StateStore& states, CompiledProgram& program,
                     const BatchLayout& layout, const RowSet& rows, int64_t depth, void* workspace)
    : stream_(stream),
      states_(states),
      program_(program),
      layout_(layout),
      rows_(rows),
      memory_(device, layout, program.program().batch, depth),
      runner_(device, stream, program, workspace),
      weight_(static_cast<size_t>(layout.tensor("weight"))) {
  for (size_t s = 0; s < memory_.depth(); ++s) {
    std::map<std::string, void*> inputs;
    for (size_t t = 0; t < layout.tensors.size(); ++t) inputs[layout.tensors[t].name] = memory_.slot(s).tensors()[t];
    runner_.bind(inputs, memory_.slot(s).kind());
  }
}

Json Evaluator::run(const DataSource& source, const Transforms& transforms, const Feeder::Options& options) {
  MetricSums sums(program_.program().graph, rows_.size());
  states_.import_zeros(stream_, sums.states());
  const Sampler sampler(rows_, memory_.capacity(), 0, false, false);
  Feeder::Options once = options;
  once.first_batch = 0;
  once.end_batch = sampler.batches_per_epoch();
  Feeder feeder(source, layout_, transforms, sampler, memory_.addresses(), memory_.capacity(), once);
  while (Slot* slot = feeder.next()) {
    const auto n = static_cast<int64_t>(slot->rows.samples.size());
    runner_.run(feeder.index(*slot), {.batch_count = static_cast<double>(n)});
    sums.add(runner_, slot->row<const double>(weight_, 0, 1), n);
    feeder.give_back(slot);
  }
  return sums.finish(states_.export_all(stream_, sums.states()));
}

int64_t Evaluator::warm_up() {
  memory_.clear(0);
  runner_.run(0, {.batch_count = 1});
  return memory_.slot(0).bytes() + runner_.output_bytes();
}

int64_t Evaluator::bytes() const {
  return memory_.bytes() + runner_.bytes() + MetricSums(program_.program().graph, rows_.size()).bytes();
}

}  // namespace clq
