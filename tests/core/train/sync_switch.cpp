// tests/core/train/sync_switch.cpp -- core/src/runtime/sync.cpp with one kind of wait left out, by CLQ_SYNC_OFF.
// SPDX-License-Identifier: BSD-3-Clause
#include <algorithm>
#include <cstdlib>
#include <string_view>

#include "runtime/device.hpp"
#include "sync_sites.hpp"

namespace clq {
namespace {

bool is_off(Sync site) {
  static const char* off = std::getenv("CLQ_SYNC_OFF");
  return off != nullptr && std::ranges::any_of(kSyncSites, [&](const SyncSite& s) {
           return s.name == std::string_view(off) && s.sync == site;
         });
}

}  // namespace

void Stream::wait(Event& event, Sync site) {
  if (is_off(site)) return;
  device_->check(device_->api().stream_wait(stream_.get(), event.c()), "stream_wait");
}

bool Event::passed(Sync site) {
  const clq_status status = device_->api().event_query(event_.get());
  device_->check(status, "event_query");
  return status == CLQ_OK || is_off(site);
}

void Event::sync(Sync site) {
  if (is_off(site)) return;
  device_->check(device_->api().event_sync(event_.get()), "event_sync");
}

}  // namespace clq
