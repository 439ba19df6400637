// plugins/csv/table/options.cpp -- the keys of the resolved [data] table and of a sink's options that tables use.
// SPDX-License-Identifier: BSD-3-Clause
#include "table/options.hpp"

#include <cmath>
#include <limits>

#include <calanque/plugin/sdk.hpp>

#include "table/fields.hpp"

namespace clq::table {
namespace {

using sdk::fail;

std::vector<double> numbers(const Json& values, const std::string& where) {
  if (!values.is_array()) fail(CLQ_E_INVALID, where + " must be a list of numbers");
  std::vector<double> result;
  for (const Json& value : values) {
    if (!value.is_number() && !value.is_null()) fail(CLQ_E_INVALID, where + ": " + shown(value) + " is not a number");
    result.push_back(value.is_null() ? std::numeric_limits<double>::quiet_NaN() : value.get<double>());
  }
  return result;
}

ExtraTable parse_table(const Json& item) {
  ExtraTable table;
  table.hdu = text_option(item, "hdu");
  if (!item.contains("columns") || !item["columns"].is_object() || item["columns"].empty())
    fail(CLQ_E_INVALID, "table " + table.hdu + ": columns must name at least one list of numbers");
  for (const auto& [name, values] : item["columns"].items()) {
    table.columns.emplace_back(name, numbers(values, table.hdu + "." + name));
    if (table.columns.back().second.size() != table.columns.front().second.size())
      fail(CLQ_E_INVALID, table.hdu + "." + name + ": has " + std::to_string(table.columns.back().second.size()) +
                              " values, " + table.columns.front().first + " has " +
                              std::to_string(table.columns.front().second.size()));
  }
  return table;
}

Card parse_card(const Json& item) {
  Card card{text_option(item, "key"), text_option(item, "comment"), item.value("value", Json())};
  if (card.key.empty() || !(card.value.is_primitive() && !card.value.is_null()))
    fail(CLQ_E_INVALID, "card '" + card.key + "': needs a key and a value that is a text, a number or true/false");
  return card;
}

const Json& list(const Json& options, const char* key) {
  static const Json& kEmpty = *new Json(Json::array());
  if (!options.contains(key)) return kEmpty;
  if (!options[key].is_array()) fail(CLQ_E_INVALID, std::string("options: ") + key + " must be a list");
  return options[key];
}

}  // namespace

Json parse_options(const std::string& text) {
  if (text.empty()) return Json::object();
  Json options;
  try {
    options = Json::parse(text);
  } catch (const Json::exception& e) {
    fail(CLQ_E_INVALID, "options: " + printable(e.what()));
  }
  if (!options.is_object()) fail(CLQ_E_INVALID, "options: must be a JSON object");
  return options;
}

std::string shown(const Json& value) { return value.dump(-1, ' ', true, Json::error_handler_t::replace); }

std::string text_option(const Json& options, const std::string& key) {
  if (!options.is_object() || !options.contains(key) || options[key].is_null()) return {};
  if (!options[key].is_string()) fail(CLQ_E_INVALID, "options: " + key + " must be a text, got " + shown(options[key]));
  return options[key].get<std::string>();
}

ColumnNote SinkOptions::note(const std::string& column) const {
  for (const auto& [name, note] : columns)
    if (name == column) return note;
  return {};
}

SinkOptions parse_sink_options(const std::string& text) {
  const Json options = parse_options(text);
  SinkOptions result;
  result.hdu = text_option(options, "hdu");
  const Json columns = options.value("columns", Json::object());
  for (const auto& [name, note] : columns.items())
    result.columns.emplace_back(name, ColumnNote{text_option(note, "ucd"), text_option(note, "comment")});
  for (const Json& item : list(options, "tables")) result.tables.push_back(parse_table(item));
  for (const Json& item : list(options, "cards")) result.cards.push_back(parse_card(item));
  return result;
}

}  // namespace clq::table
