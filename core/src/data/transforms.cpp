// core/src/data/transforms.cpp -- the chain of transforms, its statistics, and what makes a row bad.
// SPDX-License-Identifier: BSD-3-Clause
#include "data/transforms.hpp"

#include <algorithm>
#include <cmath>

#include "data/image_chain.hpp"
#include "data/nulls.hpp"
#include "data/statistics.hpp"
#include "data/transform_columns.hpp"

namespace clq {
namespace {

// The tensors of a slot as apply sees them; a missing one has no address.
struct View {
  float *scalars = nullptr, *images = nullptr, *mask = nullptr;
  double *target = nullptr, *weight = nullptr;
  int64_t width = 0, targets = 0;
  ImageShape shape;
  int64_t given = 0;         // of width: what the source gave; the rest is derived
  int64_t classes = 0;       // of the layout
  bool may_miss = false;     // a part of a target
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
  view.images = reinterpret_cast<float*>(address(slot, layout.tensor("images")));
  view.mask = reinterpret_cast<float*>(address(slot, layout.tensor("mask")));
  if (view.images != nullptr) view.shape = layout.image_shape();
  view.target = reinterpret_cast<double*>(address(slot, target));
  view.weight = reinterpret_cast<double*>(address(slot, weight));
  if (view.scalars != nullptr) view.width = layout.tensors[static_cast<size_t>(scalars)].desc.count();
  if (view.scalars != nullptr) view.given = layout.columns_width();
  if (view.target != nullptr) view.targets = layout.tensors[static_cast<size_t>(target)].desc.count();
  view.classes = layout.classes;
  view.may_miss = layout.target_may_miss;
  view.has_weights = std::any_of(layout.columns.begin(), layout.columns.end(),
                                 [weight](const LayoutColumn& column) { return column.tensor == weight; });
  return view;
}

bool is_class(double value, int64_t classes) noexcept {
  return value >= 0 && value < static_cast<double>(classes) && value == std::floor(value);
}

// Where a part of it may miss all of it must not: a row that teaches nothing is a bad one.
bool target_is_bad(const View& view, int64_t row, const std::vector<double>& nulls,
                   const TargetTransforms& targets) noexcept {
  const double* target = view.target + row * view.targets;
  const bool may_miss = view.may_miss && !all_missing(target, view.targets, nulls);
  for (int64_t t = 0; t < view.targets; ++t) {
    const double value = target[t];
    if (may_miss && is_missing(value, nulls)) continue;
    if (!std::isfinite(value) || is_null(value, nulls)) return true;
    if (view.classes > 0 && !is_class(value, view.classes)) return true;
    if (targets.without_value(t, value) != nullptr || !targets.holds(value)) return true;
  }
  return view.weight != nullptr && view.has_weights && !is_weight(view.weight[row]);
}

// A row that must not count: weight 0; target 0, so that 0 times it is 0; inputs 0 unless they stand.
void clear_row(const View& view, int64_t row, bool inputs) noexcept {
  if (inputs) std::fill_n(view.scalars + row * view.width, view.width, 0.0f);
  for (float* planes : {view.images, view.mask})
    if (inputs && planes != nullptr) std::fill_n(planes + row * view.shape.count(), view.shape.count(), 0.0f);
  std::fill_n(view.target + row * view.targets, view.targets, 0.0);
  if (view.weight != nullptr) view.weight[row] = 0;
}

ImageSample image_sample(const View& view, int64_t row, float* scratch) {
  const int64_t pixels = row * view.shape.count();
  return {view.images + pixels, view.mask == nullptr ? nullptr : view.mask + pixels, view.scalars + row * view.width,
          view.target == nullptr ? nullptr : view.target + row * view.targets, scratch};
}

std::string word_of(double value) {
  if (std::isnan(value)) return "NaN or null";
  return std::isinf(value) ? "infinite" : fmt::format("{}", value);
}

std::string explain_target(const View& view, const BatchLayout& layout, int64_t row, const TargetTransforms& targets) {
  const double* target = view.target == nullptr ? nullptr : view.target + row * view.targets;
  const bool may_miss = view.may_miss && !all_missing(target, view.targets, layout.nulls);
  for (const LayoutColumn& column : layout.columns) {
    const std::string& tensor = layout.tensors[column.tensor].name;
    if (tensor == "weight" && view.weight != nullptr && !is_weight(view.weight[row]))
      return fmt::format("the weight {} is {}, weights are 0 to 3.4e38", column.name, word_of(view.weight[row]));
    for (int64_t i = 0; tensor == "target" && target != nullptr && i < column.count; ++i) {
      const double value = target[column.offset + i];
      if (may_miss && is_missing(value, layout.nulls)) continue;
      if (!std::isfinite(value)) return fmt::format("the target {} is {}", column.name, word_of(value));
      if (is_null(value, layout.nulls)) return fmt::format("the target {} is {}, a null", column.name, value);
      if (view.classes > 0 && !is_class(value, view.classes))
        return fmt::format("the target {} is {}, no class of 0 to {}", column.name, value, view.classes - 1);
      if (const TargetStep* step = targets.without_value(column.offset + i, value))
        return fmt::format("the target {} is {}, for which {} has no value", column.name, value,
                           target_step_name(step->kind));
      if (!targets.holds(value))
        return fmt::format("the target {} is {}, predictions are F32: 0, or 1.2e-38 to 3.4e38 in size", column.name,
                           value);
    }
  }
  return "";
}

}  // namespace

Transforms Transforms::from_config(const std::vector<Config>& specs, const BatchLayout& layout) {
  Transforms transforms;
  const InputNames names(layout);
  transforms.derived_ = DerivedInputs(layout);
  transforms.names_ = names.elements;
  if (layout.tensor("images") >= 0) transforms.images_ = std::make_shared<ImageChain>(layout);
  for (const Config& spec : specs) {
    try {
      if (is_image_transform(spec, layout))
        transforms.images_->add(spec, layout);
      else
        transforms.chain_.push_back(make_transform(spec, names));
    } catch (const Error& e) {
      throw KeyError(e, std::string(e.what()).starts_with(spec.path()) ? e.what() : spec.path());
    }
  }
  return transforms;
}

bool Transforms::need_mask(const std::vector<Config>& specs) {
  return std::any_of(specs.begin(), specs.end(),
                     [](const Config& spec) { return spec.get<std::string>("use", "") == "nan_mask"; });
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
  if (transforms.images_ == nullptr) return transforms;
  for (const Config& step : config.children("images")) transforms.images_->add(step, layout);
  transforms.images_->set_ranges(config.children("bands"));
  return transforms;
}

Json Transforms::state() const {
  Json chain = Json::array(), inputs = Json::array();
  for (const auto& transform : chain_) chain.push_back(transform->state());
  for (size_t i = 0; i < inputs_.size(); ++i) inputs.push_back(statistics_json(names_[i], inputs_[i]));
  Json state = {{"chain", chain}, {"inputs", inputs}};
  if (images_ == nullptr) return state;
  state["images"] = images_->state();
  state["bands"] = images_->ranges();
  return state;
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

// The bits that the pixels earn; the out-of-range flag of a row that is used as it is.
uint8_t Transforms::apply_images(Slot& slot, int64_t row, const ImageSample& sample,
                                 std::optional<uint64_t> vary) const {
  const auto i = static_cast<size_t>(row);
  const uint8_t bits = images_->bad_bits(sample);
  if (bits != 0) return bits;
  if (!vary && images_->is_outside(sample)) slot.ood[i] = 1;
  const Draws draws{vary.value_or(0), slot.rows.epoch, slot.rows.samples[i], row % slot.rows.views};
  return images_->apply(sample, vary ? &draws : nullptr) ? 0 : kBadNan;
}

void Transforms::apply(Slot& slot, const BatchLayout& layout, std::optional<uint64_t> vary) const {
  const View view = view_of(slot, layout);
  for (const auto& transform : chain_)
    if (transform->needs_fit()) fail(CLQ_E_INTERNAL, "{} was not fitted", transform->name());
  if (view.target != nullptr && targets_.needs_fit()) fail(CLQ_E_INTERNAL, "the target's transforms were not fitted");
  if (images_ != nullptr && !images_->is_fitted()) fail(CLQ_E_INTERNAL, "the images' transforms were not fitted");
  std::vector<float> scratch(static_cast<size_t>(view.shape.pixels()));
  const bool ranged = static_cast<int64_t>(low_.size()) == view.width;
  slot.bad.resize(static_cast<size_t>(slot.capacity), 0);
  slot.ood.assign(static_cast<size_t>(slot.capacity), 0);
  const auto n = static_cast<int64_t>(slot.rows.samples.size());
  for (int64_t i = 0; i < n; ++i) {
    float* row = view.scalars + i * view.width;
    auto bad = static_cast<uint8_t>(slot.bad[static_cast<size_t>(i)] & (kBadUnreadable | kBadBand));
    if (bad == 0 && first_null(row, view.given, layout.nulls) >= 0) bad |= kBadMissing;
    if (bad == 0 && first_not_finite(row, view.given) >= 0) bad |= kBadNan;
    const bool bad_target = target_is_bad(view, i, layout.nulls, targets_);  // before a vector in it is turned
    if (view.may_miss) mark_missing(view.target + i * view.targets, view.targets, layout.nulls);
    if (view.images != nullptr && bad == 0) bad |= apply_images(slot, i, image_sample(view, i, scratch.data()), vary);
    if (bad == 0) derived_.apply(row);
    for (size_t k = 0; bad == 0 && k < chain_.size(); ++k) chain_[k]->apply(row);
    if (bad == 0 && first_not_finite(row, view.width) >= 0) bad |= kBadNan;
    for (int64_t c = 0; bad == 0 && ranged && c < view.width; ++c)
      if (row[c] < low_[static_cast<size_t>(c)] || row[c] > high_[static_cast<size_t>(c)])
        slot.ood[static_cast<size_t>(i)] = 1;
    if (view.weight != nullptr && !view.has_weights) view.weight[i] = 1;
    if (bad_target) bad |= kBadTarget;
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
  if (view.images != nullptr)
    if (const std::string pixels = images_->explain(image_sample(view, row, nullptr)); !pixels.empty()) return pixels;
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
  return explain_target(view, layout, row, targets_);
}

}  // namespace clq
