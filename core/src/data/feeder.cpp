// core/src/data/feeder.cpp -- reader threads that fill a bounded ring of slots, in order, for ever.
// SPDX-License-Identifier: BSD-3-Clause
#include "data/feeder.hpp"

#include <algorithm>
#include <thread>
#include <utility>

#include <calanque/core/error.hpp>

#include "base/signals_blocked.hpp"
#include "data/slot_ring.hpp"

namespace clq {
namespace {

constexpr std::chrono::hours kLong{1};

struct alignas(64) ReaderState {  // a cache line of its own
  std::unique_ptr<SlotFiller> filler;
  std::atomic<int64_t> batches{0};
};

// In a handler of what may be no memory: then that is the error.
void keep_error(Slot& slot, clq_status status, const char* words) noexcept {
  try {
    slot.status = status;
    slot.error = words;
  } catch (const std::bad_alloc&) {
    slot.status = CLQ_E_NOMEM;
    slot.error.clear();
  }
}

uint32_t reader_count(const DataSource& source, uint32_t asked) {
  const uint32_t count = std::max(asked, 1u), most = source.schema().max_readers;
  return most > 0 ? std::min(count, most) : count;
}

}  // namespace

struct Feeder::State {
  const DataSource& source;
  const BatchLayout& layout;
  const Transforms& transforms;
  const Sampler& sampler;
  Options options;
  std::vector<Slot> slots;
  SlotRing ring;
  std::vector<ReaderState> readers;
  std::atomic<int64_t> claimed{0};     // batches since first_batch
  int64_t delivered = 0, skipped = 0;  // the consumer's, like the next two
  int64_t epoch, skipped_in_epoch;
  std::optional<int64_t> first_bad;
  bool ended = false;
  std::vector<std::jthread> threads;  // last: joined before the rest goes

  State(const DataSource& s, const BatchLayout& l, const Transforms& t, const Sampler& p, size_t depth,
        const Options& o)
      : source(s),
        layout(l),
        transforms(t),
        sampler(p),
        options(o),
        slots(depth),
        ring(depth),
        readers(reader_count(s, o.readers)),
        epoch(o.first_batch / p.batches_per_epoch()),
        skipped_in_epoch(o.skipped) {}

  bool past_end(int64_t i) const { return options.end_batch >= 0 && options.first_batch + i >= options.end_batch; }
  void start();
  void run(ReaderState& reader) noexcept;
  void count_bad(const Slot& slot);
};

void Feeder::State::start() {
  SlotFiller::Options how{0, static_cast<uint32_t>(readers.size()), sampler.views(), options.bad.action, options.vary};
  for (; how.reader < readers.size(); ++how.reader)
    readers[how.reader].filler = std::make_unique<SlotFiller>(source, layout, transforms, how, &ring.stopped());
  const SignalsBlocked blocked;
  try {
    for (ReaderState& reader : readers) threads.emplace_back([this, &reader] { run(reader); });
  } catch (...) {
    ring.stop();
    throw;
  }
}

// A claimed batch is always published, with an error where it has one: nobody waits for ever.
void Feeder::State::run(ReaderState& reader) noexcept {
  for (;;) {
    const int64_t i = claimed.fetch_add(1, std::memory_order_relaxed);
    if (past_end(i) || !ring.wait_free(i)) return;
    Slot& slot = slots[ring.slot(i)];
    slot.status = CLQ_OK;
    try {
      slot.error.clear();
      slot.rows = sampler.batch(options.first_batch + i);
      reader.filler->fill(slot);
    } catch (const Error& error) {
      keep_error(slot, error.status(), error.what());
    } catch (const std::bad_alloc&) {
      slot.status = CLQ_E_NOMEM;
    } catch (const std::exception& error) {
      keep_error(slot, CLQ_E_INTERNAL, error.what());
    }
    reader.batches.fetch_add(1, std::memory_order_relaxed);
    const bool failed = slot.status != CLQ_OK;
    ring.publish(i);
    if (failed) return;
  }
}

// In the order of the batches, so that the row that is one too many does not depend on the readers. A row comes once an
// epoch.
void Feeder::State::count_bad(const Slot& slot) {
  if (std::exchange(epoch, slot.rows.epoch) != slot.rows.epoch) skipped_in_epoch = 0;
  for (size_t i = 0; i < slot.rows.samples.size(); i += static_cast<size_t>(slot.rows.views)) {
    if (slot.bad[i] == 0) continue;
    if (!first_bad) first_bad = slot.rows.samples[i];
    ++skipped;
    ++skipped_in_epoch;
    if (options.bad.stop_after >= 0 && skipped_in_epoch > options.bad.stop_after)
      fail(CLQ_E_DATA, "{}, one bad row more than the {} that data.on_bad.stop_after allows",
           why_bad(source, layout, transforms, slot.rows.samples[i]), options.bad.stop_after);
  }
}

Feeder::Feeder(const DataSource& source, const BatchLayout& layout, const Transforms& transforms,
               const Sampler& sampler, std::vector<std::vector<std::byte*>> memory, int64_t capacity, Options options) {
  CLQ_REQUIRE(!memory.empty() && capacity > 0, "a ring of {} slots of {} rows", memory.size(), capacity);
  state_ = std::make_unique<State>(source, layout, transforms, sampler, memory.size(), options);
  for (size_t k = 0; k < memory.size(); ++k) {
    CLQ_REQUIRE(memory[k].size() == layout.tensors.size(), "slot {} has {} addresses for {} tensors", k,
                memory[k].size(), layout.tensors.size());
    state_->slots[k].data = std::move(memory[k]);
    state_->slots[k].capacity = capacity;
  }
  state_->start();
}

Feeder::~Feeder() { cancel(); }

void Feeder::cancel() noexcept { state_->ring.stop(); }

bool Feeder::wait(std::chrono::milliseconds most) {
  State& state = *state_;
  return state.ended || state.past_end(state.delivered) || state.ring.wait_full(state.delivered, most);
}

Slot* Feeder::next() {
  State& state = *state_;
  if (state.ended || state.past_end(state.delivered)) return nullptr;
  while (!wait(kLong)) {
  }
  const int64_t i = state.delivered++;
  if (!state.ring.is_full(i)) return nullptr;  // it was cancelled
  Slot& slot = state.slots[state.ring.slot(i)];
  try {
    if (slot.status != CLQ_OK) throw Error(slot.status, slot.error.empty() ? "out of memory" : slot.error);
    state.count_bad(slot);
  } catch (...) {
    state.ended = true;
    state.ring.stop();
    throw;
  }
  return &slot;
}

size_t Feeder::index(const Slot& slot) const { return static_cast<size_t>(&slot - state_->slots.data()); }

void Feeder::give_back(Slot* slot) { state_->ring.release(index(*slot)); }

int64_t Feeder::rows_skipped() const { return state_->skipped; }

std::optional<int64_t> Feeder::first_bad() const { return state_->first_bad; }

std::vector<int64_t> Feeder::batches_by_reader() const {
  std::vector<int64_t> batches;
  for (const ReaderState& reader : state_->readers) batches.push_back(reader.batches.load(std::memory_order_relaxed));
  return batches;
}

}  // namespace clq
