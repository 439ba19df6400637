// capi/cli/progress.hpp -- how a training goes, on stderr: a bar on a terminal, a line every 30 s otherwise.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <chrono>
#include <string>

#include "client.hpp"

namespace clq::cli {

void say(const std::string& text);  // on stderr; where that cannot be written nothing ends
void print_log();                   // the library's waiting lines

class Progress {
 public:
  explicit Progress(clq_handle trainer);
  ~Progress();
  void update();  // often; draws at most ten times a second
  void clear();   // before anything else is written to stderr

 private:
  double value(const char* key) const;
  std::string line() const;
  std::string bar(size_t width) const;
  clq_handle trainer_;
  bool terminal_, drawn_ = false;
  std::chrono::steady_clock::time_point last_;
};

}  // namespace clq::cli
