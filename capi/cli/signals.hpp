// capi/cli/signals.hpp -- what signals do to a training, at its start, in its steps and at its end, and to a table.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <string>

#include <calanque/calanque.h>

namespace clq::cli {

void ignore_write_signals();   // a closed pipe or a full quota is an error of write(), not the end
void hold_standard_streams();  // else the next file to be opened gets a closed one's number, and the words meant for it
// SIGTERM, SIGUSR1 and SIGINT, and SIGHUP, SIGUSR2 and SIGXCPU unless they are ignored already. A start that they meet
// ends the program at once, whatever it waits for: it has nothing to keep, and takes away what it made of `folder`
// while that is empty. Its exit code is 128 and the signal's number, or kStopped where there is a checkpoint to go on
// with.
void catch_stop_signals(const std::string& folder);
void stop_on_signal(clq_handle trainer);  // the start is over: from now on they stop this one; 0: none any more
// The program ends with this code, also where something that it waits for never does; then it has these last words.
void leave_within(unsigned seconds, int exit_code, const std::string& words = "");
// A table that is being written lies beside its place, and a signal that ends the program takes it away before.
void remove_on_signal(const std::string& table);

}  // namespace clq::cli
