// core/src/runtime/entry_check.cpp -- the refusals of entries and tables.
// SPDX-License-Identifier: BSD-3-Clause
#include "runtime/entry_check.hpp"

namespace clq {

bool head_is_readable(const clq_plugin_entry& entry) {
  return entry.struct_size >= CLQ_SIZE_UPTO(clq_plugin_entry, version);
}

void check_size(uint32_t size, size_t least, std::string_view what) {
  if (size == 0) fail(CLQ_E_ABI, "its {} has struct_size 0: nothing filled it in", what);
  if (size < least) fail(CLQ_E_ABI, "its {} has struct_size {}, the oldest edition has {}", what, size, least);
}

void check_entry(const clq_plugin_entry& entry) {
  check_size(entry.struct_size, CLQ_SIZE_UPTO(clq_plugin_entry, version), "entry");
  constexpr int kMajor = CLQ_ABI_MAJOR, kMinor = CLQ_ABI_MINOR;
  const bool fits = entry.abi_major == kMajor && (kMajor == 0 ? entry.abi_minor == kMinor : entry.abi_minor <= kMinor);
  if (!fits)
    fail(CLQ_E_ABI, "it needs plugin ABI {}.{}, this host speaks {}.{}", entry.abi_major, entry.abi_minor, kMajor,
         kMinor);
  check_size(entry.struct_size, CLQ_SIZE_UPTO(clq_plugin_entry, get_factory), "entry");
  if (entry.id == nullptr || *entry.id == '\0') fail(CLQ_E_ABI, "its entry has no id");
  require_slots("entry", {{"version", entry.version != nullptr},
                          {"init", entry.init != nullptr},
                          {"get_factory", entry.get_factory != nullptr}});
}

void require_slots(std::string_view what, std::initializer_list<Slot> slots) {
  for (const Slot& slot : slots)
    if (!slot.filled) fail(CLQ_E_ABI, "its {} has no {}", what, slot.name);
}

void require_known_flags(std::string_view what, uint32_t flags, uint32_t known) {
  if ((flags & ~known) != 0)
    fail(CLQ_E_UNSUPPORTED, "its {} sets flags {:#x} that this host does not know", what, flags & ~known);
}

}  // namespace clq
