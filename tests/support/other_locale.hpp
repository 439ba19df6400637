// tests/support/other_locale.hpp -- a locale that the machine need not have, for as long as a test wants it.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <clocale>
#include <cstdlib>
#include <filesystem>
#include <string>

namespace clq::test {

// Makes `name`, "de_DE" or the like, with localedef in a folder of its own and sets it for the whole process.
class OtherLocale {
 public:
  explicit OtherLocale(const std::string& name) {
    std::string folder = (std::filesystem::temp_directory_path() / "clq_locale_XXXXXX").string();
    if (mkdtemp(folder.data()) == nullptr) return;
    folder_ = folder;
    const std::string command = "localedef -i " + name + " -f UTF-8 " + folder_ + "/" + name + ".UTF-8 2>/dev/null";
    const int made = std::system(command.c_str());
    setenv("LOCPATH", folder_.c_str(), 1);
    set_ = made == 0 && std::setlocale(LC_ALL, (name + ".UTF-8").c_str()) != nullptr;
  }
  ~OtherLocale() {
    std::setlocale(LC_ALL, "C");
    unsetenv("LOCPATH");
    if (!folder_.empty()) std::filesystem::remove_all(folder_);
  }
  OtherLocale(const OtherLocale&) = delete;
  OtherLocale& operator=(const OtherLocale&) = delete;

  bool is_set() const { return set_; }  // false without localedef or without the Debian package `locales`

 private:
  std::string folder_;
  bool set_ = false;
};

}  // namespace clq::test
