// capi/src/context.cpp -- the one registry of the process, and JSON options.
// SPDX-License-Identifier: BSD-3-Clause
#include "context.hpp"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <mutex>

#include "runtime/plugin_library.hpp"

namespace clq::capi {
namespace {

constexpr size_t kLongestOptions = 1u << 20;
constexpr int kDeepestOptions = 32;

}  // namespace

Registry& bare_registry() {
  static auto& instance = []() -> Registry& {
    auto& made = *new Registry;
    made.hold_over_forks();
    return made;
  }();
  return instance;
}

Registry& registry() {
  bare_registry().load_default_once();
  return bare_registry();
}

std::vector<std::string> model_folders() {
  const char* list = std::getenv("CLQ_MODEL_PATH");
  std::string rest = list == nullptr ? "" : list;
  std::vector<std::string> folders;
  while (!rest.empty()) {
    const size_t colon = std::min(rest.find(':'), rest.size());
    if (colon > 0) folders.push_back(rest.substr(0, colon));
    rest.erase(0, colon + 1);
  }
  folders.push_back((library_folder() / "calanque" / "models").string());
  return folders;
}

Config parse_options(const char* json) {
  if (json == nullptr) return Config(Json::object());
  const std::string text(json, strnlen(json, kLongestOptions + 1));
  CLQ_REQUIRE(text.size() <= kLongestOptions, "options: longer than {} bytes", kLongestOptions);
  const auto depth = [](int level, Json::parse_event_t, Json&) {
    CLQ_REQUIRE(level <= kDeepestOptions, "options: nested deeper than {}", kDeepestOptions);
    return true;
  };
  const Json value = Json::parse(text, depth, false);
  CLQ_REQUIRE(!value.is_discarded(), "options must be a JSON object, got '{}'", text.substr(0, 60));
  CLQ_REQUIRE(value.is_object(), "options must be a JSON object, got '{}'", text.substr(0, 60));
  return Config(value, "options");
}

}  // namespace clq::capi
