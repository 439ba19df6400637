// tests/validate/own_code.cpp -- the texts that are mapped, and walking up a stack through them.
// SPDX-License-Identifier: BSD-3-Clause
#include "own_code.hpp"

#include <array>
#include <filesystem>
#include <stdexcept>
#include <string_view>
#include <vector>

#include <link.h>
#include <unwind.h>

namespace clq::validate {
namespace {

enum class Whose { file, runtime, other };

struct Text {
  uintptr_t begin, end;
  Whose whose;
};
std::vector<Text>& texts() {  // of the file and of the runtime
  static std::vector<Text> list;
  return list;
}

constexpr std::array<std::string_view, 10> kRuntime = {"libc.so",    "libstdc++.so",  "libgcc_s.so", "libm.so",
                                                       "ld-linux",   "libpthread.so", "libc++",      "libasan.so",
                                                       "libtsan.so", "libubsan.so"};

Whose whose_is(const std::string& loaded, const std::string& file) {
  std::error_code failed;
  if (loaded.empty()) return Whose::runtime;  // this program
  if (std::filesystem::equivalent(loaded, file, failed)) return Whose::file;
  const std::string name = std::filesystem::path(loaded).filename().string();
  for (const std::string_view stem : kRuntime)
    if (name.starts_with(stem)) return Whose::runtime;
  return Whose::other;
}

int add_texts(dl_phdr_info* info, size_t, void* file) {
  const Whose whose = whose_is(info->dlpi_name, *static_cast<const std::string*>(file));
  for (int i = 0; whose != Whose::other && i < info->dlpi_phnum; ++i) {
    const ElfW(Phdr)& part = info->dlpi_phdr[i];
    if (part.p_type == PT_LOAD && (part.p_flags & PF_X) != 0)
      texts().push_back({info->dlpi_addr + part.p_vaddr, info->dlpi_addr + part.p_vaddr + part.p_memsz, whose});
  }
  return 0;
}

Whose code_at(uintptr_t at) {
  for (const Text& text : texts())
    if (at >= text.begin && at < text.end) return text.whose;
  return Whose::other;
}

_Unwind_Reason_Code step(_Unwind_Context* frame, void* nearest) {
  const Whose whose = code_at(_Unwind_GetIP(frame));
  if (whose == Whose::runtime) return _URC_NO_REASON;
  *static_cast<Whose*>(nearest) = whose;
  return _URC_END_OF_STACK;
}

}  // namespace

void look_for_code_of(const std::string& file) {
  texts().clear();
  dl_iterate_phdr(add_texts, const_cast<std::string*>(&file));
  for (const Text& text : texts())
    if (text.whose == Whose::file) return;
  throw std::runtime_error(file + ": is not mapped, so its allocations cannot be counted");
}

bool called_by_own_code(const void* caller) {
  Whose nearest = code_at(reinterpret_cast<uintptr_t>(caller));
  if (nearest == Whose::runtime) {
    nearest = Whose::other;
    _Unwind_Backtrace(step, &nearest);
  }
  return nearest == Whose::file;
}

}  // namespace clq::validate
