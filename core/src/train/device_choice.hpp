// core/src/train/device_choice.hpp -- which device a run computes on, and how it is asked to.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "runtime/device.hpp"
#include "train/session.hpp"

namespace clq {

struct Compute {  // the resolved [compute] table
  std::string device = "cpu", options = "{}";  // device: the first of devices
  uint32_t threads = 2, readers = 1, flags = 0;  // flags: CLQ_SEG_* without CLQ_SEG_TRAINING
  std::vector<std::string> devices = {"cpu"};     // one a replica
};
Compute read_compute(const Config& compute);

// "cpu" is the CPU device that scores best on this graph, and the log says so; anything else is that device.
std::unique_ptr<Device> open_device(const Registry& registry, const Compute& compute, const Graph& graph,
                                    uint32_t flags);
// One a replica, in the order of the names. They must be of one backend: its sums differ from another's.
std::vector<std::unique_ptr<Device>> open_devices(const Registry& registry, const Compute& compute, const Graph& graph,
                                                  uint32_t flags);

}  // namespace clq
