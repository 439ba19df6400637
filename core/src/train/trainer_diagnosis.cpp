// core/src/train/trainer_diagnosis.cpp -- where a training that diverged is first not finite.
// SPDX-License-Identifier: BSD-3-Clause
#include <algorithm>
#include <cstring>
#include <map>
#include <string_view>

#include "runtime/log.hpp"
#include "train/runner.hpp"
#include "train/trainer_state.hpp"

namespace clq {
namespace {

constexpr int kBatches = 3;
constexpr std::string_view kGradient = ":grad";

// "" where all is finite; the scopes stand in the order of the work.
std::string first_bad_scope(const Runner& runner) {
  for (const NamedValue& scope : runner.graph().outputs) {
    if (*runner.output(scope.name).as<uint8_t>().data() != 0) continue;
    if (!scope.name.ends_with(kGradient)) return scope.name;
    const std::string layer = scope.name.substr(0, scope.name.size() - kGradient.size());
    return "the gradient of " + (layer.empty() ? "the inputs" : layer);
  }
  return "";
}

}  // namespace

// No step changes a state any more, so the next batches meet the weights at which the training ended. An error here is
// not the one to tell: not even of memory, of which the diagnosis takes more than a step.
std::string Trainer::State::first_not_finite() try {
  pump->drain();  // the readers wait for the slots in their order
  replicas->settle();
  Device& device = first().device();
  const StepPlan alone;  // nothing is summed over replicas here
  CompiledProgram program(device, first().states(), build(ProgramKind::diagnose, alone), compute.flags);
  Runner runner(device, first().stream(), program);
  const BatchMemory rows(device, layout, settings.micro_batch, CLQ_MEM_HOST);
  std::map<std::string, void*> inputs;
  for (size_t t = 0; t < layout.tensors.size(); ++t) inputs[layout.tensors[t].name] = rows.tensors()[t];
  const size_t binding = runner.bind(inputs);
  for (int batch = 0; batch < kBatches; ++batch) {
    const Slot* slot = feeder ? pump->next() : &own->slot();
    if (slot == nullptr) break;
    const double good =
        std::max<double>(1, static_cast<double>(slot->rows.samples.size()) - static_cast<double>(count_bad(*slot)));
    CompiledProgram::Scalars scalars{learning_rate(progress.step), progress.step, settings.seed, 0,
                                     good * weight_scale};
    std::string where;
    for (int64_t piece = 0; piece < settings.batch / settings.micro_batch && where.empty(); ++piece) {
      scalars.first_sample = piece * settings.micro_batch;
      for (size_t t = 0; t < layout.tensors.size(); ++t) {
        const int64_t bytes = layout.tensors[t].desc.bytes() * settings.micro_batch;
        std::memcpy(rows.tensors()[t], slot->data[t] + piece * bytes, static_cast<size_t>(bytes));
      }
      runner.run(binding, scalars);
      where = first_bad_scope(runner);
    }
    if (!where.empty()) return ", first in " + where;
    if (!feeder) break;
    pump->give_back(const_cast<Slot*>(slot));
  }
  return "";
} catch (const std::exception& error) {
  log_line(CLQ_LOG_WARNING, fmt::format("where the training is not finite cannot be found: {}", error.what()));
  return "";
}

}  // namespace clq
