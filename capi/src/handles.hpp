// capi/src/handles.hpp -- 64-bit handles, kind 8 | generation 24 | slot 32: checked at each use, never an address.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <vector>

#include <calanque/calanque.h>

namespace clq::capi {

enum class Kind : uint8_t { config = 1, source, model, batch, result, trainer };

class ConfigBox;
class SourceBox;
class ModelBox;
class BatchBox;
class ResultBox;
class TrainerBox;
template <class T>
constexpr Kind kKind = Kind{};
template <>
inline constexpr Kind kKind<ConfigBox> = Kind::config;
template <>
inline constexpr Kind kKind<SourceBox> = Kind::source;
template <>
inline constexpr Kind kKind<ModelBox> = Kind::model;
template <>
inline constexpr Kind kKind<BatchBox> = Kind::batch;
template <>
inline constexpr Kind kKind<ResultBox> = Kind::result;
template <>
inline constexpr Kind kKind<TrainerBox> = Kind::trainer;

// A generation is never used again for its slot: after 2^24 - 1 of them the slot retires. [any-thread]
class HandleTable {
 public:
  explicit HandleTable(uint32_t first_slot = 0) : first_slot_(first_slot) {}
  clq_handle add(Kind kind, std::shared_ptr<void> object);
  std::shared_ptr<void> get(Kind kind, clq_handle handle) const;  // throws for a stale, foreign or wrong one
  std::shared_ptr<void> take(Kind kind, clq_handle handle);       // nullptr for anything that is not open
  uint32_t end_slot() const { return end_slot_.load(); }  // no lock: it may be held by a thread that a fork left behind

 private:
  struct Slot {
    std::shared_ptr<void> object;
    uint32_t generation = 1;
    Kind kind{};
  };
  const Slot* find(Kind kind, clq_handle handle) const;
  const uint32_t first_slot_;  // slots below it belong to the process before a fork
  std::atomic<uint32_t> end_slot_{first_slot_};
  mutable std::mutex mutex_;
  std::vector<Slot> slots_;
  std::vector<uint32_t> free_;
};

// The process's table, leaked: handles may be used by other static destructors. A forked child gets an empty one.
HandleTable& handles();

template <class T>
clq_handle add_handle(std::shared_ptr<T> object) {
  return handles().add(kKind<T>, std::move(object));
}

template <class T>
std::shared_ptr<T> get_handle(clq_handle handle) {
  return std::static_pointer_cast<T>(handles().get(kKind<T>, handle));
}

template <class T>
std::shared_ptr<T> take_handle(clq_handle handle) {
  return std::static_pointer_cast<T>(handles().take(kKind<T>, handle));
}

}  // namespace clq::capi
