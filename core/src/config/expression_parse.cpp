// core/src/config/expression_parse.cpp -- text to instructions, by recursive descent.
// SPDX-License-Identifier: BSD-3-Clause
#include <algorithm>
#include <cctype>
#include <charconv>
#include <string_view>

#include <calanque/core/error.hpp>

#include "config/expression_code.hpp"

namespace clq {
namespace {

constexpr int kDeepest = 100;  // nested parentheses and signs: what a stack of any thread holds

struct Operator {
  std::string_view text;
  int level;
  Instr what;
};
// Longer ones before their beginnings. Higher levels bind tighter; unary - + ! and then ** come after them all.
constexpr Operator kOperators[] = {
    {"||", 0, Instr::logical_or}, {"&&", 1, Instr::logical_and},   {"==", 2, Instr::equal}, {"!=", 2, Instr::not_equal},
    {"<=", 3, Instr::less_equal}, {">=", 3, Instr::greater_equal}, {"<", 3, Instr::less},   {">", 3, Instr::greater},
    {"+", 4, Instr::add},         {"-", 4, Instr::subtract},       {"**", 6, Instr::power}, {"*", 5, Instr::multiply},
    {"/", 5, Instr::divide}};
constexpr int kEquality = 2, kOrder = 3, kUnary = 6;

struct Function {
  std::string_view name;
  Instr what;
  int arguments;
};
constexpr Function kFunctions[] = {
    {"isnan", Instr::isnan, 1},   {"abs", Instr::abs, 1},           {"sqrt", Instr::sqrt, 1},
    {"log", Instr::log, 1},       {"log10", Instr::log10, 1},       {"exp", Instr::exp, 1},
    {"floor", Instr::floor, 1},   {"min", Instr::minimum, 2},       {"max", Instr::maximum, 2},
    {"square", Instr::square, 1}, {"softplus", Instr::softplus, 1}, {"sigmoid", Instr::sigmoid, 1},
    {"tanh", Instr::tanh, 1},     {"erf", Instr::erf, 1},           {"huber", Instr::huber, 2},
    {"where", Instr::where, 3}};

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_name(char c) { return is_digit(c) || c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

class Parser {
 public:
  Parser(std::string_view text, std::string_view key) : text_(text), key_(key) {}

  ExpressionCode run() {
    skip_space();
    if (at_ == text_.size()) fail(CLQ_E_INVALID, "{}: the expression is empty", key_);
    binary(0);
    if (at_ < text_.size()) unexpected("an operator");
    return std::move(out_);
  }

 private:
  [[noreturn]] void wrong(const std::string& what, size_t at) const { wrong_expression(text_, key_, what, at); }

  [[noreturn]] void unexpected(const std::string& wanted) const {
    if (at_ == text_.size()) wrong(fmt::format("the text ends where {} is needed", wanted), at_);
    const char c = text_[at_];
    if (c == '=' || c == '&' || c == '|') wrong(fmt::format("a single '{}', write '{}{}'", c, c, c), at_);
    if (static_cast<unsigned char>(c) >= 0x80)
      wrong(fmt::format("a character that is not ASCII where {} is needed", wanted), at_);
    wrong(fmt::format("'{}' where {} is needed", c, wanted), at_);
  }

  void skip_space() {
    while (at_ < text_.size() && std::isspace(static_cast<unsigned char>(text_[at_])) != 0) ++at_;
  }

  bool take(char c) {
    if (at_ == text_.size() || text_[at_] != c) return false;
    ++at_;
    skip_space();
    return true;
  }

  const Operator* peek() const {
    for (const Operator& op : kOperators)
      if (text_.substr(at_).starts_with(op.text)) return &op;
    return nullptr;
  }

  void emit(Code code, int operands) {
    stack_ += 1 - operands;
    out_.depth = std::max(out_.depth, static_cast<size_t>(stack_));
    out_.code.push_back(code);
  }

  void take_operator(const Operator& op) {
    at_ += op.text.size();
    skip_space();
  }

  void binary(int level) {
    if (level == kUnary) return unary();
    binary(level + 1);
    for (bool again = false;; again = true) {
      const Operator* op = peek();
      if (op == nullptr || op->level != level) return;
      if (again && (level == kEquality || level == kOrder))
        wrong("comparisons do not chain, join two of them with &&", at_);
      take_operator(*op);
      binary(level + 1);
      emit({op->what}, 2);
    }
  }

  void unary() {
    if (++nested_ > kDeepest) wrong(fmt::format("more than {} levels", kDeepest), at_);
    if (take('-')) {
      unary();
      emit({Instr::negate}, 1);
    } else if (take('+')) {
      unary();
    } else if (take('!')) {
      unary();
      emit({Instr::logical_not}, 1);
    } else {
      power();
    }
    --nested_;
  }

  void power() {
    primary();
    const Operator* op = peek();
    if (op == nullptr || op->what != Instr::power) return;
    take_operator(*op);
    unary();  // right associative: 2 ** -x ** 2
    emit({Instr::power}, 2);
  }

  void primary() {
    if (at_ == text_.size()) unexpected("a value");
    const char c = text_[at_];
    if (is_digit(c) || c == '.') return number();
    if (is_name(c)) return name();
    if (c == '`') return quoted_name();
    const size_t open = at_;
    if (!take('(')) unexpected("a value");
    binary(0);
    close(open);
  }

  void close(size_t open) {
    if (at_ == text_.size()) wrong("this '(' is not closed", open);
    if (!take(')')) unexpected("')'");
  }

  void number() {
    double value = 0;
    const char* first = text_.data() + at_;
    const auto [end, error] = std::from_chars(first, text_.data() + text_.size(), value);
    if (error != std::errc()) wrong("a number that cannot be read", at_);
    // An identifier of 19 digits would select its neighbours, too.
    const std::string_view digits(first, static_cast<size_t>(end - first));
    if (value > 0x1p53 && digits.find_first_not_of("0123456789") == std::string_view::npos)
      wrong("a whole number beyond 2^53, which no expression tells from its neighbours,", at_);
    at_ += static_cast<size_t>(end - first);
    if (at_ < text_.size() && (is_name(text_[at_]) || text_[at_] == '.')) unexpected("an operator");
    skip_space();
    emit({Instr::number, 0, value}, 0);
  }

  void name() {
    const size_t start = at_;
    while (at_ < text_.size() && is_name(text_[at_])) ++at_;
    const std::string word(text_.substr(start, at_ - start));
    skip_space();
    const size_t open = at_;
    if (take('(')) return call(word, start, open);
    column(word, start);
  }

  // A column whose name is no plain word: `e_B-V`.
  void quoted_name() {
    const size_t open = at_++;
    const size_t end = text_.find('`', at_);
    if (end == std::string_view::npos) wrong("this '`' is not closed", open);
    if (end == at_) wrong("a column has a name", open);
    const std::string word(text_.substr(at_, end - at_));
    at_ = end + 1;
    skip_space();
    column(word, open);
  }

  void column(const std::string& word, size_t start) {
    const auto known = std::find(out_.names.begin(), out_.names.end(), word);
    const auto index = static_cast<uint32_t>(known - out_.names.begin());
    if (known == out_.names.end()) {
      out_.names.push_back(word);
      out_.places.push_back(start);
    }
    emit({Instr::name, index}, 0);
  }

  void call(const std::string& word, size_t start, size_t open) {
    const auto* function = std::find_if(std::begin(kFunctions), std::end(kFunctions),
                                        [&](const Function& known) { return known.name == word; });
    if (function == std::end(kFunctions)) {
      std::vector<std::string> names;
      for (const Function& known : kFunctions) names.emplace_back(known.name);
      wrong(fmt::format("there is no function '{}'{}", word, did_you_mean(word, names)), start);
    }
    int given = 0;
    if (at_ < text_.size() && text_[at_] != ')') {
      do {
        binary(0);
        ++given;
      } while (take(','));
    }
    close(open);
    if (given != function->arguments)
      wrong(fmt::format("{} takes {}, got {}", word, function->arguments, given), start);
    emit({function->what}, given);
  }

  std::string_view text_, key_;
  size_t at_ = 0;
  int nested_ = 0, stack_ = 0;
  ExpressionCode out_;
};

}  // namespace

void wrong_expression(std::string_view text, std::string_view key, const std::string& what, size_t at) {
  std::string shown = fmt::format("{}^{}", text.substr(0, at), text.substr(at));
  std::replace_if(
      shown.begin(), shown.end(), [](char c) { return std::iscntrl(static_cast<unsigned char>(c)) != 0; }, ' ');
  fail(CLQ_E_INVALID, "{}: {} at column {}: {}", key, what, at + 1, shown);
}

ExpressionCode parse_expression(const std::string& text, const std::string& key) { return Parser(text, key).run(); }

}  // namespace clq
