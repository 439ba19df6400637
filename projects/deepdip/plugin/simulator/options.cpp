// projects/deepdip/plugin/simulator/options.cpp -- what deepdip://galaxies?... asks for.
// SPDX-License-Identifier: BSD-3-Clause
#include "options.hpp"

#include <algorithm>
#include <charconv>
#include <string_view>

#include <calanque/plugin/sdk.hpp>

namespace deepdip::sim {
namespace {

constexpr std::string_view kScheme = "deepdip://";

[[noreturn]] void wrong(const std::string& uri, const std::string& words) {
  clq::sdk::fail(CLQ_E_INVALID, uri + ": " + words);
}

int64_t number(const std::string& uri, std::string_view key, std::string_view value, int64_t least, int64_t most) {
  int64_t result = 0;
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), result);
  if (error != std::errc() || end != value.data() + value.size() || result < least || result > most)
    wrong(uri, std::string(key) + " must be an integer from " + std::to_string(least) + " to " + std::to_string(most) +
                   ", got '" + std::string(value) + "'");
  return result;
}

Variant variant_of(const std::string& uri, std::string_view value) {
  if (value == "plain") return Variant::plain;
  if (value == "morphology") return Variant::morphology;
  wrong(uri, std::string("variant must be plain or morphology, got '").append(value).append("'"));
}

void set(Options& options, const std::string& uri, std::string_view key, std::string_view value) {
  // OBJID = seed x 10^9 + index must fit into 63 bits.
  if (key == "n")
    options.n = number(uri, key, value, 1, 1'000'000'000);
  else if (key == "seed")
    options.seed = number(uri, key, value, 0, 1'000'000'000);
  else if (key == "size")
    options.size = number(uri, key, value, 8, 256);
  else if (key == "variant")
    options.variant = variant_of(uri, value);
  else if (key == "noise")
    options.noise = number(uri, key, value, 0, 1) != 0;
  else if (key == "neighbours")
    options.neighbours = number(uri, key, value, 0, 1) != 0;
  else
    wrong(
        uri,
        std::string("unknown option '").append(key).append("'; there are: n, seed, variant, size, noise, neighbours"));
}

}  // namespace

Options parse_uri(const std::string& uri) {
  std::string_view rest = uri;
  if (rest.starts_with(kScheme)) rest.remove_prefix(kScheme.size());
  const size_t mark = rest.find('?');
  const std::string_view what = rest.substr(0, mark);
  if (!what.empty() && what != "galaxies")
    wrong(uri, std::string("only galaxies are simulated, got '").append(what).append("'"));
  std::string_view query = mark == std::string_view::npos ? "" : rest.substr(mark + 1);
  Options options;
  while (!query.empty()) {
    const std::string_view item = query.substr(0, query.find('&'));
    query.remove_prefix(std::min(query.size(), item.size() + 1));
    const size_t equals = item.find('=');
    if (equals == std::string_view::npos) wrong(uri, std::string(item) + ": must be key=value");
    set(options, uri, item.substr(0, equals), item.substr(equals + 1));
  }
  return options;
}

}  // namespace deepdip::sim
