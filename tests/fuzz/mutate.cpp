// tests/fuzz/mutate.cpp -- inputs made of the files of a corpus, the same ones for the same seed.
// SPDX-License-Identifier: BSD-3-Clause
#include "mutate.hpp"

#include <algorithm>
#include <string_view>

namespace clq::fuzz {
namespace {

constexpr size_t kLongest = 1 << 16;
constexpr char kBytes[] = {'\0', '\x01', '\x7f', '\x80', '\xff', '\n', '\r', '\t', ' ', '"', '\'',
                           '\\', '{',    '}',    '[',    ']',    '(',  ')',  '=',  '/', '&', '#',
                           ',',  ':',    '.',    '-',    '+',    '0',  '9',  'E',  '*', '%'};
constexpr std::string_view kNumbers[] = {"0",
                                         "1",
                                         "-1",
                                         "2",
                                         "7",
                                         "8",
                                         "9",
                                         "16",
                                         "32",
                                         "64",
                                         "255",
                                         "256",
                                         "999",
                                         "1000",
                                         "65535",
                                         "65536",
                                         "-128",
                                         "2147483647",
                                         "2147483648",
                                         "4294967295",
                                         "1e308",
                                         "1e999",
                                         "nan",
                                         "4294967296",
                                         "inf",
                                         "-0.0",
                                         "0.5",
                                         "9223372036854775807",
                                         "1e-400",
                                         "9223372036854775808",
                                         "-9223372036854775808",
                                         "18446744073709551615"};

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// `with` over what stands at `at`, as far as there is something.
void put_over(std::string& input, size_t at, std::string_view with) {
  const size_t n = std::min(with.size(), input.size() - at);
  std::copy_n(with.begin(), n, input.begin() + static_cast<std::ptrdiff_t>(at));
}

}  // namespace

std::string Mutator::next() {
  std::string input = corpus_.at(below(corpus_.size()));
  for (size_t n = 1 + below(6); n > 0; --n) change(input);
  if (input.size() > kLongest) input.resize(kLongest);
  return input;
}

std::string Mutator::piece() {
  const std::string& from = corpus_[below(corpus_.size())];
  const size_t longest[] = {4, 16, 80, from.size()};
  return from.substr(below(from.size()), 1 + below(longest[below(4)]));
}

// A number in digits becomes another one, over the blanks behind it where these suffice, so that cards keep their
// place.
void Mutator::change_number(std::string& input) {
  const auto first =
      std::find_if(input.begin() + static_cast<std::ptrdiff_t>(below(input.size())), input.end(), is_digit);
  const auto last = std::find_if_not(first, input.end(), is_digit);
  const std::string_view number = kNumbers[below(std::size(kNumbers))];
  const auto room = std::find_if(last, input.end(), [](char c) { return c != ' '; }) - first;
  const auto length = static_cast<std::ptrdiff_t>(number.size());
  const bool fits = length <= room && last != input.end();
  std::string with(number);
  if (fits) with.resize(static_cast<size_t>(std::max(last - first, length)), ' ');
  input.replace(first, fits ? first + static_cast<std::ptrdiff_t>(with.size()) : last, with);
}

void Mutator::change(std::string& input) {
  const size_t at = below(input.size());
  if (input.empty()) {
    input = piece();
    return;
  }
  switch (below(12)) {
    case 0:
      input[at] = static_cast<char>(input[at] ^ (1 << below(8)));
      return;
    case 1:
      input[at] = static_cast<char>(random_());
      return;
    case 2:
      input[at] = kBytes[below(std::size(kBytes))];
      return;
    case 3:
    case 4:
      return change_number(input);
    case 5:
      return put_over(input, at, piece());
    case 6:
      input.insert(at, piece());
      return;
    case 7:
      input.erase(at, 1 + below(at % 2 == 0 ? 8 : 200));
      return;
    case 8:
      input.resize(at);
      return;
    case 9:
      input.insert(below(input.size()), input.substr(at, 1 + below(100)));
      return;
    case 10:  // the end of another file behind the beginning of this one
      input.resize(at);
      input += piece();
      return;
    default:
      return put_over(input, at, input.substr(below(input.size()), 1 + below(80)));
  }
}

}  // namespace clq::fuzz
