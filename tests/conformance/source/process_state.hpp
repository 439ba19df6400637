// tests/conformance/source/process_state.hpp -- what this process holds: descriptors, threads, mappings, memory.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace clq::conformance {

std::vector<std::string> open_descriptors();  // "7 -> /data/cat.fits", sorted
bool is_mapped(const std::string& file);
int64_t thread_count();
int64_t resident_bytes();
int64_t allocated_bytes();  // by malloc, and not freed

// "" when `after` has nothing that `before` had not.
std::string added(const std::vector<std::string>& before, const std::vector<std::string>& after);

// A thread that was joined may stand in /proc for a moment; waits up to a second.
bool has_threads_again(int64_t n);

std::vector<std::string> names_in(const std::string& folder);  // sorted
std::string bytes_of_file(const std::string& path);

}  // namespace clq::conformance
