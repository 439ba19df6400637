// core/src/train/evaluator.hpp -- the metrics of a model in training over a set of rows.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <chrono>
#include <memory>
#include <optional>

#include "data/feeder.hpp"
#include "train/metric_sums.hpp"
#include "train/slot_memory.hpp"

namespace clq {

class Evaluator {  // [trainer's thread]
 public:
  // Everything given must outlive it; workspace is shared with the training programs on the same stream.
  Evaluator(Device& device, Stream& stream, StateStore& states, CompiledProgram& program, const BatchLayout& layout,
            const RowSet& rows, int64_t depth, void* workspace, int64_t views = 1);
  ~Evaluator();
  // Begins, or goes on, for so long: {"loss": ..., "<metric>": ...} of the states as they are, rows in ascending order,
  // or nothing yet. Until then the states stay as they are, and what is given stays the same.
  std::optional<Json> run(const DataSource& source, const Transforms& transforms, const Feeder::Options& options,
                          std::chrono::milliseconds most);
  bool is_running() const { return pass_ != nullptr; }
  void cancel() noexcept;  // the readers are told and not waited for; it does not go on
  // The program once, on zeros; the bytes of this that it brought into the process.
  int64_t warm_up();
  int64_t bytes() const;  // with what the metrics keep of each row

 private:
  struct Pass;
  Json finish();
  Stream& stream_;
  StateStore& states_;
  CompiledProgram& program_;
  const BatchLayout& layout_;
  const RowSet& rows_;
  int64_t views_;  // of each row
  SlotMemory memory_;
  Runner runner_;
  size_t weight_;               // the layout's tensor
  std::unique_ptr<Pass> pass_;  // last: its readers write into the memory
};

}  // namespace clq
