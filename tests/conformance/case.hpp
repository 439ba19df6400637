// tests/conformance/case.hpp -- one thing that a plugin must do, and how a case says what it found.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <functional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include <calanque/plugin/backend.h>
#include <calanque/plugin/data_sink.h>
#include <calanque/plugin/data_source.h>

namespace clq::conformance {

// What a case looks at. Each case has a process of its own.
struct Subject {
  std::string file;            // of the plugin
  std::string reference;       // of cpu_ref's plugin
  std::string data;            // a URI that the plugin's source opens; "": none was given
  std::string options = "{}";  // of the source
  std::string folder;          // empty and of the case alone
  uint32_t device = 0;
  uint64_t seed = 1;
};

// The plugin says that it does not do this, in its own words: no failure.
class Unsupported : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// What a case found. A line a problem: what, where, the value, what would be right.
class Findings {
 public:
  template <class... Args>
  bool expect(bool holds, fmt::format_string<Args...> text, Args&&... args) {
    if (!holds) add(fmt::format(text, std::forward<Args>(args)...));
    return holds;
  }
  // The case cannot go on.
  template <class... Args>
  void require(bool holds, fmt::format_string<Args...> text, Args&&... args) {
    if (!holds) throw std::runtime_error(fmt::format(text, std::forward<Args>(args)...));
  }
  void note(const std::string& name, const std::string& value) { notes_.emplace_back(name, value); }
  const std::vector<std::string>& problems() const { return problems_; }  // the first few
  size_t count() const { return count_; }
  const std::vector<std::pair<std::string, std::string>>& notes() const { return notes_; }

 private:
  static constexpr size_t kMost = 8;
  void add(std::string problem) {
    if (++count_ <= kMost) problems_.push_back(std::move(problem));
  }
  std::vector<std::string> problems_;
  std::vector<std::pair<std::string, std::string>> notes_;
  size_t count_ = 0;
};

struct Case {
  std::string name;                                    // "op.conv.reference", "source.readers"
  std::string what;                                    // "the same bits the second time"
  std::function<void(const Subject&, Findings&)> run;  // may throw: a problem, too
};

std::vector<Case> backend_cases();
std::vector<Case> source_cases();
std::vector<Case> sink_cases();
std::vector<Case> layer_cases();
std::vector<Case> loss_cases();
std::vector<Case> optimizer_cases();
std::vector<Case> metric_cases();
std::vector<Case> plugin_op_cases();

// The plugin under test, opened once in this process and initialised with a host that lends threads.
struct Opened {
  const clq_plugin_entry* entry = nullptr;
  const clq_backend_api* backend = nullptr;  // each NULL where the plugin has none
  const clq_data_source_api* source = nullptr;
  const clq_data_sink_api* sink = nullptr;
};
const Opened& open_plugin(const std::string& file);

}  // namespace clq::conformance
