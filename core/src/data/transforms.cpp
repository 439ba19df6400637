// core/src/data/transforms.cpp -- the chain of transforms, its statistics, and what makes a row bad.
// SPDX-License-Identifier: BSD-3-Clause
#include "data/transforms.hpp"

#include <algorithm>
#include <cmath>

#include "data/nulls.hpp"
#include "data/statistics.hpp"
#include "data/transform_columns.hpp"

namespace clq {
namespace {

struct TransformEntry {
  const char* name;
  std::shared_ptr<Transform> (*make)(const Config&, const InputNames&);
};
constexpr TransformEntry kTransforms[] = {{"asinh", make_asinh},
                                          {"asinh_mag", make_asinh_mag},
                                          {"clip", make_clip},
                                          {"log10", make_log10},
                                          {"standardise", make_standardise}};

std::shared_ptr<Transform> make_transform(const Config& config, const InputNames& names) {
  const auto use = config.require<std::string>("use");
  std::vector<std::string> known;
  for (const TransformEntry& entry : kTransforms) {
    known.emplace_back(entry.name);
    if (use != entry.name) continue;
    std::shared_ptr<Transform> transform = entry.make(config, names);
    config.reject_unknown();
    return transform;
  }
  const std::string where = config.path().empty() ? "transform" : config.path();
  fail(CLQ_E_INVALID, "{}.use: there is no transform '{}'{}", where, use, did_you_mean(use, known));
}

int64_t first_not_finite(const float* row, int64_t width) noexcept {
  for (int64_t c = 0; c < width; ++c)
    if (!std::isfinite(row[c])) return c;
  return -1;
}

int64_t first_null(const float* row, int64_t width, const std::vector<double>& nulls) noexcept {
  for (int64_t c = 0; !nulls.empty() && c < width; ++c)
    if (is_null(static_cast<double>(row[c]), nulls)) return c;
  return -1;
}

// The tensors of a slot as apply sees them; a missing one has no address.
struct View {
  float* scalars = nullptr;
  double *target = nullptr, *weight = nullptr;
  int64_t width = 0, targets = 0;
  int64_t given = 0;         // of width: what the source gave; the rest is derived
  int64_t classes = 0;       // of the layout
  bool has_weights = false;  // a column, not 1
};

std::byte* address(const Slot& slot, int64_t tensor) {
  return tensor < 0 || static_cast<size_t>(tensor) >= slot.data.size() ? nullptr
                                                                       : slot.data[static_cast<size_t>(tensor)];
}

View view_of(const Slot& slot, const BatchLayout& layout) {
  View view;
  const int64_t scalars = layout.tensor("scalars"), target = layout.tensor("target"), weight = layout.tensor("weight");
  view.scalars = reinterpret_cast<float*>(address(slot, scalars));
  view.target = reinterpret_cast<double*>(address(slot, target));
  view.weight = reinterpret_cast<double*>(address(slot, weight));
  if (view.scalars != nullptr) view.width = layout.tensors[static_cast<size_t>(scalars)].desc.count();
  if (view.scalars != nullptr) view.given = layout.columns_width();
  if (view.target != nullptr) view.targets = layout.tensors[static_cast<size_t>(target)].desc.count();
  view.classes = layout.classes;
  view.has_weights = std::any_of(layout.columns.begin(), layout.columns.end(),
                                 [weight](const LayoutColumn& column) { return column.tensor == weight; });
  return view;
}

bool is_class(double value, int64_t classes) noexcept {
  return value >= 0 && value < static_cast<double>(classes) && value == std::floor(value);
}

bool target_is_bad(const View& view, int64_t row, const std::vector<double>& nulls) noexcept {
  for (int64_t t = 0; t < view.targets; ++t) {
    const double value = view.target[row * view.targets + t];
    if (!std::isfinite(value) || is_null(value, nulls)) return true;
    if (view.classes > 0 && !is_class(value, view.classes)) return true;
  }
  return view.weight != nullptr && view.has_weights && !(std::isfinite(view.weight[row]) && view.weight[row] >= 0);
}

// A row that must not count: weight 0; target 0, so that 0 times it is 0; inputs 0 unless they stand.
void clear_row(const View& view, int64_t row, bool inputs) noexcept {
  if (inputs) std::fill_n(view.scalars + row * view.width, view.width, 0.0f);
  std::fill_n(view.target + row * view.targets, view.targets, 0.0);
  if (view.weight != nullptr) view.weight[row] = 0;
}

std::string word_of(double value) {
  if (std::isnan(value)) return "NaN or null";
  return std::isinf(value) ? "infinite" : fmt::format("{}", value);
}

std::string explain_target(const View& view, const BatchLayout& layout, int64_t row) {
  for (const LayoutColumn& column : layout.columns) {
    const std::string& tensor = layout.tensors[column.tensor].name;
    if (tensor == "weight" && view.weight != nullptr && !(std::isfinite(view.weight[row]) && view.weight[row] >= 0))
      return fmt::format("the weight {} is {}", column.name, word_of(view.weight[row]));
    for (int64_t i = 0; tensor == "target" && view.target != nullptr && i < column.count; ++i) {
      const double value = view.target[row * view.targets + column.offset + i];
      if (!std::isfinite(value)) return fmt::format("the target {} is {}", column.name, word_of(value));
      if (is_null(value, layout.nulls)) return fmt::format("the target {} is {}, a null", column.name, value);
      if (view.classes > 0 && !is_class(value, view.classes))
        return fmt::format("the target {} is {}, no class of 0 to {}", column.name, value, view.classes - 1);
    }
  }
  return "";
}

Json statistics_json(const std::string& name, const ColumnStatistics& s) {
  return {{"name", name},         {"count", s.count}, {"mean", s.mean},     {"m2", s.m2},    {"minimum", s.minimum},
          {"maximum", s.maximum}, {"q001", s.q001},   {"median", s.median}, {"q999", s.q999}};
}

ColumnStatistics statistics_from(const Config& json) {
  ColumnStatistics s;
  s.count = json.require<int64_t>("count");
  s.mean = json.require<double>("mean");
  s.m2 = json.require<double>("m2");
  s.minimum = json.require<double>("minimum");
  s.maximum = json.require<double>("maximum");
  s.q001 = json.require<double>("q001");
  s.median = json.require<double>("median");
  s.q999 = json.require<double>("q999");
  return s;
}

}  // namespace

Transforms Transforms::from_config(const std::vector<Config>& specs, const BatchLayout& layout) {
  Transforms transforms;
  const InputNames names(layout);
  transforms.derived_ = DerivedInputs(layout);
  transforms.names_ = names.elements;
  for (const Config& spec : specs) transforms.chain_.push_back(make_transform(spec, names));
  return transforms;
}

Transforms Transforms::from_state(const Json& state, const BatchLayout& layout) {
  const Config config(state, "transforms");
  Transforms transforms = from_config(config.children("chain"), layout);
  std::vector<ColumnStatistics> inputs;
  for (const Config& input : config.children("inputs")) {
    const size_t i = inputs.size();
    const auto name = input.require<std::string>("name");
    CLQ_REQUIRE(i < transforms.names_.size() && name == transforms.names_[i],
                "the model's input {} is {}, the data have {}", i, name,
                i < transforms.names_.size() ? transforms.names_[i] : "none");
    inputs.push_back(statistics_from(input));
  }
  CLQ_REQUIRE(inputs.empty() || inputs.size() == transforms.names_.size(), "the model has {} inputs, the data {}",
              inputs.size(), transforms.names_.size());
  transforms.set_range(inputs);
  return transforms;
}

Json Transforms::state() const {
  Json chain = Json::array(), inputs = Json::array();
  for (const auto& transform : chain_) chain.push_back(transform->state());
  for (size_t i = 0; i < inputs_.size(); ++i) inputs.push_back(statistics_json(names_[i], inputs_[i]));
  return {{"chain", chain}, {"inputs", inputs}};
}

void Transforms::set_range(const std::vector<ColumnStatistics>& inputs) {
  inputs_ = inputs;
  low_.clear();
  high_.clear();
  for (const ColumnStatistics& input : inputs_) {
    low_.push_back(static_cast<float>(input.q001));
    high_.push_back(static_cast<float>(input.q999));
  }
}

void Transforms::fit(const DataSource& source, const BatchLayout& layout, const RowSet& rows, uint32_t readers) {
  names_ = InputNames(layout).elements;
  const auto width = static_cast<int64_t>(names_.size());
  const int64_t given = layout.columns_width();
  // Rows as they arrive at transform `end`, measured by it; what apply calls bad is left out.
  const auto rule = [&](size_t end, const Transform* measuring) {
    return [this, &layout, width, given, end, measuring](float* row) -> int64_t {
      const int64_t null = first_null(row, given, layout.nulls), odd = first_not_finite(row, given);
      if (null >= 0 || odd >= 0) return null >= 0 ? null : odd;
      derived_.apply(row);
      for (size_t k = 0; k < end; ++k) chain_[k]->apply(row);
      if (measuring != nullptr) measuring->measure(row);
      return first_not_finite(row, width);
    };
  };
  for (size_t k = 0; k < chain_.size(); ++k)
    if (chain_[k]->needs_fit())
      chain_[k]->fit(collect_statistics(source, layout, rows, readers, names_, rule(k, chain_[k].get())));
  set_range(collect_statistics(source, layout, rows, readers, names_, rule(chain_.size(), nullptr)));
}

void Transforms::apply(Slot& slot, const BatchLayout& layout) const {
  const View view = view_of(slot, layout);
  for (const auto& transform : chain_)
    if (transform->needs_fit()) fail(CLQ_E_INTERNAL, "{} was not fitted", transform->name());
  const bool ranged = static_cast<int64_t>(low_.size()) == view.width;
  slot.bad.resize(static_cast<size_t>(slot.capacity), 0);
  slot.ood.assign(static_cast<size_t>(slot.capacity), 0);
  const auto n = static_cast<int64_t>(slot.rows.samples.size());
  for (int64_t i = 0; i < n; ++i) {
    float* row = view.scalars + i * view.width;
    auto bad = static_cast<uint8_t>(slot.bad[static_cast<size_t>(i)] & (kBadUnreadable | kBadBand));
    if (bad == 0 && first_null(row, view.given, layout.nulls) >= 0) bad |= kBadMissing;
    if (bad == 0 && first_not_finite(row, view.given) >= 0) bad |= kBadNan;
    if (bad == 0) derived_.apply(row);
    for (size_t k = 0; bad == 0 && k < chain_.size(); ++k) chain_[k]->apply(row);
    if (bad == 0 && first_not_finite(row, view.width) >= 0) bad |= kBadNan;
    for (int64_t c = 0; bad == 0 && ranged && c < view.width; ++c)
      if (row[c] < low_[static_cast<size_t>(c)] || row[c] > high_[static_cast<size_t>(c)])
        slot.ood[static_cast<size_t>(i)] = 1;
    if (view.weight != nullptr && !view.has_weights) view.weight[i] = 1;
    if (target_is_bad(view, i, layout.nulls)) bad |= kBadTarget;
    if (bad != 0) clear_row(view, i, (bad & kFlagBadMask) != 0);
    slot.bad[static_cast<size_t>(i)] = bad;
  }
  for (int64_t i = n; i < slot.capacity; ++i) {
    clear_row(view, i, true);
    slot.bad[static_cast<size_t>(i)] = 0;
  }
}

std::string Transforms::explain(const Slot& slot, const BatchLayout& layout, int64_t row) const {
  const View view = view_of(slot, layout);
  const std::vector<std::string> names = InputNames(layout).elements;
  std::vector<float> values(view.scalars + row * view.width, view.scalars + (row + 1) * view.width);
  const auto name = [&](int64_t c) { return names[static_cast<size_t>(c)]; };
  const auto value = [&](int64_t c) { return static_cast<double>(view.scalars[row * view.width + c]); };
  if (const int64_t c = first_null(values.data(), view.given, layout.nulls); c >= 0)
    return fmt::format("{} is {}, a null", name(c), value(c));
  if (const int64_t c = first_not_finite(values.data(), view.given); c >= 0)
    return fmt::format("{} is {}", name(c), word_of(value(c)));
  derived_.apply(values.data());
  for (int64_t c = view.given; c < view.width; ++c)
    if (!std::isfinite(values[static_cast<size_t>(c)]))
      return fmt::format("the derived {} is {}", name(c), word_of(static_cast<double>(values[static_cast<size_t>(c)])));
  const std::vector<float> untransformed = values;
  for (const auto& transform : chain_) {
    transform->apply(values.data());
    if (const int64_t c = first_not_finite(values.data(), view.width); c >= 0)
      return fmt::format("{} is {}, for which {} has no value", name(c),
                         word_of(static_cast<double>(untransformed[static_cast<size_t>(c)])), transform->name());
  }
  return explain_target(view, layout, row);
}

}  // namespace clq
