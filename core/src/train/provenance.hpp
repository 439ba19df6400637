// core/src/train/provenance.hpp -- run.json: what ran where, on which data, and why it ended.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <array>
#include <string>

#include <calanque/core/graph.hpp>

#include "runtime/registry.hpp"

namespace clq {

std::string utc_now();  // "2026-03-01T12:00:00Z"
std::string hex(const std::array<uint8_t, 32>& bytes);
// Versions, plugins with the XXH3-64 of their files, host, start. The trainer adds what it knows.
Json start_of_run(const Registry& registry);

// What a source's metadata say of its table: made by a simulation, not by a telescope. What follows from it says so.
bool is_simulated(const Json& metadata);
Json simulated_card();  // SIMULATD = T

}  // namespace clq
