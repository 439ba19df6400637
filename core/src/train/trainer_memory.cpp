// core/src/train/trainer_memory.cpp -- what a training takes, measured where it can be and counted where it cannot.
// SPDX-License-Identifier: BSD-3-Clause
#include <algorithm>

#include "train/trainer_state.hpp"

namespace clq {

// A backend loads kernels and makes scratch when a program runs for the first time: now, so that the bound counts them
// and a device that cannot compute says so before the first batch. The states come after it.
void Trainer::State::warm_up() {
  int64_t counted = memory->slot(0).bytes(), said = evaluate_program ? evaluate_program->resident_bytes() : 0;
  memory->clear(0);
  for (size_t i = 0; i < replicas->size(); ++i) {
    Lane& lane = replicas->lane(i);
    for (const std::string& name : lane.states().names()) lane.states().import_zeros(lane.stream(), {name});
    counted += lane.in_host_memory() ? lane.states().bytes() + lane.workspace_bytes() : 0;
    said += lane.resident_bytes();
  }
  pump->warm_up(*memory);
  if (evaluator) counted += evaluator->warm_up();
  const Resident warm = resident_now();
  const int64_t taken = std::max<int64_t>(0, warm.now - at_start.now - counted);
  backend_bytes = first().in_host_memory() ? std::max(said, taken) : said + taken;
  with_answers(model->states);
  answer_bytes = resident_now().peak - std::max(warm.now, at_start.peak);
}

// A checkpoint exports the states and the best weights, and its file holds a copy; the last model of a run stands in an
// export beside the states, in the model, in the network that answers its golden inputs and in the file.
void Trainer::State::bound_memory() {
  int64_t weights = 0;
  for (const auto& [name, tensor] : model->states) weights += tensor.desc().bytes();
  int64_t workspace = 0, stored = 0;
  for (size_t i = 0; i < replicas->size(); ++i) {
    workspace += replicas->lane(i).workspace_bytes();
    stored += replicas->lane(i).states().bytes();
  }
  const int64_t saved_states = first().states().bytes();
  bound.add("process", at_start.peak);
  bound.add("readers", int64_t{compute.readers} * reader_bytes(source->schema().metadata));
  bound.add("events", events_bytes());
  bound.add(fmt::format("{} slots", memory->depth()), memory->bytes());
  bound.add("input sets", pump->device_bytes());
  bound.add("states", stored);
  bound.add("workspace", workspace);
  bound.add("backend", backend_bytes);
  bound.add("best weights", weights);
  bound.add("checkpoint", std::max(2 * (saved_states + weights), saved_states + 4 * weights));
  bound.add("answers", std::max<int64_t>(0, answer_bytes - weights));  // which stand in "checkpoint", too
  bound.add("evaluation", evaluator ? evaluator->bytes() : 0);
  bound.add("selections", split.train.bytes() + split.valid.bytes() + split.test.bytes());
}

}  // namespace clq
