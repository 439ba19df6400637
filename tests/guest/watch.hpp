// tests/guest/watch.hpp -- calls of the library, each between two looks at its host.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <map>
#include <string>
#include <type_traits>
#include <vector>

#include <calanque/calanque.h>

#include "host_state.hpp"
#include "posture.hpp"

namespace clq::guest {

enum class Wanted { good, bad, forked };  // forked: the status of a handle that was made before fork()

class Watch {
 public:
  // `folder`: what a source or a trainer holds open lies there. `plant`: what acts as if it were the library.
  Watch(std::string folder, Plant plant);

  // `name` is written to `place` before each call, for who wants to know where a child hangs.
  void tell(char* place) { place_ = place; }

  template <class Function, class... Given>
  auto call(const char* name, Wanted wanted, Function* function, Given... given) {
    using Result = std::invoke_result_t<Function*, Given...>;
    begin(name, wanted);
    if constexpr (std::is_void_v<Result>) {
      function(given...);
      end(wanted == Wanted::forked ? CLQ_E_FORKED : CLQ_OK);
    } else {
      const Result result = function(given...);
      end(status_of(result));
      return result;
    }
  }

  void finish();  // every handle is closed: the descriptors must be those of the start
  // {"functions": {name: {"good", "bad", "parts": {part: [times, the first change]}}}, "unexpected": [words], ...}
  std::string json() const;
  bool clean() const;  // every call did as it should, and no part changed

 private:
  struct Row {
    int64_t good = 0, bad = 0;
    std::array<std::string, kParts> changed;  // the first time
    std::array<int64_t, kParts> times{};
  };
  static int64_t status_of(int64_t result) { return result; }
  static int64_t status_of(const char* text) { return text != nullptr ? CLQ_OK : CLQ_E_INTERNAL; }
  void begin(const char* name, Wanted wanted);
  void end(int64_t status);
  void judge(int64_t status);
  bool may_hold(const std::string& before, const std::string& after) const;

  const std::string folder_;
  const Plant plant_;
  char* place_ = nullptr;
  const char* name_ = "";
  Wanted wanted_ = Wanted::good;
  HostState start_, before_;
  std::map<std::string, Row> rows_;
  std::vector<std::string> unexpected_;
  std::string left_open_;
  int64_t errno_after_errors_ = 0, errors_ = 0;
};

}  // namespace clq::guest
