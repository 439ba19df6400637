// plugins/fits/io/header.cpp -- one header unit, read and checked without cfitsio.
// SPDX-License-Identifier: BSD-3-Clause
#include "io/header.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <iterator>
#include <limits>

#include <calanque/plugin/sdk.hpp>

#include "table/fields.hpp"

namespace clq::fits {
namespace {

using sdk::fail;
constexpr size_t kCardBytes = 80;

std::string_view trim(std::string_view text) {
  const size_t first = text.find_first_not_of(' ');
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(' ') - first + 1);
}

// The value field of a card: a quoted text keeps its quotes, the rest ends at the comment's slash.
std::string_view value_field(std::string_view field) {
  field = trim(field);
  if (field.empty() || field[0] != '\'') return trim(field.substr(0, field.find('/')));
  for (size_t i = 1; i < field.size(); ++i) {
    if (field[i] != '\'') continue;
    if (i + 1 == field.size() || field[i + 1] != '\'') return field.substr(0, i + 1);
    ++i;
  }
  return field;
}

bool is_quoted(const std::string& value) {
  return value.size() >= 2 && value.front() == '\'' && value.back() == '\'';
}

// Where the & stands with which a text says that it goes on; npos: it ends here.
size_t find_continuation(const std::string& text) {
  if (!is_quoted(text)) return std::string::npos;
  const size_t last = text.find_last_not_of(' ', text.size() - 2);
  return text[last] == '&' ? last : std::string::npos;  // the opening quote is no blank
}

std::string unquote(const std::string& quoted) {
  std::string result;
  for (size_t i = 1; i + 1 < quoted.size(); ++i) {
    if (quoted[i] == '\'') ++i;  // a doubled quote stands for one
    result += quoted[i];
  }
  result.erase(result.find_last_not_of(' ') + 1);
  return result;
}

// The keyword that some programs find in a card, cfitsio too: in any case, behind HIERARCH, without a blank after the =,
// and not at the card's beginning.
std::string loose_keyword(std::string_view card) {
  const bool is_long = card.substr(0, 9) == "HIERARCH ";
  if (is_long) card.remove_prefix(9);
  const bool is_commentary = trim(card.substr(0, 8)).empty();
  if (is_commentary || card.find('=') == std::string_view::npos) return {};
  card = trim(card.substr(0, card.find('=')));
  std::string keyword(is_long ? card : card.substr(0, card.find(' ')));
  for (char& c : keyword)
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  return keyword;
}

// Says where the values of a data unit stand and how they are packed.
bool is_structural(std::string_view keyword) {
  constexpr std::string_view kWords[] = {
      "END",    "SIMPLE",   "XTENSION", "BITPIX", "NAXIS",  "PCOUNT",  "GCOUNT",   "TFIELDS", "TFORM",  "TTYPE",    "TSCAL",
      "TZERO",  "TNULL",    "TDIM",   "THEAP",  "BSCALE",  "BZERO",    "BLANK",   "ZIMAGE", "ZTENSION", "ZTILE",
      "ZNAXIS", "ZBITPIX",  "ZBLANK", "ZSCALE", "ZZERO",   "ZCMPTYPE", "ZNAME",   "ZVAL",   "ZQUANTIZ", "ZDITHER",
      "ZTABLE", "ZSIMPLE",  "ZFORM",  "ZCTYP",  "ZPCOUNT", "ZGCOUNT",  "ZTHEAP",  "FZALGOR"};
  const std::string_view word = keyword.substr(0, keyword.find_last_not_of("0123456789") + 1);
  return std::find(std::begin(kWords), std::end(kWords), word) != std::end(kWords);
}

template <class T>
bool parse(std::string text, T& number) {
  for (char& c : text)
    if (c == 'D' || c == 'd') c = 'E';  // Fortran's double exponent
  const char* first = text.data() + (!text.empty() && text[0] == '+' ? 1 : 0);
  const char* last = text.data() + text.size();
  const auto [end, error] = std::from_chars(first, last, number);
  return error == std::errc() && end == last;
}

}  // namespace

Header::Header(const table::Descriptor& bytes, const table::FileIdentity& file, int number, int64_t offset)
    : place_(file.name + "[" + std::to_string(number) + "]"), number_(number) {
  char record[kRecordBytes];
  for (; offset + kRecordBytes <= file.size; offset += kRecordBytes) {
    bytes.read_at(record, kRecordBytes, offset);
    for (size_t c = 0; c < kRecordBytes; c += kCardBytes) {
      const std::string_view card(record + c, kCardBytes);
      data_offset_ = offset + kRecordBytes;
      ++n_cards_;
      add_card(card);
      if (card.substr(0, 8) == "END     ") return;
    }
  }
  fail(CLQ_E_DATA, place_ + ": the header has no END card; the file may be cut short");
}

// A text that ends in & goes on in the CONTINUE cards right behind it (FITS 4.0, 4.2.1.2).
void Header::add_card(std::string_view card) {
  const size_t end = find_continuation(last_text_);
  if (card.substr(0, 10) == "CONTINUE  " && end != std::string::npos) {
    const std::string more(value_field(card.substr(10)));
    if (is_quoted(more)) last_text_.replace(end, std::string::npos, more.substr(1));
    return;
  }
  keep_last();
  const bool has_value = card.substr(8, 2) == "= ";
  const std::string_view key = has_value ? card.substr(0, card.substr(0, 8).find_last_not_of(' ') + 1) : card.substr(0, 0);
  if (const std::string loose = loose_keyword(card); loose != key && is_structural(loose))
    fail(CLQ_E_DATA, place_ + ": card " + std::to_string(n_cards_) + ", " + table::printable(trim(card)) +
                         ", is not written as FITS asks, \"" + loose +
                         std::string(8 - std::min<size_t>(loose.size(), 8), ' ') +
                         "= \": some programs would obey it");
  if (!has_value) return;
  last_key_ = key;
  last_text_ = value_field(card.substr(10));
}

void Header::keep_last() {
  if (last_key_.empty()) return;
  const auto [known, added] = values_.emplace(last_key_, last_text_);
  if (!added && known->second != last_text_) twice_.emplace(last_key_, last_text_);
  last_key_.clear();
  last_text_.clear();
}

std::string Header::value(const std::string& key) const {
  if (!has(key)) fail(CLQ_E_DATA, place_ + ": keyword " + key + " is missing");
  const std::string& text = values_.at(key);
  if (twice_.count(key) != 0)
    fail(CLQ_E_DATA, place_ + ": keyword " + key + " is given twice, " + table::printable(text) + " and " +
                         table::printable(twice_.at(key)));
  return text;
}

int64_t Header::integer(const std::string& key) const {
  int64_t number = 0;
  if (!parse(value(key), number))
    fail(CLQ_E_DATA, place_ + ": " + key + " = " + table::printable(value(key)) + " is not an integer");
  return number;
}

double Header::real(const std::string& key, double absent) const {
  double number = absent;
  if (has(key) && !parse(value(key), number))
    fail(CLQ_E_DATA, place_ + ": " + key + " = " + table::printable(value(key)) + " is not a number");
  return number;
}

std::string Header::text(const std::string& key) const {
  if (!has(key)) return {};
  const std::string quoted = value(key);
  if (!is_quoted(quoted))
    fail(CLQ_E_DATA, place_ + ": " + key + " = " + table::printable(quoted) + " is not a text in quotes");
  return unquote(quoted);
}

std::string Header::note(const std::string& key) const {
  if (!has(key)) return {};
  const std::string& stored = values_.at(key);
  return table::printable(is_quoted(stored) ? unquote(stored) : stored);
}

double Header::note_number(const std::string& key) const {
  double number = 0;
  const bool is_number = parse(note(key), number) && std::isfinite(number);
  return is_number ? number : std::numeric_limits<double>::quiet_NaN();
}

bool Header::is_true(const std::string& key) const { return has(key) && value(key) == "T"; }

std::vector<int64_t> Header::numbers(const std::string& prefix) const {
  std::vector<int64_t> found;
  for (const auto& [key, value] : values_) {
    int64_t number = 0;
    if (key.rfind(prefix, 0) != 0 || !parse(key.substr(prefix.size()), number)) continue;
    if (number > 0 && key == prefix + std::to_string(number)) found.push_back(number);
  }
  std::sort(found.begin(), found.end());
  return found;
}

int64_t Header::data_bytes(const table::FileIdentity& file) const {
  const int64_t bitpix = integer("BITPIX");
  const int64_t naxis = integer("NAXIS");
  if (bitpix != 8 && bitpix != 16 && bitpix != 32 && bitpix != 64 && bitpix != -32 && bitpix != -64)
    fail(CLQ_E_DATA, place_ + ": BITPIX = " + std::to_string(bitpix) + " is not 8, 16, 32, 64, -32 or -64");
  if (naxis < 0 || naxis > 999) fail(CLQ_E_DATA, place_ + ": NAXIS = " + std::to_string(naxis) + " is not 0..999");
  int64_t bytes = naxis == 0 ? 0 : 1;
  bool fits = true;
  for (int64_t i = 1; i <= naxis; ++i) {
    const std::string key = "NAXIS" + std::to_string(i);
    const int64_t n = integer(key);
    if (n < 0) fail(CLQ_E_DATA, place_ + ": " + key + " = " + std::to_string(n) + " is negative");
    fits = fits && !__builtin_mul_overflow(bytes, n, &bytes);
  }
  const int64_t pcount = integer("PCOUNT", 0), gcount = integer("GCOUNT", 1);
  if (pcount < 0 || gcount < 1)
    fail(CLQ_E_DATA, place_ + ": PCOUNT = " + std::to_string(pcount) + ", GCOUNT = " + std::to_string(gcount) +
                         "; they must be at least 0 and 1");
  fits = fits && !__builtin_add_overflow(bytes, naxis == 0 ? 0 : pcount, &bytes) &&
         !__builtin_mul_overflow(bytes, gcount, &bytes) && !__builtin_mul_overflow(bytes, std::abs(bitpix) / 8, &bytes);
  if (!fits || bytes > file.size - data_offset_)
    fail(CLQ_E_DATA, place_ + ": the header declares " + (fits ? std::to_string(bytes) : "more than 2^63") +
                         " bytes of data, the file has " + std::to_string(file.size - data_offset_) + " left");
  return bytes;
}

}  // namespace clq::fits
