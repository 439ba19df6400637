// plugins/cpu_ref/plan/plan.hpp -- a compiled segment: kernels in order, and where every value lies.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <vector>

#include "kernels/op_view.hpp"

namespace clq::ref {

inline constexpr int64_t kAlign = 64;
inline int64_t round_up(int64_t bytes) { return (std::max<int64_t>(bytes, 1) + kAlign - 1) / kAlign * kAlign; }

enum class Home : uint8_t { none, arena, constant, scalar, input, output, state };

struct Place {
  Home home = Home::none;
  int64_t at = 0;  // arena, constant: a byte offset; otherwise an index
};

struct Step {
  std::unique_ptr<Kernel> kernel;
  std::vector<uint32_t> src, dst;  // slots, CLQ_NONE where left out
  int64_t workspace_at = 0;        // in the arena
};

inline constexpr uint64_t kPlainLayout = 1;  // row-major, as exported

struct StateInfo {
  int64_t bytes;
  uint64_t layout = kPlainLayout;
};

// A slot is a value of the segment that is no alias of another one, or a temporary of the planner.
struct Plan {
  std::vector<Step> steps;
  std::vector<Place> places;   // one a slot
  std::vector<int64_t> bytes;  // one a slot
  std::vector<std::byte> constants;
  std::vector<StateInfo> states;
  std::vector<int64_t> input_bytes, output_bytes;
  int64_t arena_bytes = 0;
  uint32_t n_scalars = 0;
};

// Throws what is wrong with the segment itself; ops are left to their kernels.
void check_segment(const clq_segment& segment);
// Throws unless `op` of the segment names existing values; for supports(), too.
void check_op(const clq_segment& segment, const clq_op& op);
// The kernel of an op; errors name op and scope. alias: dst may be src under another name.
std::unique_ptr<Kernel> make_op_kernel(const OpView& op, bool* alias);

Plan make_plan(const clq_segment& segment);

// Which state of the segment a slot's new content is for; CLQ_NONE fields as in clq_state.
struct Assignment {
  uint32_t before, after, when;  // slots
  uint32_t state;
};

// Gives every slot without a place one: in the storage of its state where nothing can notice, else in the arena, where
// slots that are never needed together share bytes.
void place_slots(Plan& plan, const std::vector<Assignment>& assignments);

}  // namespace clq::ref
