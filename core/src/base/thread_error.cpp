// core/src/base/thread_error.cpp -- this thread's error text, set by plugins through their host table.
// SPDX-License-Identifier: BSD-3-Clause
#include "base/thread_error.hpp"

#include <utility>

#include <calanque/core/error.hpp>

namespace clq {
namespace {

thread_local std::string error_text;

}  // namespace

void set_thread_error(const char* text) { error_text = one_line(text == nullptr ? "" : text); }

std::string take_thread_error() { return std::exchange(error_text, {}); }

}  // namespace clq
