// projects/deepdip/plugin/photoz.hpp -- the builders that entry.cpp offers for the task "photoz".
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <calanque/plugin/builder.h>

namespace deepdip {

extern const clq_builder kPhotozTask;      // prediction -> the columns of a prediction table
extern const clq_builder kPhotozMetrics;   // prediction, target -> metrics

}  // namespace deepdip
