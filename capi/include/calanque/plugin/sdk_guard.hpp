// calanque/plugin/sdk_guard.hpp -- a plugin's host, its errors, and the one place that turns them into status codes.
// SPDX-License-Identifier: BSD-3-Clause
#ifndef CLQ_PLUGIN_SDK_GUARD_HPP
#define CLQ_PLUGIN_SDK_GUARD_HPP

#include <cstddef>
#include <new>
#include <stdexcept>
#include <string>
#include <utility>

#include <calanque/plugin/entry.h>

namespace clq::sdk {

// The plugin's host, set by init and cleared by deinit.
// Hidden, or else the loader makes one of all plugins that have it.
[[gnu::visibility("hidden")]] inline const clq_host* host = nullptr;

class Error : public std::runtime_error {
 public:
  Error(clq_status status, const std::string& text) : std::runtime_error(text), status_(status) {}
  clq_status status() const noexcept { return status_; }

 private:
  clq_status status_;
};

// An error that the host reported: its words are this thread's error text already and stay.
class HostError : public Error {
 public:
  explicit HostError(clq_status status) : Error(status, "the host reported an error") {}
};

[[noreturn]] inline void fail(clq_status status, const std::string& text) { throw Error(status, text); }

inline clq_status report(clq_status status, const char* text) noexcept {
  if (host != nullptr && host->set_error != nullptr) host->set_error(host, text);
  return status;
}

// The only place of a plugin where C++ errors become status codes. `body` returns clq_status.
template <class Body>
clq_status guard(Body&& body) noexcept {
  try {
    return body();
  } catch (const HostError& e) {
    return e.status();
  } catch (const Error& e) {
    return report(e.status(), e.what());
  } catch (const std::bad_alloc&) {
    return report(CLQ_E_NOMEM, "out of memory");
  } catch (const std::exception& e) {
    return report(CLQ_E_INTERNAL, e.what());
  } catch (...) {
    return report(CLQ_E_INTERNAL, "unknown C++ exception");
  }
}

// What init does first: a plugin has one host at a time.
inline clq_status take_host(const clq_host* given) noexcept {
  if (host == nullptr || host == given) return host = given, CLQ_OK;
  given->set_error(given, "already in use by another host");
  return CLQ_E_UNSUPPORTED;
}

// The whole of an init that has something to look for: `body`, which returns clq_status, has the host. Where it fails the
// plugin has no host again, and another init may follow.
template <class Body>
clq_status init(const clq_host* given, Body&& body) noexcept {
  if (const clq_status taken = take_host(given); taken != CLQ_OK) return taken;
  const clq_status status = guard(std::forward<Body>(body));
  if (status < 0) host = nullptr;
  return status;
}

// Checks an out struct's struct_size against an older edition's size (CLQ_SIZE_UPTO) before it is written.
inline void require_size(uint32_t struct_size, size_t least, const char* what) {
  if (struct_size < least) fail(CLQ_E_ABI, std::string(what) + ": struct_size is too small");
}

}  // namespace clq::sdk

#endif
