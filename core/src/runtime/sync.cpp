// core/src/runtime/sync.cpp -- the waits that device order rests on; alone, so that a test can replace them.
// SPDX-License-Identifier: BSD-3-Clause
#include "runtime/device.hpp"

namespace clq {

void Stream::wait(Event& event, Sync) {
  device_->check(device_->api().stream_wait(stream_.get(), event.c()), "stream_wait");
}

bool Event::passed(Sync) {
  const clq_status status = device_->api().event_query(event_.get());
  device_->check(status, "event_query");
  return status == CLQ_OK;
}

void Event::sync(Sync) { device_->check(device_->api().event_sync(event_.get()), "event_sync"); }

}  // namespace clq
