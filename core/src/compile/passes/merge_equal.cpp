// core/src/compile/passes/merge_equal.cpp -- equal ops on equal inputs, and equal constants, once.
// SPDX-License-Identifier: BSD-3-Clause
#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "compile/passes/passes.hpp"
#include "compile/passes/renumber.hpp"

namespace clq {
namespace {

// Bit-exact: "%a" keeps every double apart, and lengths keep one attribute from running into the next.
std::string key_of(const Op& op) {
  std::string key = fmt::format("{}>{}", op.name, op.outputs.size());
  for (const Value v : op.inputs) key += fmt::format(",{}", v.index);
  Attrs attrs = op.attrs;
  std::sort(attrs.begin(), attrs.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  for (const auto& [name, value] : attrs) {
    key += fmt::format(";{}:{}", name, value.index());
    if (const auto* list = std::get_if<std::vector<int64_t>>(&value))
      for (const int64_t v : *list) key += fmt::format(",{}", v);
    if (const auto* list = std::get_if<std::vector<double>>(&value))
      for (const double v : *list) key += fmt::format(",{:a}", v);
    if (const auto* text = std::get_if<std::string>(&value)) key += fmt::format(",{}:{}", text->size(), *text);
  }
  return key;
}

std::string key_of(const Constant& constant) {
  const TensorDesc& desc = constant.data.desc();
  std::string key = fmt::format("{}", desc.dtype);
  for (const int64_t dim : desc.dims) key += fmt::format(",{}", dim);
  key += ':';
  key.append(reinterpret_cast<const char*>(constant.data.bytes()), static_cast<size_t>(desc.bytes()));
  return key;
}

}  // namespace

Graph merge_equal(const Graph& graph) {
  Graph out = graph;
  std::vector<Value> first(graph.values.size());  // the value that stands for this one
  for (uint32_t i = 0; i < first.size(); ++i) first[i] = Value{i};
  const auto rename = [&](Value& v) {
    if (v) v = first[v.index];
  };

  std::map<std::string, Value> constants;
  for (const Constant& constant : graph.constants)
    first[constant.value.index] = constants.try_emplace(key_of(constant), constant.value).first->second;
  std::erase_if(out.constants, [&](const Constant& c) { return first[c.value.index] != c.value; });

  std::map<std::string, std::vector<Value>> seen;
  std::vector<Op> ops;
  for (Op& op : out.ops) {
    std::for_each(op.inputs.begin(), op.inputs.end(), rename);
    const auto [known, is_new] = seen.try_emplace(key_of(op), op.outputs);
    if (is_new)
      ops.push_back(std::move(op));
    else
      for (size_t i = 0; i < op.outputs.size(); ++i) first[op.outputs[i].index] = known->second[i];
  }
  out.ops = std::move(ops);
  visit_results(out, rename);
  return out;
}

}  // namespace clq
