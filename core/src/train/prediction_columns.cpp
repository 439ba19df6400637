// core/src/train/prediction_columns.cpp -- what a task's columns are called and what the header says.
// SPDX-License-Identifier: BSD-3-Clause
#include "train/prediction_columns.hpp"

#include <xxhash.h>

#include "train/provenance.hpp"

namespace clq {
namespace {

TableColumn column(const std::string& name, const TensorDesc& sample, const Json& words) {
  TableColumn c;
  c.field.name = name;
  c.field.role = CLQ_ROLE_OTHER;
  c.field.sample = sample;
  c.field.unit = words.value("unit", "");
  c.ucd = words.value("ucd", "");
  c.comment = words.value("comment", "");
  return c;
}

Json card(const char* key, const std::string& value, const char* comment) {
  return {{"key", key}, {"value", value}, {"comment", comment}};
}

Json grid_table(const Json& bins) {
  const auto low = bins.value("min", 0.0), high = bins.value("max", 0.0);
  const auto n = bins.value("n", int64_t{0});
  const double width = (high - low) / static_cast<double>(n);
  Json table = {{"hdu", "ZGRID"},
                {"columns", {{"ZMIN", Json::array()}, {"ZMAX", Json::array()}, {"ZMID", Json::array()}}}};
  for (int64_t k = 0; k < n; ++k) {
    table["columns"]["ZMIN"].push_back(low + width * static_cast<double>(k));
    table["columns"]["ZMAX"].push_back(low + width * static_cast<double>(k + 1));
    table["columns"]["ZMID"].push_back(low + width * (static_cast<double>(k) + 0.5));
  }
  return table;
}

}  // namespace

TableColumn whole_column(const std::string& name, const Tensor& batch, const Json& words) {
  TensorDesc sample = batch.desc();
  sample.dims.erase(sample.dims.begin());
  TableColumn c = column(name, sample, words);
  c.data = batch.bytes();
  c.stride = sample.bytes();
  return c;
}

std::vector<TableColumn> split_columns(const std::string& name, const Tensor& batch, int64_t first, const Json& words) {
  const int64_t size = dtype_bytes(batch.desc().dtype);
  const int64_t width = batch.desc().count() / batch.desc().dims.at(0);
  std::vector<TableColumn> columns;
  for (int64_t k = 0; k < width; ++k) {
    const std::string full = width == 1 ? name : fmt::format("{}_{}", name, first + k);
    columns.push_back(column(full, {batch.desc().dtype, {}}, words));
    columns.back().data = batch.bytes() + k * size;
    columns.back().stride = width * size;
  }
  return columns;
}

Json words_for(const Json& member, const std::string& kind, const std::string& name) {
  if (!member.contains(kind) || !member[kind].is_object()) return Json::object();
  const Json words = member[kind].value(name, Json::object());
  return words.is_object() ? words : Json::object();
}

Json output_named(const ModelSpec& spec, const std::string& name) {
  for (const Json& output : spec.outputs)
    if (output.value("name", "") == name) return output;
  return {};
}

// Of one model its own hash; of several the XXH3-128 of their hashes one behind the other.
std::string ensemble_hash(const std::vector<std::shared_ptr<const Model>>& models) {
  std::string joined;
  for (const auto& model : models) joined += model->hash();
  if (models.size() == 1) return joined;
  const XXH128_hash_t hash = XXH3_128bits(joined.data(), joined.size());
  return fmt::format("{:016x}{:016x}", hash.high64, hash.low64);
}

Json combined_card(const std::string& how) { return card("CLQCOMB", how, "how the models are combined"); }

Json hash_cards(const std::string& hash) {
  return Json::array({card("CLQVER", CLQ_VERSION_TEXT, "version of Calanque"),
                      card("CLQMODEL", hash.substr(0, 12), "model"), card("CLQHASH", hash, "XXH3-128 of the model")});
}

Json model_cards(const Model& model) {
  Json cards = hash_cards(model.hash());
  if (model.provenance.value("simulated", false)) cards.push_back(simulated_card());
  return cards;
}

std::string card_images(const Json& cards) {
  std::string images;
  for (const Json& one : cards) {
    const Json& value = one.at("value");
    const std::string text = value.is_string() ? fmt::format("'{:<8}'", value.get<std::string>())
                                               : fmt::format("{:>20}", value.get<bool>() ? "T" : "F");
    images += fmt::format("{:<80}", fmt::format("{:<8}= {} / {}", one.at("key").get<std::string>(), text,
                                                one.at("comment").get<std::string>()));
  }
  return images;
}

Json table_extras(const std::vector<std::shared_ptr<const Model>>& models, bool has_pdf) {
  const std::string hash = ensemble_hash(models);
  Json extras = {{"tables", Json::array()}, {"cards", hash_cards(hash)}};
  const Json& options = models.front()->spec.task_options;
  if (has_pdf) extras["cards"].push_back(card("PDFTYPE", "PROB", "PDF holds the probability of each bin"));
  if (options.is_object() && options.contains("bins")) extras["tables"].push_back(grid_table(options["bins"]));
  return extras;
}

}  // namespace clq
