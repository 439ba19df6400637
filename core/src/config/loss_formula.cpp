// core/src/config/loss_formula.cpp -- a loss written as an expression of y, what the network gives, and z, the target.
// SPDX-License-Identifier: BSD-3-Clause
#include "config/loss_formula.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

#include <calanque/core/error.hpp>

namespace clq {
namespace {

std::optional<FormulaName> name_of(const std::string& word) {
  if (word.empty() || (word[0] != 'y' && word[0] != 'z')) return std::nullopt;
  FormulaName name{word[0] == 'y'};
  if (word.size() == 1) return name;
  const char* end = word.data() + word.size();
  if (word[1] != '_' || word.size() < 3 || word[2] == '0') return std::nullopt;
  const auto read = std::from_chars(word.data() + 2, end, name.number);
  if (read.ec != std::errc() || read.ptr != end || name.number < 1) return std::nullopt;
  return name;
}

struct Operand {
  bool moves = false;            // with the output, by a slope
  std::optional<double> number;  // a written one
};

bool has_no_slope(Instr what) {
  return what == Instr::floor || what == Instr::isnan || what == Instr::logical_not ||
         (what >= Instr::less && what <= Instr::logical_or);
}

// What the operands of one instruction, first to last, come to.
Operand applied(Instr what, const Operand* x, const std::string& key) {
  if (what == Instr::huber && x[1].number)
    CLQ_REQUIRE(*x[1].number > 0, "{}: the delta of huber must be positive, got {}", key, *x[1].number);
  if (has_no_slope(what)) return {};
  if (what == Instr::negate && x[0].number) return {false, -*x[0].number};
  if (what == Instr::where) return {x[1].moves || x[2].moves, {}};
  return {x[0].moves || (what >= Instr::add && x[1].moves), {}};
}

void require_slope(const LossFormula& formula, const std::string& text, const std::string& key) {
  std::vector<Operand> stack;
  for (const Code& code : formula.code.code) {
    if (code.what == Instr::number) {
      stack.push_back({false, code.number});
    } else if (code.what == Instr::name) {
      stack.push_back({formula.names[code.name].is_output, {}});
    } else {
      const size_t operands = code.what < Instr::add ? 1 : code.what < Instr::where ? 2 : 3;
      const Operand made = applied(code.what, &stack[stack.size() - operands], key);
      stack.resize(stack.size() - operands);
      stack.push_back(made);
    }
  }
  const bool named = std::any_of(formula.names.begin(), formula.names.end(), [](const auto& n) { return n.is_output; });
  CLQ_REQUIRE(named, "{}: y, what the network gives, is not in it: {}", key, text);
  CLQ_REQUIRE(stack.back().moves, "{}: y is in comparisons and floor alone, which have no slope to learn by: {}", key,
              text);
}

}  // namespace

int64_t LossFormula::outputs() const {
  int64_t most = 0;
  for (const FormulaName& name : names)
    if (name.is_output) most = std::max(most, name.number);
  return most;
}

bool LossFormula::is_numbered() const {
  return std::any_of(names.begin(), names.end(), [](const FormulaName& name) { return name.number > 0; });
}

bool is_formula(const std::string& loss) {
  const auto in_name = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '.';
  };
  return !std::all_of(loss.begin(), loss.end(), in_name);
}

LossFormula parse_loss_formula(const std::string& text, const std::string& key) {
  LossFormula formula{parse_expression(text, key), {}};
  for (size_t i = 0; i < formula.code.names.size(); ++i) {
    const std::string& word = formula.code.names[i];
    const auto name = name_of(word);
    if (!name)
      wrong_expression(text, key, fmt::format("'{}' is none of y, y_1, y_2 ..., z, z_1, z_2 ...", word),
                       formula.code.places[i]);
    formula.names.push_back(*name);
  }
  require_slope(formula, text, key);
  return formula;
}

}  // namespace clq
