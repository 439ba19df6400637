// tests/vocabulary/computed.hpp -- layers, or a loss, on numbers that both sides of a comparison draw by themselves.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <string>

#include "support/run_graph.hpp"

namespace clq::test {

struct Computed {
  Json states = Json::array();  // [name, dims] of the layers' states, in the order of their draws
  // Of layers: "y", "d.NAME" of sum(y cotangent) by an input or parameter, "next.NAME" of a state that a run changes.
  // Of a loss: what run_loss() gives.
  Tensors tensors;
};

// A task is one of
//   {"layers": [...], "mode": "train", "inputs": {"x": DRAW, ...}, "states": {"gamma": [low, high], ...}, "seed": 7,
//    "cells": {"seed": 3, "step": 5, "first_sample": 70}}
//   {"loss": {"use": "mse", ...}, "output": DRAW, "target": DRAW, "weights": [...], "seed": 7}
// DRAW is {"dims": [...], "low": -2, "high": 2}; with "whole": true cut to whole numbers, with "nan": [places] NaN
// there. A state that `states` does not name, by the last part of its name, is drawn from [-1, 1), as the cotangent is.
// The numbers are those of uniform(), draw i of a task with seed + i: the inputs, the states, the cotangent; or the
// output, the target.
Computed computed(const Json& task, const std::string& device, DType dtype);

}  // namespace clq::test
