// core/src/train/evaluator.cpp -- the metrics of a model in training over a set of rows.
// SPDX-License-Identifier: BSD-3-Clause
#include "train/evaluator.hpp"

namespace clq {

struct Evaluator::Pass {
  Pass(Evaluator& of, const DataSource& source, const Transforms& transforms, Feeder::Options options)
      : sums(of.program_.program().graph, of.rows_.size()),
        sampler(of.rows_, of.memory_.capacity(), 0, false, false, of.views_) {
    options.first_batch = 0;
    options.end_batch = sampler.batches_per_epoch();
    feeder = std::make_unique<Feeder>(source, of.layout_, transforms, sampler, of.memory_.addresses(),
                                      of.memory_.capacity(), options);
  }
  MetricSums sums;
  Sampler sampler;
  std::unique_ptr<Feeder> feeder;
  bool cancelled = false;
};

Evaluator::Evaluator(Device& device, Stream& stream, StateStore& states, CompiledProgram& program,
                     const BatchLayout& layout, const RowSet& rows, int64_t depth, void* workspace, int64_t views)
    : stream_(stream),
      states_(states),
      program_(program),
      layout_(layout),
      rows_(rows),
      views_(views),
      memory_(device, layout, program.program().batch, depth),
      runner_(device, stream, program, workspace),
      weight_(static_cast<size_t>(layout.tensor("weight"))) {
  for (size_t s = 0; s < memory_.depth(); ++s) {
    std::map<std::string, void*> inputs;
    for (size_t t = 0; t < layout.tensors.size(); ++t) inputs[layout.tensors[t].name] = memory_.slot(s).tensors()[t];
    runner_.bind(inputs, memory_.slot(s).kind());
  }
}

Evaluator::~Evaluator() = default;

std::optional<Json> Evaluator::run(const DataSource& source, const Transforms& transforms,
                                   const Feeder::Options& options, std::chrono::milliseconds most) {
  const auto end = std::chrono::steady_clock::now() + most;
  if (!pass_) {
    pass_ = std::make_unique<Pass>(*this, source, transforms, options);
    states_.import_zeros(stream_, pass_->sums.states());
  }
  while (pass_->feeder->wait(most)) {
    Slot* slot = pass_->feeder->next();
    if (pass_->cancelled) fail(CLQ_E_CANCELLED, "the evaluation was cancelled");
    if (slot == nullptr) return finish();
    const auto n = static_cast<int64_t>(slot->rows.samples.size());
    runner_.run(pass_->feeder->index(*slot), {.batch_count = static_cast<double>(n)});
    pass_->sums.add(runner_, slot->row<const double>(weight_, 0, 1), n);
    pass_->feeder->give_back(slot);
    if (std::chrono::steady_clock::now() >= end) break;
  }
  return std::nullopt;
}

Json Evaluator::finish() {
  Json scores = pass_->sums.finish(states_.export_all(stream_, pass_->sums.states()));
  pass_.reset();
  return scores;
}

void Evaluator::cancel() noexcept {
  if (!pass_) return;
  pass_->cancelled = true;
  pass_->feeder->cancel();
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
