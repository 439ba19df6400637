// core/src/compile/segment.hpp -- a graph lowered to the C segment that a backend compiles.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <memory>
#include <string>
#include <vector>

#include <calanque/plugin/backend.h>
#include <calanque/core/graph.hpp>

namespace clq {

// Owns every array and string that the C segment points to. Input i of the segment is graph.inputs[i], and so on.
class Segment {
 public:
  Segment(const Graph& graph, uint32_t flags);  // CLQ_SEG_*
  Segment(Segment&&) noexcept = default;
  const clq_segment& c() const { return segment_; }
  const std::vector<std::string>& op_scopes() const { return scopes_; }

 private:
  clq_segment segment_{};
  std::vector<std::string> scopes_;
  struct Storage;
  std::shared_ptr<Storage> storage_;
};

}  // namespace clq
