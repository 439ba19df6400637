// plugins/csv/values.cpp -- the text of a field as a value, and what its column can be.
// SPDX-License-Identifier: BSD-3-Clause
#include "values.hpp"

#include <algorithm>
#include <charconv>
#include <cstring>
#include <limits>

#include <strings.h>

#include "table/dtype.hpp"
#include "table/fields.hpp"

namespace clq::csv {
namespace {

std::string_view without_plus(std::string_view text) {
  return text.size() > 1 && text[0] == '+' && text[1] != '-' ? text.substr(1) : text;
}

template <class T>
std::errc parse(std::string_view text, T& value) {
  text = without_plus(text);
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc()) return error;
  return end == text.data() + text.size() ? std::errc() : std::errc::invalid_argument;
}

bool parse_real(std::string_view text, double& value) {
  const std::errc error = parse(text, value);
  // Out of range is said for both ends; 1e-400 is 0, 1e400 is no number we can hold.
  if (error == std::errc::result_out_of_range && text.find_first_of("eE") != std::string_view::npos) {
    value = 0;
    return text[text.find_first_of("eE") + 1] == '-';
  }
  return error == std::errc();
}

bool equal(std::string_view text, const char* word) {
  return text.size() == std::strlen(word) && ::strncasecmp(text.data(), word, text.size()) == 0;
}

template <class T>
bool store_as(std::string_view text, std::byte* dst) {
  int64_t number = 0;
  uint64_t positive = 0;
  double real = 0;
  if constexpr (!std::floating_point<T>) {
    if (parse(text, number) == std::errc()) return table::store<T>(number, dst);
    if (parse(text, positive) == std::errc()) return table::store<T>(positive, dst);
  }
  return parse_real(text, real) && table::store<T>(real, dst);
}

}  // namespace

bool is_null(std::string_view text) { return text.empty() || equal(text, "nan"); }

bool store_number(std::string_view text, int32_t dtype, std::byte* dst) {
  return table::with_type(dtype, [&]<class T>() {
    if (!is_null(text)) return store_as<T>(text, dst);
    return table::store<T>(std::numeric_limits<double>::quiet_NaN(), dst);
  });
}

bool is_number(std::string_view text) {
  std::byte room[8];
  return !is_null(text) && store_number(text, CLQ_F64, room);
}

bool store_logical(std::string_view text, int32_t dtype, std::byte* dst) {
  if (equal(text, "true")) text = "1";
  if (equal(text, "false")) text = "0";
  return store_number(text, dtype, dst);
}

bool store_text(std::string_view text, int64_t width, std::byte* dst) {
  if (text.size() > static_cast<size_t>(width)) return false;
  std::copy(text.begin(), text.end(), reinterpret_cast<char*>(dst));
  std::memset(dst + text.size(), 0, static_cast<size_t>(width) - text.size());
  return true;
}

void ColumnGuess::add(std::string_view text, int64_t line) {
  width_ = std::max(width_, static_cast<int64_t>(text.size()));
  if (gap_ == 0 && is_null(text)) gap_ = line;
  if (!numeric_ || is_null(text)) return;
  int64_t number = 0;
  uint64_t positive = 0;
  double real = 0;
  constexpr int64_t kExact = int64_t{1} << 53;
  if (integer_ && parse(text, number) == std::errc()) {
    negative_ = negative_ || number < 0;
    beyond_double_ = beyond_double_ || number > kExact || number < -kExact;
  } else if (integer_ && parse(text, positive) == std::errc()) {
    beyond_i64_ = true;
  } else if (parse_real(text, real)) {
    if (integer_) fraction_ = line;
    if (integer_) text_ = table::printable(text.substr(0, 40));
    integer_ = false;
  } else {
    numeric_ = false;
    if (any_) surprise_ = table::printable(text.substr(0, 40)) + " in line " + std::to_string(line);
  }
  any_ = true;
}

int32_t ColumnGuess::dtype() const {
  if (!numeric_) return CLQ_U8;
  if (!any_ || !integer_ || (beyond_i64_ && negative_)) return CLQ_F64;
  if (beyond_i64_) return CLQ_U64;
  // Whole numbers with gaps are read as F64, whose NaN says so, unless that would change an id.
  return gap_ > 0 && !beyond_double_ ? CLQ_F64 : CLQ_I64;
}

}  // namespace clq::csv
