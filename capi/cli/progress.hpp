// capi/cli/progress.hpp -- how a training or a scan goes, on stderr: a bar on a terminal, a line every 30 s otherwise.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <chrono>
#include <string>

#include "client.hpp"

namespace clq::cli {

void say(const std::string& text);  // on stderr; where that cannot be written nothing ends
void print_log();                   // the library's waiting lines

class Bar {  // of so many things to be done
 public:
  Bar(std::string what, int64_t all);
  ~Bar();
  void update(int64_t done);
  void clear();

 private:
  std::string what_;
  int64_t all_;
  bool terminal_, drawn_ = false;
  std::chrono::steady_clock::time_point started_, last_;
};

class Progress {
 public:
  explicit Progress(clq_handle trainer);
  ~Progress();
  void update();  // often; draws at most ten times a second
  void clear();   // before anything else is written to stderr

 private:
  double value(const char* key) const;
  std::string line() const;
  clq_handle trainer_;
  bool terminal_, drawn_ = false;
  std::chrono::steady_clock::time_point last_;
};

}  // namespace clq::cli
