// tests/core/train/sync_sites.hpp -- where the core waits for a device, and where leaving that out must show.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "runtime/device.hpp"

namespace clq {

struct SyncSite {
  Sync sync;
  const char* name;
  const char* device;  // lazy_ref:0 copies batches into memory of its own, lazy_ref:1 reads them where they are
  bool closes;         // it waits where a trainer is closed in the middle of an epoch
};
inline constexpr SyncSite kSyncSites[] = {
    {Sync::input_copied, "input_copied", "lazy_ref:0", false},
    {Sync::slot_reused, "slot_reused", "lazy_ref:0", false},
    {Sync::slot_passed, "slot_passed", "lazy_ref:1", false},
    {Sync::slot_returned, "slot_returned", "lazy_ref:0", false},
    {Sync::slot_returned, "slot_returned", "lazy_ref:1", false},
    {Sync::lane_settled, "lane_settled", "lazy_ref:0", true},
    {Sync::lane_settled, "lane_settled", "lazy_ref:1", true},
    {Sync::results_read, "results_read", "lazy_ref:0", false},
    {Sync::results_read, "results_read", "lazy_ref:1", false},
    {Sync::states_exported, "states_exported", "lazy_ref:0", false},
    {Sync::states_imported, "states_imported", "lazy_ref:0", false},
    {Sync::scalars_read, "scalars_read", "lazy_ref:0", false},
};

}  // namespace clq
