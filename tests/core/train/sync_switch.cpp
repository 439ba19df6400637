// tests/core/train/sync_switch.cpp -- core/src/runtime/sync.cpp with one kind of wait left out, by CLQ_SYNC_OFF.
// SPDX-License-Identifier: BSD-3-Clause
#include <cstdlib>

#include "runtime/device.hpp"

namespace clq {
namespace {

bool is_off(Sync site) {
  static const char* off = std::getenv("CLQ_SYNC_OFF");
  return off != nullptr && std::atoi(off) == static_cast<int>(site);
}

}  // namespace

void Stream::wait(Event& event, Sync site) {
  if (is_off(site)) return;
  device_->check(device_->api().stream_wait(stream_.get(), event.c()), "stream_wait");
}

void Event::sync(Sync site) {
  if (is_off(site)) return;
  device_->check(device_->api().event_sync(event_.get()), "event_sync");
}

}  // namespace clq
