// tests/guest/host_state.hpp -- what of a process is its host's: fourteen parts that a library must leave alone.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <array>
#include <cstdint>
#include <string>

namespace clq::guest {

enum Part : size_t {
  kRounding,
  kExceptions,
  kDenormals,
  kLocale,
  kErrno,
  kSignalMask,
  kSignalActions,
  kFolder,
  kUmask,
  kEnvironment,
  kDescriptors,
  kOutput,
  kScheduling,
  kLimits,
  kParts
};
constexpr std::array<const char*, kParts> kPartNames = {
    "rounding", "exceptions", "denormals",   "locale",      "errno",  "signal mask", "signal actions",
    "folder",   "umask",      "environment", "descriptors", "output", "scheduling",  "limits"};

// Of each part a text that changes when the part does.
using HostState = std::array<std::string, kParts>;

// The registers of the calling thread, read without any arithmetic.
struct Arithmetic {
  int rounding = 0, flags = 0, traps = 0;
  uint32_t x87 = 0, mxcsr = 0;  // where there are such
};
Arithmetic look_at_arithmetic() noexcept;

void prepare_host();       // once, before the first look: what can only be watched from the start
HostState look_at_host();  // all but the arithmetic and errno
void put(HostState& state, const Arithmetic& arithmetic, int error_number);

// "before -> after" without what both begin and end with.
std::string difference(const std::string& before, const std::string& after);

}  // namespace clq::guest
