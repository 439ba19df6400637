// capi/cli/child.hpp -- a process in a group of its own with a time limit, and the report that it writes.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "client.hpp"

namespace clq::cli {

struct ChildEnd {
  Json report;           // null: none, or no JSON
  std::string words;     // the last of what it printed
  bool in_time = false;  // it ended by itself within the limit
  bool reaped = true;    // false: it cannot be ended, or someone else has taken its status
  int status = 0;        // as of waitpid
  bool well() const;     // in time, with exit code 0
};

// Its input is empty. What it started ends with it, but for what has left its group.
ChildEnd run_child(const std::string& program, const std::vector<std::string>& arguments, std::chrono::seconds limit);
// "exit code 3: cannot allocate", "signal 11 (Segmentation fault)", "did not end within 10 seconds".
std::string end_text(const ChildEnd& end, std::chrono::seconds limit);

// In the child: it dies when the process does that started it; its report goes through a descriptor of its own.
void end_with_parent();
bool write_report(const std::string& json);

}  // namespace clq::cli
