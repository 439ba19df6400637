// tests/fuzz/capi_data_calls.hpp -- calls about the library, run files and sources.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <span>

#include "capi_values.hpp"

namespace clq::fuzz {

std::span<const Call> data_calls();

}  // namespace clq::fuzz
