// plugins/csv/table/options.hpp -- the keys of the resolved [data] table and of a sink's options that tables use.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include <calanque/plugin/data_source.h>

namespace clq::table {

using Json = nlohmann::ordered_json;  // the order of columns is the order in which they were named

// A JSON object, or CLQ_E_INVALID with the parser's words. An empty text is an empty object.
Json parse_options(const std::string& text);

// A value for an error's words: JSON in ASCII, control characters escaped.
std::string shown(const Json& value);

// A text option; absent or null: "". Throws CLQ_E_INVALID for another type.
std::string text_option(const Json& options, const std::string& key);

struct ExtraTable {
  std::string hdu;
  std::vector<std::pair<std::string, std::vector<double>>> columns;
};

struct Card {
  std::string key, comment;
  Json value;  // a text, a number or true/false
};

struct ColumnNote {
  std::string ucd, comment;
};

struct SinkOptions {
  std::string hdu;
  std::vector<std::pair<std::string, ColumnNote>> columns;
  std::vector<ExtraTable> tables;
  std::vector<Card> cards;

  ColumnNote note(const std::string& column) const;
};

SinkOptions parse_sink_options(const std::string& text);

}  // namespace clq::table
