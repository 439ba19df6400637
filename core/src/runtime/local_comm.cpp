// core/src/runtime/local_comm.cpp -- all meet twice a bucket: when it is started, and when it is added up.
// SPDX-License-Identifier: BSD-3-Clause
#include "runtime/local_comm.hpp"

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstring>
#include <vector>

#include <calanque/core/error.hpp>

namespace clq {
namespace {

constexpr uint32_t kMostReplicas = 256;
constexpr int64_t kBlock = 512;  // elements added up at a time: a replica's room of n of them stays in the caches
constexpr int64_t kSlice = 16;   // elements: slices begin on cache lines

// Where all meet; the last one opens it for the round. The lowest bit of `rounds` says that somebody has left.
struct Meeting {
  alignas(64) std::atomic<uint32_t> arrived{0};
  alignas(64) std::atomic<uint32_t> rounds{0};
  static constexpr uint32_t kRound = 2, kLeft = 1;

  void arrive(uint32_t n) noexcept {
    if (arrived.fetch_add(1, std::memory_order_acq_rel) + 1 < n) return;
    arrived.store(0, std::memory_order_relaxed);
    rounds.fetch_add(kRound, std::memory_order_release);
    rounds.notify_all();
  }
  // True once the round that follows `round` has opened, whoever left later; false where it never will.
  bool wait(uint32_t round) const noexcept {
    for (;;) {
      const uint32_t now = rounds.load(std::memory_order_acquire);
      if ((now & ~kLeft) != round) return true;
      if ((now & kLeft) != 0) return false;
      rounds.wait(now, std::memory_order_acquire);
    }
  }
  void leave() noexcept {
    rounds.fetch_or(kLeft, std::memory_order_release);
    rounds.notify_all();
  }
};

struct Operand {  // of one rank; `round`: how often it has finished, in steps of Meeting::kRound
  void* data = nullptr;
  int64_t count = 0;
  int32_t dtype = 0;
  uint32_t round = 0;
  bool begun = false;
};

struct Bucket {
  explicit Bucket(uint32_t n) : operands(n) {}
  Meeting started, summed;
  std::vector<Operand> operands;  // by rank
};

struct Member {
  struct Group* group;
  clq_comm comm;
  std::vector<double> room;  // n blocks
};

struct Group {
  uint32_t n;
  std::atomic<bool> broken{false};
  std::atomic<uint32_t> adding{0};  // replicas that touch the others' memory at the moment
  std::vector<std::unique_ptr<Bucket>> buckets;
  std::vector<Member> members;

  // False: somebody has left, and nobody touches anything any more.
  bool begin_adding() noexcept {
    adding.fetch_add(1, std::memory_order_seq_cst);
    if (!broken.load(std::memory_order_seq_cst)) return true;
    end_adding();
    return false;
  }
  void end_adding() noexcept {
    if (adding.fetch_sub(1, std::memory_order_seq_cst) == 1) adding.notify_all();
  }
  // After it the caller's memory is its own again.
  clq_status lost() noexcept {
    for (uint32_t n = adding.load(std::memory_order_seq_cst); n != 0; n = adding.load(std::memory_order_seq_cst))
      adding.wait(n, std::memory_order_seq_cst);
    return CLQ_E_PEER;
  }
};

template <class T>
void add_slice(const std::vector<Operand>& operands, int64_t first, int64_t end, T* room) noexcept {
  const auto n = static_cast<int64_t>(operands.size());
  for (int64_t at = first; at < end; at += kBlock) {
    const int64_t count = std::min(kBlock, end - at);
    const size_t bytes = static_cast<size_t>(count) * sizeof(T);
    for (int64_t r = 0; r < n; ++r)
      std::memcpy(room + r * kBlock, static_cast<const T*>(operands[static_cast<size_t>(r)].data) + at, bytes);
    for (int64_t step = 1; step < n; step *= 2)
      for (int64_t r = 0; r + step < n; r += 2 * step) {
        T* sum = room + r * kBlock;
        const T* other = room + (r + step) * kBlock;
        for (int64_t i = 0; i < count; ++i) sum[i] += other[i];
      }
    for (const Operand& operand : operands) std::memcpy(static_cast<T*>(operand.data) + at, room, bytes);
  }
}

// Rank `rank`'s part of `count` elements.
int64_t slice_begin(int64_t count, uint32_t rank, uint32_t n) noexcept {
  return std::min(count, (count * rank / n + kSlice - 1) / kSlice * kSlice);
}

clq_status CLQ_CALL start(const clq_comm* comm, uint32_t bucket, void* data, int64_t count, int32_t dtype,
                          uint32_t op) noexcept {
  Group& group = *static_cast<Member*>(comm->ctx)->group;
  if (bucket >= group.buckets.size() || count < 0 || (dtype != CLQ_F32 && dtype != CLQ_F64)) return CLQ_E_INVALID;
  if (op != CLQ_REDUCE_SUM) return CLQ_E_UNSUPPORTED;
  if (group.broken.load(std::memory_order_seq_cst)) return group.lost();
  Bucket& b = *group.buckets[bucket];
  Operand& mine = b.operands[comm->rank];
  if (mine.begun) return CLQ_E_INVALID;
  mine = {data, count, dtype, mine.round, true};
  b.started.arrive(group.n);
  return CLQ_OK;
}

clq_status CLQ_CALL finish(const clq_comm* comm, uint32_t bucket) noexcept {
  Member& member = *static_cast<Member*>(comm->ctx);
  Group& group = *member.group;
  if (bucket >= group.buckets.size()) return CLQ_E_INVALID;
  Bucket& b = *group.buckets[bucket];
  Operand& mine = b.operands[comm->rank];
  if (!mine.begun) return CLQ_E_INVALID;
  if (!b.started.wait(mine.round) || !group.begin_adding()) return group.lost();
  const bool alike = std::all_of(b.operands.begin(), b.operands.end(), [&](const Operand& other) {
    return other.count == mine.count && other.dtype == mine.dtype;
  });
  if (alike) {
    const int64_t first = slice_begin(mine.count, comm->rank, group.n);
    const int64_t end = slice_begin(mine.count, comm->rank + 1, group.n);
    if (mine.dtype == CLQ_F32)
      add_slice(b.operands, first, end, reinterpret_cast<float*>(member.room.data()));
    else
      add_slice(b.operands, first, end, member.room.data());
  }
  group.end_adding();
  b.summed.arrive(group.n);
  if (!b.summed.wait(mine.round)) return group.lost();
  mine.round += Meeting::kRound;
  mine.begun = false;
  return alike ? CLQ_OK : CLQ_E_INVALID;
}

}  // namespace

struct LocalComm::State : Group {};

LocalComm::LocalComm(uint32_t n_replicas, uint32_t n_buckets) : state_(std::make_unique<State>()) {
  CLQ_REQUIRE(n_replicas >= 1 && n_replicas <= kMostReplicas, "replicas must be 1..{}, got {}", kMostReplicas,
              n_replicas);
  state_->n = n_replicas;
  for (uint32_t b = 0; b < n_buckets; ++b) state_->buckets.push_back(std::make_unique<Bucket>(n_replicas));
  state_->members.resize(n_replicas);
  for (uint32_t rank = 0; rank < n_replicas; ++rank) {
    Member& member = state_->members[rank];
    member.group = state_.get();
    member.comm = {sizeof(clq_comm), rank, n_replicas, 0, &member, start, finish};
    member.room.resize(static_cast<size_t>(kBlock) * n_replicas);
  }
}

LocalComm::~LocalComm() = default;

const clq_comm* LocalComm::of(uint32_t rank) const { return &state_->members.at(rank).comm; }

void LocalComm::leave() noexcept {
  state_->broken.store(true, std::memory_order_seq_cst);
  for (const auto& bucket : state_->buckets) {
    bucket->started.leave();
    bucket->summed.leave();
  }
  state_->lost();
}

}  // namespace clq
