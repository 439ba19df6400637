// core/src/train/prediction_columns.hpp -- what a task's columns are called and what the header says.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <memory>
#include <string>
#include <vector>

#include <calanque/core/model.hpp>

#include "train/prediction_table.hpp"

namespace clq {

// A column of a batch tensor [batch, ...]; the tensor must stay where it is.
TableColumn whole_column(const std::string& name, const Tensor& batch, const Json& words);
// Its K numbers a row as K columns "<name>_<k>" counted from `first`; "<name>" when there is one.
std::vector<TableColumn> split_columns(const std::string& name, const Tensor& batch, int64_t first, const Json& words);
// {"unit", "ucd", "comment"} of a column of the task; {} when it says nothing.
Json words_for(const Json& member, const std::string& kind, const std::string& column);

// Of several outputs the one of this name, else null.
Json output_named(const ModelSpec& spec, const std::string& name);

std::string ensemble_hash(const std::vector<std::shared_ptr<const Model>>& models);
Json combined_card(const std::string& how);  // of models that are not combined by their mean
Json model_cards(const Model& model);            // what a file made with it says of it
std::string card_images(const Json& cards);      // texts and logicals as FITS cards of 80 characters
// {"cards": [...], "tables": [...]}
Json table_extras(const std::vector<std::shared_ptr<const Model>>& models, bool has_pdf);

}  // namespace clq
