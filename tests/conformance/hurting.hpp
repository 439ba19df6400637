// tests/conformance/hurting.hpp -- the kinds of shapes that hurt: which of them cases have, and which an op must meet.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <map>
#include <set>
#include <string>

#include "conformance/op_cases.hpp"

namespace clq::test {

using Kinds = std::map<std::string, size_t>;  // "size 1": so many cases
void count_kinds(const OpCase& c, Kinds& kinds);
std::set<std::string> kinds_wanted(const std::string& op);
std::string text_of(const Kinds& kinds);  // "odd 7, size 1 3"

}  // namespace clq::test
