// core/src/losses/expression.cpp -- a loss that the run file writes down, turned into ops.
// SPDX-License-Identifier: BSD-3-Clause
#include <algorithm>
#include <numbers>

#include "config/loss_formula.hpp"
#include "losses/losses.hpp"

namespace clq {
namespace {

const char* unary_op(Instr what) {
  switch (what) {
    case Instr::negate:
      return "neg/1";
    case Instr::abs:
      return "abs/1";
    case Instr::sqrt:
      return "sqrt/1";
    case Instr::log:
      return "log/1";
    case Instr::exp:
      return "exp/1";
    case Instr::floor:
      return "floor/1";
    case Instr::square:
      return "square/1";
    case Instr::softplus:
      return "softplus/1";
    case Instr::sigmoid:
      return "sigmoid/1";
    case Instr::tanh:
      return "tanh/1";
    case Instr::erf:
      return "erf/1";
    default:
      fail(CLQ_E_INTERNAL, "instruction {} is no op of one number", static_cast<int>(what));
  }
}

const char* binary_op(Instr what) {
  switch (what) {
    case Instr::add:
      return "add/1";
    case Instr::subtract:
      return "sub/1";
    case Instr::multiply:
      return "mul/1";
    case Instr::divide:
      return "div/1";
    case Instr::power:
      return "pow/1";
    case Instr::minimum:
      return "minimum/1";
    case Instr::maximum:
      return "maximum/1";
    default:
      fail(CLQ_E_INTERNAL, "instruction {} is no op of two numbers", static_cast<int>(what));
  }
}

const char* comparison(Instr what) {  // nullptr: it is none
  switch (what) {
    case Instr::less:
      return "lt";
    case Instr::less_equal:
      return "le";
    case Instr::greater:
      return "gt";
    case Instr::greater_equal:
      return "ge";
    case Instr::equal:
      return "eq";
    default:
      return nullptr;
  }
}

// A machine of one stack, whose values are numbers or, U8, truths; each is turned into the other where it is used as
// such, as in Expression: 1 and 0, and what is neither 0 nor NaN.
class Writer {
 public:
  Writer(GraphBuilder& graph, DType dtype) : graph_(graph), dtype_(dtype) {}

  Value write(const ExpressionCode& code, std::span<const Value> names) {
    for (const Code& step : code.code) {
      if (step.what == Instr::number)
        stack_.push_back(constant(step.number));
      else if (step.what == Instr::name)
        stack_.push_back(names[step.name]);
      else
        stack_.push_back(step.what < Instr::add ? one(step.what) : two_or_three(step.what));
    }
    return number();
  }

 private:
  Value constant(double value) { return graph_.constant(value, dtype_); }
  Value compare(const char* how, Value a, Value b) { return graph_.op("compare/1", {a, b}, {{"op", attr(how)}}); }
  Value either(Value a, Value b) { return graph_.op("maximum/1", {a, b}); }

  Value pop() {
    const Value top = stack_.back();
    stack_.pop_back();
    return top;
  }
  Value number() {
    const Value top = pop();
    return graph_.dtype(top) == CLQ_U8 ? graph_.op("cast/1", {top}, {{"dtype", attr(dtype_)}}) : top;
  }
  Value truth() {
    const Value top = pop();
    return graph_.dtype(top) == CLQ_U8 ? top : unequal(top, constant(0));
  }
  // False for NaN, of which `ne` is true.
  Value unequal(Value a, Value b) { return either(compare("lt", a, b), compare("gt", a, b)); }

  Value one(Instr what) {
    const Value x = number();
    if (what == Instr::logical_not) return compare("eq", x, constant(0));
    if (what == Instr::isnan) return compare("ne", x, x);
    if (what != Instr::log10) return graph_.op(unary_op(what), {x});
    return graph_.op("mul/1", {graph_.op("log/1", {x}), constant(std::numbers::log10e)});
  }

  Value two_or_three(Instr what) {
    if (what == Instr::where) return choose();
    if (what == Instr::logical_and || what == Instr::logical_or) {
      const Value b = truth(), a = truth();
      return what == Instr::logical_or ? either(a, b) : graph_.op("mul/1", {a, b});
    }
    const Value b = number(), a = number();
    if (const char* how = comparison(what)) return compare(how, a, b);
    if (what == Instr::not_equal) return unequal(a, b);
    return what == Instr::huber ? huber(a, b) : graph_.op(binary_op(what), {a, b});
  }

  Value choose() {
    const Value otherwise = number(), then = number(), condition = truth();
    return graph_.op("select/1", {condition, then, otherwise});
  }

  // As the loss of that name: q (|e| - q / 2) with q = min(|e|, delta).
  Value huber(Value e, Value delta) {
    const Value size = graph_.op("abs/1", {e}), q = graph_.op("minimum/1", {size, delta});
    return graph_.op("mul/1", {q, graph_.op("sub/1", {size, graph_.op("mul/1", {q, constant(0.5)})})});
  }

  GraphBuilder& graph_;
  DType dtype_;
  std::vector<Value> stack_;
};

// The numbers of a sample side by side, so that each can be taken by its place.
Value table_of(GraphBuilder& graph, Value x) {
  const Shape dims = graph.shape(x);
  const std::vector<int64_t> table = {dims[0], graph.desc(x).count() / dims[0]};
  return graph.op("reshape/1", {x}, {{"shape", attr(table)}});
}

// Column `number`, from 1, of a table: [N].
Value column(GraphBuilder& graph, Value table, int64_t number) {
  const int64_t n = graph.shape(table)[0];
  const std::vector<int64_t> begin = {0, number - 1}, end = {n, number};
  return graph.op("reshape/1", {graph.op("slice/1", {table}, {{"begin", attr(begin)}, {"end", attr(end)}})},
                  {{"shape", attr(n)}});
}

// Nothing is learned of x elsewhere. An expression may have no finite slope at the 0 that stands for a target which is
// not there, and 0 times such a slope would be NaN; this leaves it out.
Value learned_where(GraphBuilder& graph, Value x, Value counts) {
  return counts ? graph.op("select/1", {counts, x, graph.op("stop_gradient/1", {x})}) : x;
}

// Of rows that have a weight: the others, which fill up a batch, have no target.
Value learned_by_weight(GraphBuilder& graph, Value output) {
  if (!graph.has_input("weight")) return output;
  const Value weight = graph.input("weight");
  std::vector<int64_t> dims(graph.shape(output).size(), 1);
  dims[0] = graph.shape(output)[0];
  const Value rows = graph.op("reshape/1", {weight}, {{"shape", attr(dims)}});
  const Value zero = graph.constant(0, graph.dtype(weight));
  return learned_where(graph, output, graph.op("compare/1", {rows, zero}, {{"op", attr("ne")}}));
}

class ExpressionLoss final : public Loss {
 public:
  explicit ExpressionLoss(const Config& config)
      : formula_(parse_loss_formula(config.require<std::string>("formula"), kKey)),
        mask_nan_(config.get("mask_nan", false)) {}

  Value build(GraphBuilder& graph, Value output, Value target) const override {
    const Value used = learned_by_weight(graph, output);
    return formula_.is_numbered() ? by_number(graph, used, target) : by_element(graph, used, target);
  }

  Value predict(GraphBuilder&, Value output) const override { return output; }

 private:
  static constexpr const char* kKey = "model.loss";

  Value by_element(GraphBuilder& graph, Value output, Value target) const {
    const Target wanted = read_target(graph, target, output, mask_nan_, kKey);
    const Value used = learned_where(graph, output, wanted.counts);
    std::vector<Value> names;
    for (const FormulaName& name : formula_.names) names.push_back(name.is_output ? used : wanted.values);
    return sample_mean(graph, Writer(graph, graph.dtype(output)).write(formula_.code, names), wanted.counts);
  }

  // One value a sample; with mask_nan 0 where one of the target's numbers that are named is missing.
  Value by_number(GraphBuilder& graph, Value output, Value target) const {
    const Value outputs = table_of(graph, output), targets = table_of(graph, target);
    std::vector<Value> names(formula_.names.size());
    Value counts;
    for (size_t i = 0; i < names.size(); ++i) {
      if (formula_.names[i].is_output) continue;
      const Value z = column(graph, targets, number_of(graph, i, targets));
      const Target wanted = read_target(graph, z, column(graph, outputs, 1), mask_nan_, kKey);
      names[i] = wanted.values;
      if (wanted.counts) counts = counts ? graph.op("mul/1", {counts, wanted.counts}) : wanted.counts;
    }
    for (size_t i = 0; i < names.size(); ++i)
      if (formula_.names[i].is_output)
        names[i] = learned_where(graph, column(graph, outputs, number_of(graph, i, outputs)), counts);
    return counted(graph, Writer(graph, graph.dtype(output)).write(formula_.code, names), counts);
  }

  // Of the i-th name; one without a number is the only one.
  int64_t number_of(const GraphBuilder& graph, size_t i, Value table) const {
    const FormulaName& name = formula_.names[i];
    const int64_t width = graph.shape(table)[1];
    const char* whose = name.is_output ? "network gives" : "target has";
    CLQ_REQUIRE(name.number > 0 || width == 1, "{}: {} stands beside names with a number, and the {} {} of them", kKey,
                formula_.code.names[i], whose, width);
    CLQ_REQUIRE(name.number <= width, "{}: there is no {}, the {} {}", kKey, formula_.code.names[i], whose, width);
    return std::max<int64_t>(name.number, 1);
  }

  LossFormula formula_;
  bool mask_nan_;
};

}  // namespace

std::unique_ptr<Loss> make_expression(const Config& config) { return std::make_unique<ExpressionLoss>(config); }

}  // namespace clq
