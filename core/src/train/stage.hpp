// core/src/train/stage.hpp -- one program with its own states and host buffers: a step on the way of a prediction.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <map>
#include <string>

#include "train/device_choice.hpp"
#include "train/runner.hpp"

namespace clq {

struct Inference;  // train/inference.hpp

struct Stage {
  Stage(Device& device, Stream& stream, Inference made);
  Stage(Device& device, Stream& stream, Program compiled, const std::map<std::string, Tensor>& given, uint32_t flags)
      : states(device), program(device, states, std::move(compiled), flags), runner(device, stream, program) {
    states.import_all(stream, initial_states(program.program().graph, given, 0));
  }
  StateStore states;
  CompiledProgram program;
  Runner runner;
};

// Tensors [n, ...] of float type: NaN in the rows where bad is not 0.
void blank_rows(Tensor& tensor, const uint8_t* bad, int64_t n);
void add_to(std::vector<double>& sum, const Tensor& tensor);  // F32 or F64, of as many elements
// Row-wise mean over the models, summed in F64 in the order of the models; `sum` holds as many elements.
void mean_of(const std::vector<const Tensor*>& predictions, std::vector<double>& sum, Tensor& mean);

}  // namespace clq
