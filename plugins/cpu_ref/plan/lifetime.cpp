// plugins/cpu_ref/plan/lifetime.cpp -- which slots may share memory: a plan of the arena by first and last use.
// SPDX-License-Identifier: BSD-3-Clause
#include "plan/plan.hpp"

namespace clq::ref {
namespace {

struct Life {
  int64_t first = -1, last = -1;  // steps: written first, read or written last
  int64_t last_read = -1;
};

std::vector<Life> lives_of(const Plan& plan) {
  std::vector<Life> lives(plan.places.size());
  for (size_t k = 0; k < plan.steps.size(); ++k) {
    const int64_t step = static_cast<int64_t>(k);
    for (const uint32_t s : plan.steps[k].src)
      if (s != CLQ_NONE) lives[s].last = lives[s].last_read = step;
    for (const uint32_t s : plan.steps[k].dst) {
      if (s == CLQ_NONE) continue;
      if (lives[s].first < 0) lives[s].first = step;
      lives[s].last = step;
    }
  }
  return lives;
}

// True when the step's kernel may write its first result over `slot`, however often it reads it.
bool may_overwrite(const Step& step, uint32_t slot) {
  for (size_t i = 0; i < step.src.size(); ++i)
    if (step.src[i] == slot && (i >= 32 || ((step.kernel->traits().in_place >> i) & 1) == 0)) return false;
  return true;
}

// A new state may be computed in the state's own storage when it is wanted in any case, the old one is not read
// later, and no run can end between here and its end.
void place_in_states(Plan& plan, const std::vector<Assignment>& assignments, const std::vector<Life>& lives) {
  int64_t last_failure = -1;
  for (size_t k = 0; k < plan.steps.size(); ++k)
    if (plan.steps[k].kernel->traits().can_fail) last_failure = static_cast<int64_t>(k);
  for (const Assignment& a : assignments) {
    if (a.when != CLQ_NONE || plan.places[a.after].home != Home::none) continue;
    const int64_t k = lives[a.after].first, read = lives[a.before].last_read;
    if (k <= last_failure || read > k) continue;
    const Step& step = plan.steps[static_cast<size_t>(k)];
    if (read == k && (step.dst[0] != a.after || !may_overwrite(step, a.before))) continue;
    plan.places[a.after] = {Home::state, a.state};
  }
}

class Arena {
 public:
  // Bytes that nothing else uses from now to step `last`.
  int64_t take(int64_t bytes, int64_t last) {
    bytes = round_up(bytes);
    int64_t at = 0;
    auto gap = blocks_.begin();  // sorted by place
    for (; gap != blocks_.end() && gap->at - at < bytes; ++gap) at = gap->at + gap->bytes;
    blocks_.insert(gap, {at, bytes, last});
    size_ = std::max(size_, at + bytes);
    return at;
  }
  void release_before(int64_t step) {
    std::erase_if(blocks_, [step](const Block& b) { return b.last < step; });
  }
  // The block at `at` lives on until `last`.
  void extend(int64_t at, int64_t last) {
    for (Block& b : blocks_)
      if (b.at == at) b.last = last;
  }
  int64_t size() const { return size_; }

 private:
  struct Block {
    int64_t at, bytes, last;
  };
  std::vector<Block> blocks_;
  int64_t size_ = 0;
};

// The slot whose block the step's first result can take over, because it dies here; CLQ_NONE: there is none.
uint32_t heir_of(const Plan& plan, const Step& step, int64_t k, const std::vector<Life>& lives) {
  const uint32_t dst = step.dst[0];
  for (size_t i = 0; i < step.src.size() && i < 32; ++i) {
    const uint32_t s = step.src[i];
    if (s == CLQ_NONE || ((step.kernel->traits().in_place >> i) & 1) == 0) continue;
    const bool dies = plan.places[s].home == Home::arena && lives[s].last == k;
    if (dies && round_up(plan.bytes[s]) == round_up(plan.bytes[dst]) && may_overwrite(step, s)) return s;
  }
  return CLQ_NONE;
}

void place_results(Plan& plan, Step& step, int64_t k, const std::vector<Life>& lives, Arena& arena) {
  for (size_t i = 0; i < step.dst.size(); ++i) {
    const uint32_t s = step.dst[i];
    if (s == CLQ_NONE || plan.places[s].home != Home::none) continue;
    const uint32_t heir = i == 0 ? heir_of(plan, step, k, lives) : CLQ_NONE;
    if (heir != CLQ_NONE) {
      plan.places[s] = plan.places[heir];
      arena.extend(plan.places[s].at, lives[s].last);
    } else {
      plan.places[s] = {Home::arena, arena.take(plan.bytes[s], lives[s].last)};
    }
  }
}

}  // namespace

void place_slots(Plan& plan, const std::vector<Assignment>& assignments) {
  const std::vector<Life> lives = lives_of(plan);
  place_in_states(plan, assignments, lives);
  Arena arena;
  for (size_t k = 0; k < plan.steps.size(); ++k) {
    const int64_t now = static_cast<int64_t>(k);
    Step& step = plan.steps[k];
    arena.release_before(now);
    place_results(plan, step, now, lives, arena);
    const int64_t scratch = step.kernel->traits().workspace_bytes;
    if (scratch > 0) step.workspace_at = arena.take(scratch, now);
  }
  plan.arena_bytes = arena.size();
}

}  // namespace clq::ref
