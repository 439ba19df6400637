// tests/guest/posture.hpp -- hosts that are not as a program begins: what a library might reset must be set first.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <string>

namespace clq::guest {

// plain: as main() begins. traps: division by zero, invalid and overflow raise SIGFPE. toward_zero, upward: rounds so;
// toward_zero takes denormals for zero as well. alarms: a signal each half millisecond, whose handler lets system calls
// end with EINTR. odd: none of the fourteen parts has its usual value.
void take_posture(const std::string& name);

// A loop of the host's own: OpenMP's threads have the host's arithmetic before the library meets them.
void use_openmp();

// Between two looks changes one part of the host, and changes it back the next time. nullptr: no such part.
using Plant = void (*)();
Plant plant_for(const std::string& part);

}  // namespace clq::guest
