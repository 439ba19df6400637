// core/src/config/toml_read.cpp -- TOML text as JSON; toml++ is seen in this file alone.
// SPDX-License-Identifier: BSD-3-Clause
#include "config/toml.hpp"

#include <algorithm>
#include <cmath>
#include <string_view>
#include <tuple>
#include <vector>

#include <toml++/toml.h>

#include <calanque/core/error.hpp>

namespace clq {
namespace {

constexpr int kMostParts = 16;  // of a key: a.b.c has three

struct Walk {
  const std::string& name;
  TomlText& out;

  std::string place(const toml::node& node) const { return fmt::format("{}:{}", name, node.source().begin.line); }

  Json value(const toml::node& node, const std::string& path) {
    out.origin[path] = place(node);
    if (const toml::table* table = node.as_table()) return object(*table, path);
    if (const toml::array* array = node.as_array()) return list(*array, path);
    if (const auto* text = node.as_string()) return text->get();
    if (const auto* integer = node.as_integer()) return integer->get();
    if (const auto* boolean = node.as_boolean()) return boolean->get();
    if (const auto* number = node.as_floating_point()) {
      if (std::isfinite(number->get())) return number->get();
      fail(CLQ_E_INVALID, "{} must be a finite number ({})", path, place(node));
    }
    fail(CLQ_E_INVALID, "{} must not be a date or time, write it as a text ({})", path, place(node));
  }

  Json object(const toml::table& table, const std::string& path) {
    std::vector<std::pair<std::string, const toml::node*>> members;  // as written: toml++ sorts by name
    for (const auto& [key, node] : table) members.emplace_back(key.str(), &node);
    std::stable_sort(members.begin(), members.end(), [](const auto& a, const auto& b) {
      const auto x = a.second->source().begin, y = b.second->source().begin;
      return std::tie(x.line, x.column) < std::tie(y.line, y.column);
    });
    Json result = Json::object();
    for (const auto& [key, node] : members) result[key] = value(*node, path.empty() ? key : path + "." + key);
    return result;
  }

  Json list(const toml::array& array, const std::string& path) {
    Json result = Json::array();
    for (size_t i = 0; i < array.size(); ++i) result.push_back(value(array[i], fmt::format("{}[{}]", path, i)));
    return result;
  }
};

// Behind the string or comment that begins at `at`; `at` where none does. What is not closed ends with its line or with
// the text: toml++ says so.
size_t behind_quoted(std::string_view text, size_t at) {
  const auto behind = [&](size_t found, size_t more) {
    return found == std::string_view::npos ? text.size() : found + more;
  };
  const char quote = text[at];
  if (quote == '#') return behind(text.find('\n', at), 0);
  if (quote != '"' && quote != '\'') return at;
  if (text.substr(at, 3) == std::string(3, quote)) return behind(text.find(text.substr(at, 3), at + 3), 3);
  for (++at; at < text.size() && text[at] != quote && text[at] != '\n'; ++at)
    if (quote == '"' && text[at] == '\\') ++at;
  return std::min(text.size(), at + 1);
}

// Each part of a key is a table in a table, and no stack holds what takes 10^5 of them away again.
void refuse_long_keys(std::string_view text, const std::string& name) {
  constexpr std::string_view kInAKey = ". \t_-0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
  int parts = 1;
  for (size_t at = 0; at < text.size();) {
    if (const size_t next = behind_quoted(text, at); next > at) {
      at = next;
      continue;
    }
    if (kInAKey.find(text[at]) == std::string_view::npos) parts = 1;
    if (text[at] == '.' && ++parts > kMostParts)
      fail(CLQ_E_INVALID, "{}:{}: a key has more than {} parts", name,
           1 + std::count(text.begin(), text.begin() + static_cast<ptrdiff_t>(at), '\n'), kMostParts);
    ++at;
  }
}

}  // namespace

TomlText read_toml(const std::string& text, const std::string& name) {
  refuse_long_keys(text, name);
  TomlText out;
  try {
    const toml::table table = toml::parse(text, name);
    out.values = Walk{name, out}.object(table, "");
  } catch (const toml::parse_error& e) {
    const auto& begin = e.source().begin;
    fail(CLQ_E_INVALID, "{}:{}:{}: {}", name, begin.line, begin.column, e.description());
  }
  return out;
}

std::optional<Json> read_toml_value(const std::string& text) {
  if (text.find_first_of("\r\n") != std::string::npos) return std::nullopt;
  try {
    refuse_long_keys(text, "value");
    const toml::table table = toml::parse("value = " + text);
    if (table.size() != 1) return std::nullopt;
    TomlText out;
    const std::string name = "value";
    return Walk{name, out}.object(table, "").at("value");
  } catch (const toml::parse_error&) {  // toml++ has no other way to say "this is no value"
    return std::nullopt;
  } catch (const Error&) {  // a date, inf or nan, a key of many parts: a text for us
    return std::nullopt;
  }
}

bool is_utf8(const std::string& text) {
  constexpr size_t kNoLead = 9;
  for (size_t i = 0; i < text.size();) {
    const auto lead = static_cast<unsigned char>(text[i]);
    const size_t more = lead < 0x80                   ? 0
                        : lead >= 0xc2 && lead < 0xe0 ? 1
                        : (lead & 0xf0) == 0xe0       ? 2
                        : lead >= 0xf0 && lead < 0xf5 ? 3
                                                      : kNoLead;
    if (more == kNoLead || more > text.size() - i - 1) return false;
    for (size_t k = 1; k <= more; ++k)
      if ((static_cast<unsigned char>(text[i + k]) & 0xc0) != 0x80) return false;
    const auto second = more == 0 ? 0u : static_cast<unsigned char>(text[i + 1]);
    if ((lead == 0xe0 && second < 0xa0) || (lead == 0xed && second >= 0xa0) || (lead == 0xf0 && second < 0x90) ||
        (lead == 0xf4 && second >= 0x90))
      return false;
    i += more + 1;
  }
  return true;
}

}  // namespace clq
