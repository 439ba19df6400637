// calanque/calanque.hpp -- calanque.h for C++17 and later: handles that close, errors that are thrown. Header-only.
// SPDX-License-Identifier: BSD-3-Clause
//
// Objects own their handle and can be moved, not copied; one that was moved from holds none, and each call on it throws.
// What the library refuses is a calanque::Error with its status and its words. Texts go in as std::string_view and come out
// as std::string. Arrays are anything with data() and size(), C arrays, or calanque::view(pointer, count); their element type
// says the dtype, their dims are row-major, [n, ...] of a batch and [...] of one sample in a source. Nothing is printed, and no
// thread is started here; the comment of each class says what threads may do with it.
#pragma once

#include "cpp/batch.hpp"
#include "cpp/library.hpp"
#include "cpp/trainer.hpp"
