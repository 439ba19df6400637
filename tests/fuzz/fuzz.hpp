// tests/fuzz/fuzz.hpp -- what every target shares: what may never happen, and the input as a file.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>
#include <exception>
#include <string>

#include <calanque/types.h>

namespace clq::fuzz {

// Says what is wrong on standard error and aborts: whoever runs the target keeps the input.
[[noreturn]] void fault(const std::string& words);

inline void require(bool holds, const char* words) {
  if (!holds) fault(words);
}

// Of an error, as a host is told: a status that a caller can act on, and words in one line.
void require_error(clq_status status, const std::string& words);

// The status of body(): CLQ_OK where it returns, an Error's own where it throws one. Any other exception is a fault.
template <class Error, class Body>
clq_status status_of(Body&& body) {
  try {
    body();
    return CLQ_OK;
  } catch (const Error& e) {
    require_error(e.status(), e.what());
    return e.status();
  } catch (const std::exception& e) {
    fault(std::string("an exception of the wrong kind: ") + e.what());
  }
}

// The input under a path; in memory, so that nothing is left of it.
class InputFile {
 public:
  InputFile();
  ~InputFile();
  InputFile(const InputFile&) = delete;
  InputFile& operator=(const InputFile&) = delete;

  void fill(const uint8_t* data, size_t size) const;
  const std::string& path() const { return path_; }

 private:
  int fd_;
  std::string path_;
};

// A folder of this process, in memory where the system has such; removed when the process ends by itself.
const std::string& folder();

}  // namespace clq::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size);
