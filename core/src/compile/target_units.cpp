// core/src/compile/target_units.cpp -- between the unit of the target and what the network learns of it, in ops.
// SPDX-License-Identifier: BSD-3-Clause
#include "compile/target_units.hpp"

#include <algorithm>
#include <numbers>

#include "compile/parts.hpp"

namespace clq {
namespace {

// A number of a prediction: of the target's number `place`, -1 of none; itself, or a width along it.
struct Role {
  int64_t place = -1;
  bool is_width = false;
};

Tensor row_of(const std::vector<double>& numbers) {
  Tensor row({CLQ_F64, {static_cast<int64_t>(numbers.size())}});
  std::copy(numbers.begin(), numbers.end(), row.as<double>().begin());
  return row;
}

// One step over a table whose columns have roles; columns that it does not work on stay as they are.
class StepWriter {
 public:
  StepWriter(GraphBuilder& graph, const TargetStep& step, const std::vector<Role>& roles)
      : graph_(graph), kind_(step.kind) {
    std::vector<double> a, b;
    Tensor works({CLQ_U8, {static_cast<int64_t>(roles.size())}});
    for (size_t c = 0; c < roles.size(); ++c) {
      const auto at = std::find(step.places.begin(), step.places.end(), roles[c].place);
      const bool here = at != step.places.end();
      const auto i = static_cast<size_t>(at - step.places.begin());
      const bool known = here && step.is_known();  // before the statistics programs are built for their shapes alone
      a.push_back(known && !roles[c].is_width ? step.a[i] : 0);
      b.push_back(known ? step.b[i] : 1);
      works.as<uint8_t>()[c] = here ? 1 : 0;
      everywhere_ = everywhere_ && here;
    }
    a_ = graph.constant(row_of(a));
    b_ = graph.constant(row_of(b));
    if (!everywhere_) works_ = graph.constant(works);
  }

  Value learned(Value x) { return where_it_works(forward(x), x); }
  Value given_back(Value x) { return where_it_works(inverse(x), x); }
  Value log_slope(Value x) { return where_it_works(log_derivative(x), graph_.op("mul/1", {x, number(0)})); }

 private:
  Value number(double value) { return graph_.constant(value, CLQ_F64); }
  Value one(const char* op, Value x) { return graph_.op(op, {x}); }
  Value two(const char* op, Value x, Value y) { return graph_.op(op, {x, y}); }
  Value where_it_works(Value made, Value x) { return everywhere_ ? made : graph_.op("select/1", {works_, made, x}); }

  Value forward(Value x) {
    switch (kind_) {
      case TargetStepKind::standardise:
        return two("div/1", two("sub/1", x, a_), b_);
      case TargetStepKind::log10:
        return two("mul/1", one("log/1", x), number(std::numbers::log10e));
      case TargetStepKind::asinh:
        return asinh(two("div/1", x, b_));
      default:
        return two("sub/1", one("log/1", two("sub/1", x, a_)), one("log/1", two("sub/1", b_, x)));
    }
  }

  Value inverse(Value u) {
    switch (kind_) {
      case TargetStepKind::standardise:
        return two("add/1", two("mul/1", u, b_), a_);
      case TargetStepKind::log10:
        return two("pow/1", number(10), u);
      case TargetStepKind::asinh:
        return two("mul/1", sinh(u), b_);
      default:
        return two("add/1", two("mul/1", one("sigmoid/1", u), two("sub/1", b_, a_)), a_);
    }
  }

  Value log_derivative(Value x) {
    const Value log_b = one("log/1", b_);
    switch (kind_) {
      case TargetStepKind::standardise:
        return two("sub/1", two("mul/1", x, number(0)), log_b);
      case TargetStepKind::log10:
        return one("neg/1", one("log/1", two("mul/1", x, number(std::numbers::ln10))));
      case TargetStepKind::asinh: {
        const Value squares = two("add/1", one("square/1", two("div/1", x, b_)), number(1));
        return one("neg/1", two("add/1", log_b, two("mul/1", one("log/1", squares), number(0.5))));
      }
      default: {
        const Value parts = two("mul/1", two("sub/1", x, a_), two("sub/1", b_, x));
        return two("sub/1", one("log/1", two("sub/1", b_, a_)), one("log/1", parts));
      }
    }
  }

  // sign(v) log(1 + w), w = |v| + v^2 / (1 + sqrt(1 + v^2)); log(1 + w) is softplus(log w), exact where w is small.
  Value asinh(Value v) {
    const Value square = one("square/1", v);
    const Value root = one("sqrt/1", two("add/1", square, number(1)));
    const Value w = two("add/1", one("abs/1", v), two("div/1", square, two("add/1", root, number(1))));
    return two("mul/1", one("sign/1", v), one("softplus/1", one("log/1", w)));
  }

  // tanh u cosh u: a difference of exponentials has no digits left where u is small.
  Value sinh(Value u) {
    const Value both = two("add/1", one("exp/1", u), one("exp/1", one("neg/1", u)));
    return two("mul/1", one("tanh/1", u), two("mul/1", both, number(0.5)));
  }

  GraphBuilder& graph_;
  TargetStepKind kind_;
  bool everywhere_ = true;
  Value a_, b_, works_;
};

Value reshaped(GraphBuilder& graph, Value x, const Shape& dims) {
  return graph.shape(x) == dims ? x : graph.op("reshape/1", {x}, {{"shape", attr(dims)}});
}

Value cast(GraphBuilder& graph, Value x, DType dtype) {
  return graph.dtype(x) == dtype ? x : graph.op("cast/1", {x}, {{"dtype", attr(dtype)}});
}

Value as_table(GraphBuilder& graph, Value x) {
  const Shape dims = graph.shape(x);
  return reshaped(graph, cast(graph, x, CLQ_F64), {dims[0], element_count(dims) / dims[0]});
}

std::vector<Role> numbers_at(const std::vector<int64_t>& places) {
  std::vector<Role> roles;
  for (const int64_t place : places) roles.push_back({place});
  return roles;
}

std::vector<Role> roles_of(const ModelSpec& model, int64_t width, const std::vector<int64_t>& places) {
  const std::string density = density_of(model);
  const auto targets = static_cast<int64_t>(places.size());
  const bool has_rest = model.loss.value("use", "") == "expression" && width > targets;
  std::vector<Role> roles(static_cast<size_t>(width));
  const auto fill = [&](int64_t first, int64_t count, bool is_width) {
    for (int64_t k = 0; k < count; ++k)
      roles[static_cast<size_t>(first + k)] = {places[static_cast<size_t>(targets == 1 ? 0 : k)], is_width};
  };
  if (density == "gaussian" && width == 2 * targets) {
    fill(0, targets, false);
    if (!is_gaussian_elsewhere(model)) fill(targets, targets, true);
  } else if (density == "mixture" && width % 3 == 0 && targets == 1) {
    fill(width / 3, width / 3, false);
    fill(2 * (width / 3), width / 3, true);
  } else {
    CLQ_REQUIRE(density.empty() && (width == targets || has_rest),
                "target_transform: the network gives {} numbers and the target has {}, of which is which", width,
                targets);
    fill(0, targets, false);
  }
  return roles;
}

}  // namespace

void require_target_steps(const ModelSpec& model) {
  if (model.target_steps.empty()) return;
  const std::string use = model.loss.value("use", "");
  CLQ_REQUIRE(model.task != "classification" && model.task != "segmentation",
              "target_transform: a {} has no number to transform", model.task);
  const bool bins = model.task_options.contains("bins") || model.loss.contains("bins");
  CLQ_REQUIRE(!bins, "target_transform: bins are of the target as it is, there is nothing to transform");
  for (const char* other : {"softmax_cross_entropy", "crps", "bce", "dice", "nt_xent"})
    CLQ_REQUIRE(use != other, "target_transform: {} takes no number that could be transformed", use);
  for (const TargetStep& step : model.target_steps)
    CLQ_REQUIRE(density_of(model) != "mixture" || step.is_linear(),
                "target_transform: {} makes of a mixture's density one without a mean; standardise alone keeps it",
                target_step_name(step.kind));
}

bool is_gaussian_elsewhere(const ModelSpec& model) {
  const auto bends = [](const TargetStep& step) { return !step.is_linear(); };
  return density_of(model) == "gaussian" && std::any_of(model.target_steps.begin(), model.target_steps.end(), bends);
}

std::vector<TargetStep> steps_at(const std::vector<TargetStep>& steps, const std::vector<int64_t>& places) {
  std::vector<TargetStep> some;
  for (const TargetStep& step : steps)
    if (std::find_first_of(step.places.begin(), step.places.end(), places.begin(), places.end()) != step.places.end())
      some.push_back(step);
  return some;
}

bool have_one_unit(const ModelSpec& x, const ModelSpec& y) {
  const auto part_of = [](const ModelSpec& model, size_t output) {
    ModelSpec part;
    const bool whole = model.outputs.empty();
    part.loss = whole ? model.loss : model.outputs[output].at("loss");
    part.target_steps =
        whole ? model.target_steps
              : steps_at(model.target_steps, model.outputs[output].at("places").get<std::vector<int64_t>>());
    return part;
  };
  for (size_t i = 0; i < std::max<size_t>(x.outputs.size(), 1); ++i) {
    const ModelSpec a = part_of(x, i), b = part_of(y, i);
    const bool bent = is_gaussian_elsewhere(a) || is_gaussian_elsewhere(b);
    if (bent && steps_to_json(a.target_steps) != steps_to_json(b.target_steps)) return false;
  }
  return true;
}

Value given_back(GraphBuilder& graph, Value table, const std::vector<TargetStep>& steps,
                 const std::vector<int64_t>& places) {
  const std::vector<Role> roles = numbers_at(places);
  for (auto step = steps.rbegin(); step != steps.rend(); ++step)
    table = StepWriter(graph, *step, roles).given_back(table);
  return table;
}

Value log_slopes(GraphBuilder& graph, Value table, const std::vector<TargetStep>& steps,
                 const std::vector<int64_t>& places) {
  Value sum = graph.op("mul/1", {table, graph.constant(0, CLQ_F64)});
  for (const TargetStep& step : steps) {
    StepWriter writer(graph, step, numbers_at(places));
    sum = graph.op("add/1", {sum, writer.log_slope(table)});
    table = writer.learned(table);
  }
  return sum;
}

Value learned_values(GraphBuilder& graph, Value table, const std::vector<TargetStep>& steps,
                     const std::vector<int64_t>& places) {
  const std::vector<Role> roles = numbers_at(places);
  for (const TargetStep& step : steps) table = StepWriter(graph, step, roles).learned(table);
  return table;
}

Value learned_target(GraphBuilder& graph, Value target, const std::vector<TargetStep>& steps,
                     const std::vector<int64_t>& places) {
  if (steps.empty()) return target;
  const Value table = as_table(graph, target), x = learned_values(graph, table, steps, places);
  // A row that fills up a batch has the target 0, which may have no logarithm.
  const Value is_nan = graph.op("compare/1", {table, table}, {{"op", attr("ne")}});
  const Value stays = graph.op("maximum/1", {graph.op("is_finite/1", {x}), is_nan});
  return reshaped(graph, graph.op("select/1", {stays, x, graph.constant(0, CLQ_F64)}), graph.shape(target));
}

Value in_target_unit(GraphBuilder& graph, Value prediction, const ModelSpec& model,
                     const std::vector<int64_t>& places) {
  if (model.target_steps.empty()) return prediction;
  Value x = as_table(graph, prediction);
  const std::vector<Role> roles = roles_of(model, graph.shape(x)[1], places);
  for (auto step = model.target_steps.rbegin(); step != model.target_steps.rend(); ++step)
    x = StepWriter(graph, *step, roles).given_back(x);
  return cast(graph, reshaped(graph, x, graph.shape(prediction)), graph.dtype(prediction));
}

}  // namespace clq
