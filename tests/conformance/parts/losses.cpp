// tests/conformance/parts/losses.cpp -- losses: one finite number a sample, and its gradient.
// SPDX-License-Identifier: BSD-3-Clause
#include "compile/parts.hpp"
#include "conformance/parts/lists.hpp"
#include "conformance/parts/loaded.hpp"

namespace clq::conformance {
namespace {

constexpr int64_t kLossRows = 6;

// The output of a network, and the target: numbers, several of them, a class, densities.
std::vector<Inputs> offered_to_losses() {
  const auto output = [](int64_t n) { return test::uniform({kLossRows, n}, -2, 2, 1); };
  const Tensor number = test::uniform({kLossRows}, 0.1, 0.9, 2),
               classes = test::tensor({kLossRows}, {0, 1, 2, 1, 0, 2});
  return {{output(1), number},
          {output(3), test::uniform({kLossRows, 3}, 0.1, 0.9, 3)},
          {output(3), classes},
          {output(2), number},
          {output(6), number}};
}

class OneLoss {
 public:
  OneLoss(const Loaded& loaded, const std::string& name) {
    ModelSpec model;
    model.loss = options_for(loaded.registry.find("loss", name)->config_schema);
    model.loss["use"] = name;
    loss_ = find_loss(model, loaded.registry, "model.loss");
    inputs = taken_inputs(offered_to_losses(), [&](const Inputs& some) {
               GraphBuilder graph(loaded.ops, Mode::train, test::fields_of(some), CLQ_F64);
               build(graph, values_of(graph, some.size()));
             }).front();
  }
  Value build(GraphBuilder& graph, std::span<const Value> x) const { return loss_->build(graph, x[0], x[1]); }

  Inputs inputs;

 private:
  std::unique_ptr<Loss> loss_;
};

void gives_one_a_sample(const Loaded& loaded, const OneLoss& loss, const std::string& name, Findings& findings) {
  GraphBuilder graph(loaded.ops, Mode::train, test::fields_of(loss.inputs), CLQ_F64);
  const Value each = loss.build(graph, values_of(graph, 2));
  const TensorDesc desc = graph.desc(each);
  if (!findings.expect(is_float(desc.dtype) && desc.dims == Shape{kLossRows}, "{}: it gives {} {}, f64 [{}] is right",
                       name, dtype_name(desc.dtype), to_string(desc.dims), kLossRows))
    return;
  graph.output("loss", graph.op("identity/1", {each}));
  findings.expect(all_finite(loaded.on_reference(graph.graph()).run(named_inputs(loss.inputs)).at("loss")),
                  "{}: of finite numbers it is not finite", name);
}

void has_gradient(const Loaded& loaded, const OneLoss& loss, const std::string& name, Findings& findings) {
  const auto build = [&](GraphBuilder& b, std::span<const Value> x) { return loss.build(b, x); };
  const Off worst = worst_gradient(loaded, build, loss.inputs, 1);
  findings.expect(worst.distance <= kGradientBound,
                  "{}: its gradient by {} is {:.1e} off central differences, {:.0e} is right", name, worst.by,
                  worst.distance, kGradientBound);
}

using LossCheck = void (*)(const Loaded&, const OneLoss&, const std::string&, Findings&);

void add_loss_case(std::vector<Case>& cases, const char* name, const char* what, LossCheck check) {
  cases.push_back({name, what, [check](const Subject& subject, Findings& findings) {
                     const Loaded& loaded = load(subject);
                     for_each(loaded.registry.builder_names("loss"), findings,
                              [&](const std::string& loss) { check(loaded, OneLoss(loaded, loss), loss, findings); });
                   }});
}

}  // namespace

void add_loss_cases(std::vector<Case>& cases) {
  add_loss_case(cases, "loss.values", "one finite number a sample", gives_one_a_sample);
  add_loss_case(cases, "loss.gradients", "by the network's output agrees with central differences", has_gradient);
}

}  // namespace clq::conformance
