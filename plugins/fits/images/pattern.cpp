// plugins/fits/images/pattern.cpp -- "cutouts/{PLATE}/{SPECOBJID}_{BAND}.fits[SCI][IMAGE]", taken apart.
// SPDX-License-Identifier: BSD-3-Clause
#include "images/pattern.hpp"

#include <algorithm>
#include <charconv>

#include <calanque/plugin/sdk.hpp>

#include "table/fields.hpp"

namespace clq::fits {
namespace {

[[noreturn]] void refuse(const std::string& text, const std::string& why) {
  sdk::fail(CLQ_E_INVALID, "data.images = '" + table::printable(text) + "': " + why);
}

}  // namespace

Pattern::Pattern(const std::string& text) {
  std::string rest = text;
  take_brackets(rest);
  if (rest.empty()) refuse(text, "names no file");
  while (!rest.empty()) {
    const size_t open = rest.find('{');
    if (open > 0) pieces_.push_back({rest.substr(0, open), Piece::plain});
    if (open == std::string::npos) break;
    const size_t close = rest.find('}', open);
    if (close == std::string::npos || close == open + 1) refuse(text, "a brace holds a column's name, or BAND");
    const std::string name = rest.substr(open + 1, close - open - 1);
    const bool is_band = name == "BAND";
    pieces_.push_back({name, is_band ? Piece::band : Piece::column});
    has_band_ = has_band_ || is_band;
    if (!is_band) columns_.push_back(name);
    rest.erase(0, close + 1);
  }
}

// From the end, so that a folder may have brackets in its name.
void Pattern::take_brackets(std::string& text) {
  const std::string whole = text;
  while (!text.empty() && text.back() == ']') {
    const size_t open = text.rfind('[');
    if (open == std::string::npos || open + 2 == text.size() || brackets_.size() == 2)
      refuse(whole, "brackets hold an HDU, a column, or both: [HDU][COLUMN]");
    brackets_.insert(brackets_.begin(), text.substr(open + 1, text.size() - open - 2));
    text.resize(open);
  }
}

std::string Pattern::path(std::span<const std::string> values, const std::string& band) const {
  std::string result;
  size_t next = 0;
  for (const Piece& piece : pieces_)
    result += piece.kind == Piece::plain ? piece.text : piece.kind == Piece::band ? band : values[next++];
  return result;
}

std::string Pattern::paths(std::span<const std::string> values, std::span<const std::string> bands) const {
  std::string all;
  for (const std::string& band : bands) all += (all.empty() ? "" : ",") + band;
  return path(values, bands.size() == 1 ? all : "{" + all + "}");
}

std::string Pattern::glob() const {
  std::string result;
  for (const Piece& piece : pieces_) {
    if (piece.kind != Piece::plain) {
      result += '*';
      continue;
    }
    for (const char c : piece.text) {
      if (std::string_view("*?[]\\").find(c) != std::string_view::npos) result += '\\';
      result += c;
    }
  }
  return result;
}

HduChoice parse_hdu_name(const std::string& text) {
  int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error == std::errc() && end == text.data() + text.size() && number >= 0) return number;
  return text;
}

}  // namespace clq::fits
