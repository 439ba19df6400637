// capi/cli/export.cpp -- clq export: a model for other toolkits, which the Python package writes.
// SPDX-License-Identifier: BSD-3-Clause
#include <cstdlib>

#include <dlfcn.h>
#include <fmt/format.h>

#include "client.hpp"
#include "commands.hpp"
#include "helper.hpp"
#include "python.hpp"

namespace clq::cli {
namespace {

const PythonNeeds kNeeds = {{"numpy"}, "export writes with Python 3 and NumPy", "python3-numpy"};

// The one that this program runs with.
std::string library_file() {
  Dl_info found{};
  if (::dladdr(reinterpret_cast<void*>(&clq_version), &found) == 0 || found.dli_fname == nullptr)
    throw Failure(kInternal, "libcalanque.so: where it lies cannot be found");
  return std::filesystem::absolute(found.dli_fname).string();
}

}  // namespace

int export_model(const ExportOptions& options) {
  if (!options.torch) throw Failure(kUsage, "export: what is to be written? There is --torch, a module for PyTorch");
  const std::string package = helper_file("share/calanque/python").string(), library = library_file();
  const std::string python = find_python(kNeeds);
  const char* others = std::getenv("PYTHONPATH");
  const std::string path = others == nullptr || *others == '\0' ? package : fmt::format("{}:{}", package, others);
  if (::setenv("PYTHONPATH", path.c_str(), 1) != 0 || ::setenv("CALANQUE_LIB", library.c_str(), 1) != 0)
    throw std::bad_alloc();
  become_python(python, {"-m", "calanque.export", options.model, "-o", options.output, "--called", "clq"});
}

}  // namespace clq::cli
