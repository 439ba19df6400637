// capi/src/handles.cpp -- the table of open handles.
// SPDX-License-Identifier: BSD-3-Clause
#include "handles.hpp"

#include <atomic>

#include <unistd.h>

#include <calanque/core/error.hpp>

#include "process.hpp"

namespace clq::capi {
namespace {

constexpr uint32_t kLastGeneration = (1u << 24) - 1;

const char* name_of(Kind kind) {
  static constexpr const char* kNames[] = {"?", "config", "source", "model", "batch", "result", "trainer"};
  const auto index = static_cast<size_t>(kind);
  return index < std::size(kNames) ? kNames[index] : kNames[0];
}

Kind kind_of(clq_handle handle) { return static_cast<Kind>(static_cast<uint64_t>(handle) >> 56); }
uint32_t generation_of(clq_handle handle) {
  return static_cast<uint32_t>(static_cast<uint64_t>(handle) >> 32) & kLastGeneration;
}
uint32_t slot_of(clq_handle handle) { return static_cast<uint32_t>(handle); }

struct Owner {
  HandleTable table;
  const pid_t pid;
  explicit Owner(uint32_t first_slot) : table(first_slot), pid(::getpid()) {}
};

}  // namespace

clq_handle HandleTable::add(Kind kind, std::shared_ptr<void> object) {
  const std::lock_guard lock(mutex_);
  if (free_.empty()) {
    free_.reserve(slots_.size() + 1);  // take() must not allocate
    slots_.emplace_back();
    free_.push_back(narrow<uint32_t>(slots_.size() - 1));
    end_slot_.store(first_slot_ + narrow<uint32_t>(slots_.size()));
  }
  const uint32_t index = free_.back();
  free_.pop_back();
  Slot& slot = slots_[index];
  slot.object = std::move(object);
  slot.kind = kind;
  return static_cast<clq_handle>(static_cast<uint64_t>(kind) << 56 | static_cast<uint64_t>(slot.generation) << 32 |
                                 (first_slot_ + index));
}

const HandleTable::Slot* HandleTable::find(Kind kind, clq_handle handle) const {
  const uint32_t slot = slot_of(handle);
  if (kind_of(handle) != kind || slot < first_slot_ || slot - first_slot_ >= slots_.size()) return nullptr;
  const Slot& found = slots_[slot - first_slot_];
  return found.object && found.kind == kind && found.generation == generation_of(handle) ? &found : nullptr;
}

std::shared_ptr<void> HandleTable::get(Kind kind, clq_handle handle) const {
  const std::lock_guard lock(mutex_);
  if (const Slot* slot = find(kind, handle)) return slot->object;
  const char* name = name_of(kind);
  CLQ_REQUIRE(handle != 0, "{} handle is 0: it was never opened, or is closed", name);
  CLQ_REQUIRE(kind_of(handle) == kind, "a {} handle is wanted, got {} ({})", name, handle, name_of(kind_of(handle)));
  if (slot_of(handle) < first_slot_) fail(CLQ_E_FORKED, "{} handle {} was made before fork()", name, handle);
  fail(CLQ_E_INVALID, "{} handle {} is closed or was never open", name, handle);
}

std::shared_ptr<void> HandleTable::take(Kind kind, clq_handle handle) {
  const std::lock_guard lock(mutex_);
  if (find(kind, handle) == nullptr) return nullptr;
  const uint32_t index = slot_of(handle) - first_slot_;
  Slot& slot = slots_[index];
  if (slot.generation++ < kLastGeneration) free_.push_back(index);
  return std::exchange(slot.object, nullptr);
}

HandleTable& handles() {
  static std::atomic<Owner*> current{new Owner(0)};
  static ProcessMark mark;
  const bool same = mark.same();  // before the owner: whoever renews it has set that
  Owner* owner = current.load(std::memory_order_acquire);
  if (same || owner->pid == ::getpid()) return owner->table;
  // After a fork: the parent's objects (their threads are gone, its lock may be held) stay untouched for ever.
  auto* fresh = new Owner(owner->table.end_slot());
  if (!current.compare_exchange_strong(owner, fresh)) delete fresh;
  mark.renew();
  return current.load()->table;
}

}  // namespace clq::capi
