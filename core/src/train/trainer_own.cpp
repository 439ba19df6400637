// core/src/train/trainer_own.cpp -- steps that the host takes itself: on its own batches, whole or by their gradients.
// SPDX-License-Identifier: BSD-3-Clause
#include "train/trainer_state.hpp"

namespace clq {
namespace {

constexpr const char* kGradientOf = "grad.";

}  // namespace

// The readers have the slots until here.
void Trainer::State::stop_feeder() {
  if (!feeder) return;
  feeder->cancel();
  pump->drain();
  feeder.reset();
}

void Trainer::State::fill_own(const std::shared_ptr<DataSource>& rows, std::span<const int64_t> samples) {
  stop_feeder();
  const BadPolicy policy = read_bad_policy(run.child("data"));
  if (!own) {
    const SlotFiller::Options how{0, 1, sampler->views(), policy.action, settings.seed};
    own = std::make_unique<OwnBatches>(*model, run.child("data"), *memory, how, drops_remainder);
  }
  own->fill(rows, samples, progress.epoch);
  const int64_t before = progress.batch > 0 ? progress.skipped_in_epoch : 0;
  if (policy.stop_after >= 0 && before + count_bad(own->slot()) / sampler->views() > policy.stop_after)
    fail(CLQ_E_DATA, "{}: with this batch the epoch has more bad rows than the {} that data.on_bad.stop_after allows",
         rows->uri(), policy.stop_after);
}

void Trainer::State::step_on_own() {
  gradients_of.reset();
  const CompiledProgram::Scalars scalars = scalars_of(own->slot());
  pump->step_alone(own->slot(), scalars);
  count_step(count_bad(own->slot()));
}

void Trainer::State::gradients_on_own() {
  const CompiledProgram::Scalars scalars = scalars_of(own->slot());
  replicas->each([&](size_t i) {
    std::vector<std::string> sums;
    for (const std::string& name : replicas->lane(i).states().names())
      if (name.starts_with(kGradientOf)) sums.push_back(name);
    replicas->lane(i).states().import_zeros(replicas->lane(i).stream(), sums);
  });
  gradients_of.reset();
  pump->gradients_alone(own->slot(), scalars);
  gradients_of = {scalars, count_bad(own->slot())};
}

void Trainer::State::apply_own() {
  const OwnGradients batch = *gradients_of;
  gradients_of.reset();
  pump->apply_alone(batch.scalars);
  count_step(batch.bad);
}

void Trainer::State::require_gradients() const {
  require_split_step();
  CLQ_REQUIRE(gradients_of.has_value(), "there are no gradients, compute those of a batch first");
}

void Trainer::State::require_split_step() const {
  CLQ_REQUIRE(!settings.spec.plan.in_one(),
              "gradients are not kept: a step computes and applies them at once; train.split_step = true keeps them");
}

std::string Trainer::State::state_of_gradient(const std::string& parameter) {
  require_gradients();
  const std::string name = kGradientOf + parameter;
  if (model->states.contains(parameter) && first().states().find(name) != nullptr) return name;
  std::vector<std::string> known;
  for (const auto& [state, tensor] : model->states)
    if (first().states().find(kGradientOf + state) != nullptr) known.push_back(state);
  fail(CLQ_E_NOT_FOUND, "no gradient of '{}'{}", parameter, did_you_mean(parameter, known));
}

Tensor Trainer::State::read_state(const std::string& name) { return export_now({name}).at(name); }

void Trainer::State::write_state(const std::string& name, const Tensor& value) {
  replicas->settle();
  replicas->each([&](size_t i) { replicas->lane(i).states().import_all(replicas->lane(i).stream(), {{name, value}}); });
}

}  // namespace clq
