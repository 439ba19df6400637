// core/src/config/expression_code.hpp -- an expression as instructions for a stack of columns.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace clq {

enum class Instr : uint8_t {
  number,
  name,  // push
  negate,
  logical_not,
  isnan,
  abs,
  sqrt,
  log,
  log10,
  exp,
  floor,
  square,
  softplus,
  sigmoid,
  tanh,
  erf,  // one operand
  add,
  subtract,
  multiply,
  divide,
  power,
  less,
  less_equal,
  greater,  // two
  greater_equal,
  equal,
  not_equal,
  logical_and,
  logical_or,
  minimum,
  maximum,
  huber,
  where  // three
};

struct Code {
  Instr what;
  uint32_t name = 0;  // index of Instr::name
  double number = 0;  // value of Instr::number
};

struct ExpressionCode {
  std::vector<Code> code;          // postfix
  size_t depth = 0;                // columns on the stack at most
  std::vector<std::string> names;  // each once, in order of appearance
  std::vector<size_t> places;      // where in the text each appears first
};

ExpressionCode parse_expression(const std::string& text, const std::string& key);
// "<key>: <what> at column 7: ..." with a caret under the place, in one line.
[[noreturn]] void wrong_expression(std::string_view text, std::string_view key, const std::string& what, size_t at);

}  // namespace clq
