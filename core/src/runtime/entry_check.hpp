// core/src/runtime/entry_check.hpp -- whether a plugin's entry and tables can be trusted, said in one sentence if not.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <algorithm>
#include <cstring>
#include <exception>
#include <initializer_list>
#include <new>
#include <string_view>

#include <calanque/plugin/entry.h>
#include <calanque/core/error.hpp>

namespace clq {

// Throws CLQ_E_ABI with the numbers of both sides; reads nothing beyond the entry's own struct_size.
void check_entry(const clq_plugin_entry& entry);
bool head_is_readable(const clq_plugin_entry& entry);  // up to `version`: enough to name what is refused

// Throws unless size reaches `least`, the size of the oldest edition.
void check_size(uint32_t size, size_t least, std::string_view what);

struct Slot {
  const char* name;
  bool filled;
};
void require_slots(std::string_view what, std::initializer_list<Slot> slots);
void require_known_flags(std::string_view what, uint32_t flags, uint32_t known);

// No exception crosses the border; one that does ends the use of this plugin and not the host.
template <class Body>
auto call_plugin(std::string_view function, Body&& body) {
  try {
    return body();
  } catch (const std::bad_alloc&) {
    throw;
  } catch (const std::exception& e) {
    fail(CLQ_E_UNSUPPORTED, "its {} threw out of a C function: {}", function, e.what());
  } catch (...) {
    fail(CLQ_E_UNSUPPORTED, "its {} threw out of a C function", function);
  }
}

// A plugin's table as one of the newest edition: what an older plugin lacks is zero.
template <class T>
T copy_table(const T* from, size_t least, std::string_view what) {
  const uint32_t size = from->struct_size;
  check_size(size, least, what);
  T copy{};
  std::memcpy(&copy, from, std::min<size_t>(size, sizeof copy));
  return copy;
}

}  // namespace clq
