// capi/cli/signals.hpp -- SIGTERM, SIGUSR1 and the first SIGINT stop the training; the second SIGINT ends the program.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <calanque/calanque.h>

namespace clq::cli {

void ignore_write_signals();  // a closed pipe or a full quota is an error of write(), not the end
void hold_standard_streams();  // else the next file to be opened gets a closed one's number, and the words meant for it
void catch_stop_signals();
void stop_on_signal(clq_handle trainer);  // also for a signal that came before; 0: none any more

}  // namespace clq::cli
