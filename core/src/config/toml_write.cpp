// core/src/config/toml_write.cpp -- JSON as TOML that parses back to identical values.
// SPDX-License-Identifier: BSD-3-Clause
#include <algorithm>
#include <cctype>

#include <calanque/core/error.hpp>

#include "config/toml.hpp"

namespace clq {
namespace {

std::string quoted(const std::string& text) {
  std::string out = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\')
      (out += '\\') += c;
    else if (c == '\n')
      out += "\\n";
    else if (c == '\t')
      out += "\\t";
    else if (byte < 0x20 || byte == 0x7f)
      out += fmt::format("\\u{:04X}", byte);
    else
      out += c;
  }
  return out + '"';
}

std::string key_text(const std::string& key) {
  const bool bare = !key.empty() && std::all_of(key.begin(), key.end(), [](unsigned char c) {
    return (c < 0x80 && std::isalnum(c) != 0) || c == '_' || c == '-';
  });
  return bare ? key : quoted(key);
}

std::string number_text(double value) {
  std::string text = fmt::format("{}", value);  // the shortest that reads back to the same bits
  if (text.find_first_of(".en") == std::string::npos) text += ".0";
  return text;
}

std::string inline_text(const Json& value) {
  std::string out;
  switch (value.type()) {
    case Json::value_t::string:
      return quoted(value.get<std::string>());
    case Json::value_t::boolean:
      return value.get<bool>() ? "true" : "false";
    case Json::value_t::number_float:
      return number_text(value.get<double>());
    case Json::value_t::array:
      for (const Json& item : value) out += (out.empty() ? "" : ", ") + inline_text(item);
      return "[" + out + "]";
    case Json::value_t::object:
      for (const auto& [key, item] : value.items())
        out += (out.empty() ? " " : ", ") + key_text(key) + " = " + inline_text(item);
      return out.empty() ? "{}" : "{" + out + " }";
    default:
      return value.dump();
  }
}

bool is_table_list(const Json& value) {
  return value.is_array() && !value.empty() &&
         std::all_of(value.begin(), value.end(), [](const Json& item) { return item.is_object(); });
}

struct Writer {
  const std::function<std::string(const std::string&)>& comment;
  std::string out = {};

  void line(const std::string& text, const std::string& path) {
    const std::string note = comment(path);
    out += note.empty() ? text + "\n" : fmt::format("{:<42} # {}\n", text, note);
  }

  // Tables inside a section are dotted keys, so that every value keeps its own line and comment.
  void values(const Json& table, const std::string& path, const std::string& prefix) {
    for (const auto& [key, value] : table.items()) {
      if (is_table_list(value)) continue;
      const std::string name = prefix + key_text(key), where = path.empty() ? key : path + "." + key;
      if (value.is_object() && !value.empty() && !path.empty())
        values(value, where, name + ".");
      else if (!value.is_object() || !path.empty())
        line(name + " = " + inline_text(value), where);
    }
  }

  void table_lists(const Json& table, const std::string& path, const std::string& header) {
    for (const auto& [key, list] : table.items()) {
      const std::string where = path.empty() ? key : path + "." + key;
      if (list.is_object() && !path.empty()) table_lists(list, where, header + key_text(key) + ".");
      if (!is_table_list(list)) continue;
      for (size_t i = 0; i < list.size(); ++i) {
        out += "\n";
        line("[[" + header + key_text(key) + "]]", fmt::format("{}[{}]", where, i));
        for (const auto& [name, value] : list[i].items()) out += key_text(name) + " = " + inline_text(value) + "\n";
      }
    }
  }
};

}  // namespace

std::string write_toml(const Json& values, const std::function<std::string(const std::string&)>& comment) {
  Writer writer{comment};
  writer.values(values, "", "");
  for (const auto& [key, section] : values.items()) {
    if (is_table_list(section)) writer.table_lists({{key, section}}, "", "");
    if (!section.is_object()) continue;
    writer.out += "\n[" + key_text(key) + "]\n";
    writer.values(section, key, "");
    writer.table_lists(section, key, key_text(key) + ".");
  }
  return writer.out;
}

}  // namespace clq
