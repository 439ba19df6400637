// core/src/train/predicted_rows.cpp -- which rows a prediction is of, and which of them it answers.
// SPDX-License-Identifier: BSD-3-Clause
#include "train/predicted_rows.hpp"

#include <algorithm>
#include <cmath>

#include "data/selection.hpp"
#include "train/source_rows.hpp"

namespace clq {
namespace {

RowSet choose_rows(const Model& model, const DataSource& source, const PredictOptions& options) {
  const std::string& part = options.part;
  CLQ_REQUIRE(part.empty() || options.where.empty(), "part '{}' and where '{}' cannot be used together", part,
              options.where);
  if (part.empty()) return select_where(source, options.where, model.layout.nulls);
  const RowSet selected = select_where(source, model.data.get<std::string>("where", ""), model.layout.nulls);
  SplitRows rows = split_rows(source, selected, Config(model.provenance.value("split", Json::object()), "split"));
  if (part == "train") return std::move(rows.train);
  if (part == "valid") return std::move(rows.valid);
  CLQ_REQUIRE(part == "test", "part must be train, valid or test, got '{}'", part);
  return std::move(rows.test);
}

}  // namespace

RowSet rows_to_predict(const Model& model, const DataSource& source, const PredictOptions& options) {
  RowSet rows = choose_rows(model, source, options);
  const int64_t n = source.schema().n_samples;
  if (rows.size() == 0 && n > 0 && !options.part.empty())
    fail(CLQ_E_DATA, "{}: none of {} rows is in the part '{}'", source.uri(), n, options.part);
  require_selected(rows, source, options.where);
  return rows;
}

bool has_answer(const Tensor& predictions, int64_t row) {
  const TensorDesc& desc = predictions.desc();
  const auto width = static_cast<size_t>(desc.count() / desc.dims.at(0)), first = static_cast<size_t>(row) * width;
  const auto is_finite = [&](auto numbers) {
    return std::all_of(numbers.begin(), numbers.end(), [](auto v) { return std::isfinite(v); });
  };
  return desc.dtype == CLQ_F64 ? is_finite(predictions.as<double>().subspan(first, width))
                               : is_finite(predictions.as<float>().subspan(first, width));
}

}  // namespace clq
