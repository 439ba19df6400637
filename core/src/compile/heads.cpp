// core/src/compile/heads.cpp -- the outputs of a network: one with the model's loss, or several, each with its own.
// SPDX-License-Identifier: BSD-3-Clause
#include "compile/heads.hpp"

#include <algorithm>
#include <numeric>
#include <optional>

#include "compile/build.hpp"
#include "compile/parts.hpp"
#include "compile/target_units.hpp"

namespace clq {
namespace {

Value part_of(GraphBuilder& builder, Value table, int64_t first, int64_t count) {
  std::vector<int64_t> begin = {0, first}, end = {builder.shape(table)[0], first + count};
  return builder.op("slice/1", {table}, {{"begin", attr(begin)}, {"end", attr(end)}});
}

Value shaped(GraphBuilder& builder, Value x, const Shape& dims) {
  return builder.shape(x) == dims ? x : builder.op("reshape/1", {x}, {{"shape", attr(dims)}});
}

Value as_table(GraphBuilder& builder, Value x) {
  const Shape dims = builder.shape(x);
  return shaped(builder, x, {dims[0], element_count(dims) / dims[0]});
}

// What goes wrong in one of several names it.
template <class Body>
Value of_head(const Head& head, Body body) {
  try {
    return body();
  } catch (const Error& e) {
    const std::string text = e.what();
    const bool named = text.starts_with(head.name());
    throw KeyError(named ? e : Error(e.status(), fmt::format("output '{}': {}", head.name(), text)), head.key());
  }
}

Value scoped_loss(GraphBuilder& builder, const Head& head, Value value, Value target) {
  std::optional<GraphBuilder::Scope> scope;
  if (!head.name().empty()) scope.emplace(builder, head.name());
  return head.loss(builder, value, target);
}

Value prediction_of(GraphBuilder& builder, const Head& head, Value value) {
  return of_head(head, [&] { return head.predict(builder, value); });
}

}  // namespace

Head::Head(const ModelSpec& model, size_t index, const BuilderLookup& builders)
    : key_(fmt::format("model.layer[{}]", model.layers.size() - 1)), part_(model) {
  part_.outputs = Json::array();
  std::string loss = "model.loss";
  if (!model.outputs.empty()) {
    const Config head(model.outputs.at(index), "output");
    key_ = fmt::format("model.output[{}]", index);
    loss = key_ + ".loss";
    name_ = head.require<std::string>("name");
    part_.loss = head.require<Json>("loss");
    part_.task = head.require<std::string>("task");
    part_.task_options = Json::object();
    weight_ = head.require<double>("weight");
    places_ = head.require<std::vector<int64_t>>("places");
    const int64_t targets = element_count(model.target);
    for (const int64_t place : places_)
      CLQ_REQUIRE(place >= 0 && place < targets, "output '{}': there is no target {} of {}", name_, place, targets);
    CLQ_REQUIRE(!places_.empty(), "output '{}' has no target", name_);
    part_.target = places_.size() == 1 ? Shape{} : Shape{static_cast<int64_t>(places_.size())};
    part_.target_steps = steps_at(part_.target_steps, places_);
  }
  require_target_steps(part_);
  loss_ = find_loss(part_, builders, loss);
}

Value Head::target(GraphBuilder& builder, Value all) const {
  if (places_.empty()) return all;
  const Value table = as_table(builder, all);
  std::vector<Value> columns;
  for (const int64_t place : places_) columns.push_back(part_of(builder, table, place, 1));
  if (columns.size() == 1) return shaped(builder, columns[0], {builder.shape(table)[0]});
  return builder.op("concat/1", columns, {{"axis", attr(1)}});
}

Value Head::loss(GraphBuilder& builder, Value value, Value all_targets) const {
  const Value wanted_target = learned_target(builder, target(builder, all_targets), part_.target_steps, places());
  const Value per_sample = loss_->build(builder, value, wanted_target);
  const Shape wanted = {builder.shape(value)[0]};
  CLQ_REQUIRE(builder.shape(per_sample) == wanted, "one value a sample is wanted, got {}",
              to_string(builder.shape(per_sample)));
  if (weight_ == 1) return per_sample;
  return builder.op("mul/1", {per_sample, builder.constant(weight_, builder.dtype(per_sample))});
}

Value Head::predict(GraphBuilder& builder, Value value) const {
  return in_target_unit(builder, loss_->predict(builder, value), part_, places());
}

std::vector<int64_t> Head::places() const {
  if (!places_.empty()) return places_;
  std::vector<int64_t> all(static_cast<size_t>(element_count(part_.target)));
  std::iota(all.begin(), all.end(), int64_t{0});
  return all;
}

std::vector<Head> heads_of(const ModelSpec& model, const BuilderLookup& builders) {
  std::vector<Head> heads;
  const size_t n = std::max<size_t>(model.outputs.size(), 1);
  for (size_t i = 0; i < n; ++i) heads.emplace_back(model, i, builders);
  return heads;
}

Value total_loss(GraphBuilder& builder, const std::vector<Head>& heads, const std::vector<Value>& values,
                 Value target) {
  Value total;
  for (size_t i = 0; i < heads.size(); ++i) {
    const Value loss = of_head(heads[i], [&] { return scoped_loss(builder, heads[i], values[i], target); });
    total = total ? builder.op("add/1", {total, loss}) : loss;
  }
  return total;
}

Value joined_prediction(GraphBuilder& builder, const std::vector<Head>& heads, const std::vector<Value>& values) {
  if (heads.size() == 1 && heads[0].name().empty()) return prediction_of(builder, heads[0], values[0]);
  std::vector<Value> tables;
  for (size_t i = 0; i < heads.size(); ++i)
    tables.push_back(as_table(builder, prediction_of(builder, heads[i], values[i])));
  return tables.size() == 1 ? tables[0] : builder.op("concat/1", tables, {{"axis", attr(1)}});
}

std::vector<Value> parted_prediction(GraphBuilder& builder, Value prediction, const std::vector<Shape>& samples) {
  std::vector<Value> parts;
  int64_t first = 0;
  for (const Shape& sample : samples) {
    const int64_t count = element_count(sample);
    Shape dims = {builder.shape(prediction)[0]};
    dims.insert(dims.end(), sample.begin(), sample.end());
    parts.push_back(shaped(builder, part_of(builder, prediction, first, count), dims));
    first += count;
  }
  return parts;
}

}  // namespace clq
