// capi/cli/machine.hpp -- what this machine lets a program use.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <string>

#include "client.hpp"

namespace clq::cli {

// Of Linux; what the system does not say is left out. Memory in bytes.
Json cpu_facts();          // model, cores, cores_allowed (affinity), cores_quota (of a container), vector instructions
Json memory_facts();       // total, available, limit (of a container)
Json system_facts();       // kernel, host
Json environment_facts();  // the variables that change how a run computes: CLQ_*, OMP_*, DNNL_*, SLURM_CPUS*, ...

}  // namespace clq::cli
