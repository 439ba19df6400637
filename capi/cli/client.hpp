// capi/cli/client.hpp -- calanque.h for this program: handles that close, statuses that throw, text as strings.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <stdexcept>
#include <string>
#include <utility>

#include <nlohmann/json.hpp>

#include <calanque/calanque.h>

namespace clq::cli {

using Json = nlohmann::ordered_json;

enum ExitCode {
  kDone = 0,
  kOther = 1,
  kUsage = 2,
  kInput = 3,
  kDevice = 4,
  kInternal = 5,
  kWrite = 6,
  kDiverged = 7,
  kStopped = 75,
  kInterrupted = 130
};

// What ends the program: one line behind "clq: ", and the exit code.
class Failure : public std::runtime_error {
 public:
  Failure(int exit_code, const std::string& text) : std::runtime_error(text), exit_code_(exit_code) {}
  int exit_code() const { return exit_code_; }

 private:
  int exit_code_;
};

// What the call was about; E_IO and E_NOT_FOUND mean different exit codes there.
struct About {
  bool command_line = false;  // the run file, the plugins
  bool input = false;         // the data
  std::string output = "";    // where it writes; words that begin with this path are about writing
};

clq_status check(int64_t status, const About& about = {});  // returns a status >= 0
[[noreturn]] void fail_with(clq_status status, const std::string& words, const About& about);
std::string library_error();
std::string cell(const Json& value);  // as a table shows it: "-" for null, numbers with six digits

template <class Call>
std::string text_of(Call&& call, const About& about = {}) {
  std::string text;
  for (int64_t needed = 1; needed > static_cast<int64_t>(text.size());) {
    text.resize(static_cast<size_t>(needed));
    needed = call(text.data(), needed);
    check(needed < 0 ? needed : 0, about);
    if (needed == 0) return "";
    if (needed <= static_cast<int64_t>(text.size())) text.resize(static_cast<size_t>(needed));
  }
  text.pop_back();  // the NUL
  return text;
}

template <void (*Close)(clq_handle)>
class Handle {
 public:
  Handle() = default;
  Handle(Handle&& other) noexcept : value_(std::exchange(other.value_, 0)) {}
  Handle& operator=(Handle&& other) noexcept { return std::swap(value_, other.value_), *this; }
  ~Handle() { Close(value_); }
  clq_handle get() const { return value_; }
  clq_handle* out() { return &value_; }

 private:
  clq_handle value_ = 0;
};
using ConfigHandle = Handle<clq_config_close>;
using SourceHandle = Handle<clq_source_close>;
using ModelHandle = Handle<clq_model_close>;
using ResultHandle = Handle<clq_result_close>;
using TrainerHandle = Handle<clq_trainer_close>;

}  // namespace clq::cli
