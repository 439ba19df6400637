// capi/cli/python.hpp -- the Python that a command goes on in.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <string>
#include <vector>

namespace clq::cli {

// Who needs it and what it imports, in words: "report draws with Python 3, NumPy, matplotlib and astropy".
struct PythonNeeds {
  std::vector<std::string> modules;
  const char* words;
  const char* packages;  // of Debian: "python3-matplotlib and python3-astropy"
};

// CLQ_PYTHON, else the first of python3 and the system's that has the modules; absent: a Failure.
std::string find_python(const PythonNeeds& needs);
// This process goes on as that Python; arguments: what stands behind its own options.
[[noreturn]] void become_python(const std::string& python, std::vector<std::string> arguments);

}  // namespace clq::cli
