// core/src/train/predicted_rows.cpp -- which rows of a source a prediction or an evaluation is of.
// SPDX-License-Identifier: BSD-3-Clause
#include "train/predicted_rows.hpp"

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

}  // namespace clq
