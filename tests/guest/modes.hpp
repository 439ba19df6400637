// tests/guest/modes.hpp -- what the program guest can be asked for; each prints JSON.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <string>
#include <vector>

namespace clq::guest {

using Words = std::vector<std::string>;

// The variable GUEST_PLANTED makes a mode do what its check must notice.
// Where results go: not descriptor 1, which is watched.
void print(const std::string& text);

int list_devices(const Words& words);
int table(const Words& words);    // POSTURE FOLDER [openmp]: every function, before and after
int answers(const Words& words);  // POSTURE [openmp]: bits that a training leaves; openmp: the host used OpenMP first
int fork(const Words& words);     // CASE DEVICE FOLDER
int leave(const Words& words);    // HOW DEVICE FOLDER: ends with 7 and everything open
int threads(const Words& words);  // DEVICE: which signals the threads take that the library started
int files(const Words& words);    // writes every kind of file into the working folder, in the locale of the environment

}  // namespace clq::guest
