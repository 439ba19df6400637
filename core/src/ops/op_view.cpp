// core/src/ops/op_view.cpp -- what a rule reads of an op.
// SPDX-License-Identifier: BSD-3-Clause
#include "ops/op_table.hpp"

#include <algorithm>

namespace clq {

const TensorDesc& OpView::input(size_t i) const {
  CLQ_REQUIRE(i < op_.inputs.size() && op_.inputs[i], "input {} is missing", i);
  return graph_.desc(op_.inputs[i]);
}

const Attr* OpView::find(std::string_view name) const {
  asked_.emplace_back(name);
  for (const auto& [key, value] : op_.attrs)
    if (key == name) return &value;
  return nullptr;
}

bool OpView::has(std::string_view name) const { return find(name) != nullptr; }

int64_t OpView::i64(std::string_view name, int64_t absent) const {
  const Attr* value = find(name);
  if (value == nullptr) return absent;
  const auto* list = std::get_if<std::vector<int64_t>>(value);
  CLQ_REQUIRE(list != nullptr && list->size() == 1, "attribute '{}' must be one integer", name);
  return list->front();
}

double OpView::f64(std::string_view name, double absent) const {
  const Attr* value = find(name);
  if (value == nullptr) return absent;
  const auto* list = std::get_if<std::vector<double>>(value);
  CLQ_REQUIRE(list != nullptr && list->size() == 1, "attribute '{}' must be one f64", name);
  return list->front();
}

std::string OpView::text(std::string_view name, std::string absent) const {
  const Attr* value = find(name);
  if (value == nullptr) return absent;
  const auto* text = std::get_if<std::string>(value);
  CLQ_REQUIRE(text != nullptr, "attribute '{}' must be a text", name);
  return *text;
}

std::vector<int64_t> OpView::list(std::string_view name) const {
  const Attr* value = find(name);
  if (value == nullptr) return {};
  const auto* list = std::get_if<std::vector<int64_t>>(value);
  CLQ_REQUIRE(list != nullptr, "attribute '{}' must be a list of integers", name);
  return *list;
}

void OpView::reject_unknown() const {
  for (const auto& [key, value] : op_.attrs)
    CLQ_REQUIRE(std::find(asked_.begin(), asked_.end(), key) != asked_.end(), "unknown attribute '{}'{}", key,
                did_you_mean(key, asked_));
}

}  // namespace clq
