// tests/core/ops/op_words.test.cpp -- what docs/ops.md says of attributes is what the rules and kernels do.
// SPDX-License-Identifier: BSD-3-Clause
#include <algorithm>
#include <optional>
#include <set>

#include <gtest/gtest.h>

#include "core/ops/cases.hpp"
#include "ops/op_words.hpp"
#include "support/number.hpp"
#include "support/run_graph.hpp"

namespace clq::test {
namespace {

struct Documented {
  std::string name, type, absent;  // absent: its value where it is left out; "": it must be given
};

// Of "alpha f = 0.01, min f".
std::vector<Documented> attributes_of(std::string_view text) {
  std::vector<Documented> out;
  while (!text.empty()) {
    const size_t end = std::min(text.find(", "), text.size());
    const std::string_view one = text.substr(0, end);
    const size_t space = one.find(' '), equals = one.find(" = ");
    const std::string_view absent = equals == one.npos ? "" : one.substr(equals + 3);
    out.push_back({std::string(one.substr(0, space)), std::string(one.substr(space + 1, 1)), std::string(absent)});
    text.remove_prefix(std::min(end + 2, text.size()));
  }
  return out;
}

// The op of a case alone, with its inputs.
struct Lone {
  std::string name;
  std::vector<Tensor> inputs;
  Attrs attrs;
};

Tensor data_of(const Graph& graph, const ClosedFormCase& c, Value v) {
  for (const Constant& constant : graph.constants)
    if (constant.value == v) return constant.data;
  for (size_t i = 0; i < graph.inputs.size(); ++i)
    if (graph.inputs[i].value == v) return c.inputs.at(i);
  clq::fail(CLQ_E_INVALID, "{}: an input of the op is neither a constant nor the case's", c.op);
}

Lone lone(const ClosedFormCase& c) {
  static const OpTable ops;
  GraphBuilder b(ops, Mode::train, fields_of(c.inputs), CLQ_F64);
  std::vector<Value> inputs;
  for (size_t i = 0; i < c.inputs.size(); ++i) inputs.push_back(b.input(numbered("x", i)));
  c.build(b, inputs);
  const auto& all = b.graph().ops;
  const auto op = std::find_if(all.begin(), all.end(), [&](const Op& o) { return o.name == c.op; });
  CLQ_REQUIRE(op != all.end(), "{}: not in its own case", c.op);
  Lone out{c.op, {}, op->attrs};
  for (const Value v : op->inputs) out.inputs.push_back(data_of(b.graph(), c, v));
  return out;
}

std::vector<Lone> lone_of(const std::string& op) {
  std::vector<Lone> out;
  for (const ClosedFormCase& c : closed_form_cases())
    if (c.op == op) out.push_back(lone(c));
  return out;
}

Lone without(Lone op, const std::string& name) {
  std::erase_if(op.attrs, [&](const auto& a) { return a.first == name; });
  return op;
}

Lone with(Lone op, const std::string& name, const Attr& value) {
  op = without(std::move(op), name);
  op.attrs.emplace_back(name, value);
  return op;
}

Graph graph_of(const Lone& op) {
  static const OpTable ops;
  GraphBuilder b(ops, Mode::train, {}, CLQ_F64);
  std::vector<Value> inputs;
  for (const Tensor& t : op.inputs) inputs.push_back(b.constant(t));
  const std::vector<Value> out = b.multi_op(op.name, inputs, op.attrs);
  for (size_t i = 0; i < out.size(); ++i) b.output(numbered("y", i), b.op("identity/1", {out[i]}));
  return b.graph();
}

// Why its rule refuses it; "": it does not.
std::string refusal(const Lone& op) try {
  graph_of(op);
  return "";
} catch (const Error& e) {
  return e.what();
}

Attr value_of(const Documented& a, const Lone& op) {
  const auto rank = static_cast<int64_t>(op.inputs.empty() ? 0 : op.inputs[0].desc().dims.size());
  if (a.absent == "F32") return attr(CLQ_F32);
  if (a.type == "f") return attr(test::number_in(a.absent));
  if (a.type == "t") return attr(a.absent.c_str());
  if (a.type == "i") return attr(int64_t{std::stoll(a.absent)});
  if (a.absent != "all") return attr(std::vector<int64_t>(static_cast<size_t>(rank - 2), std::stoll(a.absent)));
  std::vector<int64_t> axes;
  for (int64_t i = 0; i < rank; ++i) axes.push_back(i);
  return attr(axes);
}

// By the words with which the rule refuses a value of another type; "": it does not know the attribute.
std::string type_by_rule(const Lone& op, const std::string& name) {
  for (const Attr& wrong : {attr("?"), attr(0)}) {
    const std::string said = refusal(with(op, name, wrong));
    const std::string must = fmt::format("attribute '{}' must be ", name);
    if (const size_t at = said.find(must); at != std::string::npos) {
      const std::string what = said.substr(at + must.size());
      return what == "one integer" ? "i" : what == "a list of integers" ? "I" : what == "one f64" ? "f" : "t";
    }
  }
  return "";
}

TEST(OpWords, AreThereForEveryOpOnce) {
  std::vector<std::string> told, known = OpTable().names();
  for (const OpWords& words : op_words()) told.emplace_back(words.name);
  std::sort(told.begin(), told.end()), std::sort(known.begin(), known.end());
  EXPECT_EQ(told, known);
}

TEST(OpWords, NameTheAttributesThatTheRuleReadsAndTheirTypes) {
  std::set<std::string> every;
  for (const OpWords& words : op_words())
    for (const Documented& a : attributes_of(words.attrs)) every.insert(a.name);
  EXPECT_GT(every.size(), 20U);
  for (const OpWords& words : op_words()) {
    std::map<std::string, std::string> told;
    for (const Documented& a : attributes_of(words.attrs)) told[a.name] = a.type;
    const std::vector<Lone> cases = lone_of(words.name);
    ASSERT_FALSE(cases.empty()) << words.name;
    for (const std::string& name : every)
      EXPECT_EQ(type_by_rule(cases[0], name), told[name]) << words.name << " " << name;
  }
}

TEST(OpWords, SayWhatAnAttributeIsThatIsLeftOut) {
  for (const OpWords& words : op_words())
    for (const Documented& a : attributes_of(words.attrs)) {
      if (a.absent.empty()) continue;
      bool ran = false;
      for (const Lone& op : lone_of(words.name)) {
        const Lone plain = without(op, a.name), told = with(op, a.name, value_of(a, op));
        EXPECT_EQ(refusal(plain).empty(), refusal(told).empty()) << words.name << " " << a.name;
        if (!refusal(plain).empty()) continue;
        ran = true;
        const Tensors want = run_graph(graph_of(plain)), got = run_graph(graph_of(told));
        for (const auto& [name, tensor] : want) {
          EXPECT_EQ(got.at(name).desc(), tensor.desc()) << words.name << " " << a.name;
          EXPECT_EQ(distance(got.at(name), tensor), 0) << words.name << " " << a.name << " = " << a.absent;
        }
      }
      EXPECT_TRUE(ran) << words.name << ": no case in which " << a.name << " can be left out";
    }
}

TEST(OpWords, SayWhichAttributesMustBeGiven) {
  for (const OpWords& words : op_words())
    for (const Documented& a : attributes_of(words.attrs)) {
      if (!a.absent.empty()) continue;
      const std::vector<Lone> cases = lone_of(words.name);
      const auto refused = [&](const Lone& op) { return !refusal(without(op, a.name)).empty(); };
      EXPECT_TRUE(std::any_of(cases.begin(), cases.end(), refused)) << words.name << " " << a.name;
    }
}

}  // namespace
}  // namespace clq::test
