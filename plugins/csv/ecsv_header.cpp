// plugins/csv/ecsv_header.cpp -- the part of an ECSV header that a table needs: delimiter, names, types, units.
// SPDX-License-Identifier: BSD-3-Clause
#include "ecsv_header.hpp"

#include <algorithm>
#include <string_view>

#include <calanque/types.h>
#include <calanque/plugin/sdk.hpp>

#include "table/fields.hpp"

namespace clq::csv {
namespace {

using sdk::fail;
constexpr size_t kLongestItem = 65536;

std::string_view trim(std::string_view text) {
  const size_t first = text.find_first_not_of(' ');
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(' ') - first + 1);
}

size_t indent(std::string_view text) { return std::min(text.find_first_not_of(' '), text.size()); }

std::string unquote(std::string_view text) {
  text = trim(text);
  if (text.size() < 2 || (text[0] != '\'' && text[0] != '"') || text.back() != text[0]) return std::string(text);
  std::string result;
  for (size_t i = 1; i + 1 < text.size(); ++i) {
    if (text[i] == (text[0] == '"' ? '\\' : '\'')) ++i;
    result += text[i];
  }
  return result;
}

// Where the scalar, or the nested list or mapping, that begins at `at` ends: at a comma or brace of its own level.
size_t flow_end(std::string_view text, size_t at) {
  int depth = 0;
  char quote = '\0';
  for (; at < text.size(); ++at) {
    const char c = text[at];
    if (quote != '\0') {
      const bool doubled = c == '\'' && quote == c && at + 1 < text.size() && text[at + 1] == c;
      if (doubled || (c == '\\' && quote == '"'))
        ++at;
      else if (c == quote)
        quote = '\0';
      continue;
    }
    if ((c == '\'' || c == '"') && (text[at - 1] == ' ' || text[at - 1] == '{' || text[at - 1] == '[')) quote = c;
    if (depth == 0 && (c == ',' || c == '}')) break;
    if (c == '{' || c == '[') ++depth;
    if (c == '}' || c == ']') --depth;
  }
  return std::min(at, text.size());
}

struct Item {
  int64_t line = 0;
  std::string name, unit, datatype;

  void set(std::string_view key, std::string_view value) {
    key = trim(key);
    if (key == "name") name = table::printable(unquote(value));
    if (key == "unit") unit = table::printable(unquote(value));
    if (key == "datatype") datatype = unquote(value);
  }
};

class Parser {
 public:
  explicit Parser(const std::string& file) : file_(file) {}

  EcsvHeader run(const std::vector<HeaderLine>& lines) {
    for (const HeaderLine& line : lines) take_line(line);
    if (!flow_.empty()) fail(CLQ_E_DATA, place(flow_line_) + ": a brace is not closed");
    EcsvHeader header{delimiter_, {}};
    for (const Item& item : items_) header.columns.push_back(make_column(item));
    if (header.columns.empty()) fail(CLQ_E_DATA, file_ + ": the ECSV header has no datatype list");
    return header;
  }

 private:
  std::string place(int64_t line) const { return file_ + ", line " + std::to_string(line); }

  void take_line(const HeaderLine& line) {
    std::string_view text = std::string_view(line.text).substr(1);
    if (!text.empty() && text[0] == ' ') text.remove_prefix(1);
    if (trim(text).empty() || trim(text) == "---" || text[0] == '%') return;
    if (!flow_.empty()) return take_flow(text);
    const bool top = text[0] != ' ' && text[0] != '-';
    if (top) return take_section(text, line.number);
    if (section_ == "datatype") take_item(text, line.number);
  }

  void take_section(std::string_view text, int64_t line) {
    const size_t colon = text.find(':');
    if (colon == std::string_view::npos)
      fail(CLQ_E_DATA, place(line) + ": '" + table::printable(text) + "' has no colon");
    section_ = std::string(trim(text.substr(0, colon)));
    if (section_ != "delimiter") return;
    const std::string value = unquote(text.substr(colon + 1));
    if (value != " " && value != ",") fail(CLQ_E_DATA, place(line) + ": the delimiter must be ' ' or ','");
    delimiter_ = value[0];
  }

  void take_item(std::string_view text, int64_t line) {
    const size_t dash = indent(text);
    if (items_.empty()) item_indent_ = dash;
    if (text[dash] == '-' && dash == item_indent_) {
      items_.push_back({line, "", "", ""});
      std::string copy(text);
      copy[dash] = ' ';
      key_indent_ = indent(copy);
      if (key_indent_ >= copy.size()) return;  // the keys follow on their own lines
      flow_line_ = line;
      return copy[key_indent_] == '{' ? take_flow(trim(copy)) : take_key(copy, line);
    }
    if (items_.empty()) fail(CLQ_E_DATA, place(line) + ": a list of columns is expected");
    if (items_.back().name.empty() && items_.back().datatype.empty()) key_indent_ = indent(text);
    if (indent(text) == key_indent_) take_key(text, line);
  }

  void take_key(std::string_view text, int64_t line) {
    const size_t colon = text.find(':');
    if (trim(text)[0] == '-') return;  // a list inside a passed-over key
    if (colon == std::string_view::npos) fail(CLQ_E_DATA, place(line) + ": 'key: value' is expected");
    items_.back().set(text.substr(0, colon), text.substr(colon + 1));
  }

  // A flow mapping may run over several lines; it is parsed when its brace closes.
  void take_flow(std::string_view text) {
    flow_.append(flow_.empty() ? "" : " ").append(trim(text));
    const size_t end = flow_end(flow_, 1);
    size_t last = end;
    while (last < flow_.size() && flow_[last] == ',') last = flow_end(flow_, last + 1);
    if (flow_.size() > kLongestItem) fail(CLQ_E_DATA, place(flow_line_) + ": a column takes more than 64 KiB");
    if (last >= flow_.size()) return;
    for (size_t at = 1; at < last;) {
      const size_t stop = flow_end(flow_, at);
      const std::string_view pair = std::string_view(flow_).substr(at, stop - at);
      const size_t colon = pair.find(':');
      if (colon == std::string_view::npos) fail(CLQ_E_DATA, place(flow_line_) + ": 'key: value' is expected");
      items_.back().set(pair.substr(0, colon), pair.substr(colon + 1));
      at = stop + 1;
    }
    flow_.clear();
  }

  EcsvColumn make_column(const Item& item) const {
    struct Type {
      const char* name;
      int32_t dtype;
      bool text, logical;
    };
    static constexpr Type kTypes[] = {
        {"bool", CLQ_U8, false, true},       {"int8", CLQ_I8, false, false},     {"uint8", CLQ_U8, false, false},
        {"int16", CLQ_I16, false, false},    {"uint16", CLQ_U16, false, false},  {"int32", CLQ_I32, false, false},
        {"uint32", CLQ_U32, false, false},   {"int64", CLQ_I64, false, false},   {"uint64", CLQ_U64, false, false},
        {"float16", CLQ_F32, false, false},  {"float32", CLQ_F32, false, false}, {"float64", CLQ_F64, false, false},
        {"float128", CLQ_F64, false, false}, {"string", CLQ_U8, true, false}};
    if (item.name.empty()) fail(CLQ_E_DATA, place(item.line) + ": a column has no name");
    for (const Type& type : kTypes)
      if (item.datatype == type.name) return {item.name, item.unit, type.dtype, type.text, type.logical};
    fail(CLQ_E_DATA, place(item.line) + ": column " + item.name + ": datatype '" + table::printable(item.datatype) +
                         "' is not bool, [u]int8..64, float16..128 or string");
  }

  const std::string& file_;
  std::string section_, flow_;
  int64_t flow_line_ = 0;
  size_t item_indent_ = 0, key_indent_ = 0;
  char delimiter_ = ' ';
  std::vector<Item> items_;
};

}  // namespace

bool is_ecsv(const std::vector<HeaderLine>& comments) {
  return !comments.empty() && comments[0].text.find("%ECSV ") != std::string::npos;
}

EcsvHeader parse_ecsv(const std::vector<HeaderLine>& comments, const std::string& file) {
  return Parser(file).run(comments);
}

}  // namespace clq::csv
