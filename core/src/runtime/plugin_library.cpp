// core/src/runtime/plugin_library.cpp -- the only file in the project that includes Boost.DLL.
// SPDX-License-Identifier: BSD-3-Clause
#include "runtime/plugin_library.hpp"

#include <algorithm>
#include <mutex>
#include <new>

#define BOOST_DLL_USE_STD_FS
#include <boost/dll/library_info.hpp>
#include <boost/dll/shared_library.hpp>

#include <calanque/core/error.hpp>

namespace clq {
namespace dll = boost::dll;
namespace {

constexpr uintmax_t kLeastBytes = 64;  // an ELF header

// Deliberately leaked: a mapped plugin stays mapped (its threads, TLS and atexit hooks may
// outlive us), so nothing is ever unloaded behind a running thread or a static destructor.
std::vector<dll::shared_library>& libraries() {
  static auto& all = *new std::vector<dll::shared_library>;
  return all;
}

// The linker's own words, without the wrapping that Boost puts around them.
std::string linker_words(const std::string& text) {
  const std::string mark = "(dlerror system message: ";
  const size_t begin = text.find(mark);
  const size_t end = text.rfind("): ");
  if (begin == std::string::npos || end == std::string::npos || end < begin) return text;
  return text.substr(begin + mark.size(), end - begin - mark.size());
}

// Reads the file, runs nothing.
std::string refuse_file(const std::filesystem::path& file) {
  std::error_code failed;
  const auto status = std::filesystem::status(file, failed);
  if (status.type() == std::filesystem::file_type::not_found) return "there is no such file";
  if (!std::filesystem::exists(status)) return failed.message();
  if (std::filesystem::is_directory(status)) return "it is a folder, a plugin is a file";
  if (!std::filesystem::is_regular_file(status)) return "it is not a file";
  if (std::string why = refuse_permissions(file); !why.empty()) return why;
  if (std::filesystem::file_size(file, failed) < kLeastBytes || failed) return "it is not a shared library";
  try {
    const auto symbols = dll::library_info(file).symbols();
    const bool found = std::find(symbols.begin(), symbols.end(), CLQ_PLUGIN_SYMBOL) != symbols.end();
    return found ? "" : "it is not a Calanque plugin";
  } catch (const std::bad_alloc&) {
    throw;
  } catch (const std::ios_base::failure&) {
    return "it cannot be read as a shared library: cut short, or no permission";
  } catch (const std::exception&) {
    return "it is not a shared library";
  }
}

}  // namespace

OpenedPlugin open_plugin(const std::filesystem::path& file) {
  static std::mutex loading;  // dlopen is not thread-safe everywhere
  const std::lock_guard lock(loading);
  OpenedPlugin opened;
  try {
    opened.problem = refuse_file(file);
    if (!opened.problem.empty()) return opened;
    dll::shared_library library(file, dll::load_mode::rtld_now | dll::load_mode::rtld_local);
    const auto& entry = library.get<const clq_plugin_entry>(CLQ_PLUGIN_SYMBOL);
    libraries().push_back(std::move(library));
    opened.entry = &entry;
  } catch (const std::bad_alloc&) {
    throw;
  } catch (const std::exception& e) {
    opened.problem = linker_words(e.what());
  }
  return opened;
}

}  // namespace clq
