// core/src/runtime/device.cpp -- opening a device and asking whether it can run a segment.
// SPDX-License-Identifier: BSD-3-Clause
#include "runtime/device.hpp"

#include <algorithm>
#include <cstring>

#include "runtime/log.hpp"

namespace clq {
namespace {

constexpr size_t kShownReasons = 8;

clq_support ask(const Device& device, const Segment& segment, uint32_t op) {
  clq_support support{};
  support.struct_size = sizeof support;
  device.check(device.api().supports(device.c(), &segment.c(), op, &support), "supports");
  return support;
}

// "trunk.dense1 (matmul/1): no f16 on this device"
std::string why_not(const clq_op& op, const clq_support& support) {
  const std::string reason(support.reason, strnlen(support.reason, sizeof support.reason));
  const std::string scope = op.scope == nullptr || *op.scope == '\0' ? "(no layer)" : op.scope;
  return fmt::format("{} ({}): {}", scope, op.name, reason.empty() ? "no reason given" : reason);
}

}  // namespace

Device::Device(const DeviceEntry& entry, const std::string& options_json, uint32_t threads)
    : entry_(entry), team_(std::make_unique<Team>(threads)) {
  clq_backend* backend = nullptr;
  check(entry_.api->open(entry_.index, options_json.c_str(), team_->c(), &backend), "open");
  backend_ = Owned<clq_backend>(backend, entry_.api->close);
}

void Device::require_support(const Segment& segment) const {
  std::string lines;
  size_t refused = 0;
  for (uint32_t i = 0; i < segment.c().n_ops; ++i) {
    const clq_support support = ask(*this, segment, i);
    if (support.score > 0 || ++refused > kShownReasons) continue;
    lines += (lines.empty() ? "" : "; ") + why_not(segment.c().ops[i], support);
  }
  if (refused == 0) return;
  if (refused > kShownReasons) lines += fmt::format("; and {} more", refused - kShownReasons);
  fail(CLQ_E_UNSUPPORTED, "{} cannot run {}", name(), lines);
}

uint32_t Device::score(const Segment& segment) const {
  uint32_t lowest = 100;
  for (uint32_t i = 0; i < segment.c().n_ops; ++i) lowest = std::min(lowest, ask(*this, segment, i).score);
  return lowest;
}

void Device::check(clq_status status, const char* what) const {
  if (status >= 0) return;
  const std::string words = take_thread_error();
  fail(status, "{}: {}", name(), words.empty() ? fmt::format("{} returned status {}", what, status) : words);
}

}  // namespace clq
