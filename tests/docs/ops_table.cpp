// tests/docs/ops_table.cpp -- the table of docs/ops.md, from the tables that the code uses.
// SPDX-License-Identifier: BSD-3-Clause
//
// ops_table FILE           exit 1 and the first line that differs, unless what stands in FILE between the marks is this
// ops_table FILE --write   puts it there
#include <algorithm>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>

#include <fmt/format.h>

#include "ops/op_table.hpp"
#include "ops/op_words.hpp"

namespace clq {
namespace {

constexpr std::string_view kBegin = "<!-- by tests/docs/ops_table.cpp -->\n", kEnd = "<!-- end -->\n";

std::string short_number(double value) {
  if (value == 0) return "0";
  std::string text = fmt::format("{:.0e}", value);
  if (const size_t at = text.find("e-0"); at != std::string::npos) text.erase(at + 2, 1);
  return text;
}

std::string row_of(const OpWords& w, const OpTable& ops) {
  const std::string_view name = w.name;
  return fmt::format("| {} | {} | {} | {} | {} | {} | {} |\n", name.substr(0, name.find('/')), w.tensors, w.attrs,
                     w.formula, ops.has_gradient(w.name) ? w.gradient : "no gradient",
                     short_number(tolerance(w.near, CLQ_F32)), w.source);
}

std::string table() {
  const OpTable ops;
  std::string text(kBegin);
  text +=
      "| op | inputs -> outputs | attributes | formula | gradient | F32 within | source "
      "|\n|---|---|---|---|---|---|---|\n";
  for (const std::string& name : ops.names()) text += row_of(words_of(name), ops);
  text += fmt::format(
      "\nA backend's result in F32 is that of `cpu_ref` to within the part of its largest value that the table says; "
      "in F64 to "
      "{0}, or\nthe same values where the table says 0. Gradients are within {1} in F32 and {2} in F64. `clq validate` "
      "holds a backend to this.\n",
      short_number(tolerance(Nearness::summed, CLQ_F64)), short_number(gradient_tolerance(CLQ_F32)),
      short_number(gradient_tolerance(CLQ_F64)));
  return text.append(kEnd);
}

std::string read(const char* file) {
  std::ifstream in(file, std::ios::binary);
  CLQ_REQUIRE(in.good(), "{}: cannot be read", file);
  return {std::istreambuf_iterator<char>(in), {}};
}

// With the table between the marks.
std::string renewed(const std::string& text, const char* file) {
  const size_t begin = text.find(kBegin), end = text.find(kEnd, begin);
  CLQ_REQUIRE(begin != std::string::npos && end != std::string::npos, "{}: has no lines {}and {}", file, kBegin, kEnd);
  return text.substr(0, begin) + table() + text.substr(end + kEnd.size());
}

int run(const char* file, bool write) {
  const std::string old = read(file), now = renewed(old, file);
  if (now == old) return 0;
  if (write) {
    std::ofstream(file, std::ios::binary) << now;
    return 0;
  }
  const auto differs = std::mismatch(now.begin(), now.end(), old.begin(), old.end()).first;
  const auto begin = std::find(std::make_reverse_iterator(differs), now.rend(), '\n').base();
  fmt::print(stderr, "{}: line {} is not the table's: {}\n", file, std::count(now.begin(), begin, '\n') + 1,
             std::string(begin, std::find(differs, now.end(), '\n')));
  return 1;
}

}  // namespace
}  // namespace clq

int main(int argc, char** argv) {
  const bool write = argc == 3 && std::string_view(argv[2]) == "--write";
  if (argc != 2 && !write) {
    fmt::print(stderr, "usage: ops_table FILE [--write]\n");
    return 2;
  }
  try {
    return clq::run(argv[1], write);
  } catch (const std::exception& e) {
    fmt::print(stderr, "{}\n", e.what());
    return 2;
  }
}
