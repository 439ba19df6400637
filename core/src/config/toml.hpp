// core/src/config/toml.hpp -- TOML to JSON with the line of every value, and back without a change.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>

#include <calanque/core/graph.hpp>

namespace clq {

struct TomlText {
  Json values = Json::object();
  std::map<std::string, std::string> origin;  // "model.layer[1].units": "run.toml:12"
};

// Integers stay integers. A syntax error is CLQ_E_INVALID with name:line:column; dates, inf and nan are refused.
TomlText read_toml(const std::string& text, const std::string& name);
// One value; nothing when the text is none.
std::optional<Json> read_toml_value(const std::string& text);
bool is_utf8(const std::string& text);

// comment(path): what follows the '#' behind a value; "" for none. Lists of tables follow the plain values of their
// table.
std::string write_toml(const Json& values, const std::function<std::string(const std::string&)>& comment);

}  // namespace clq
