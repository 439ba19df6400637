// core/src/data/transforms.hpp -- what readers do to a filled slot, and the statistics it needs, kept in the bundle.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "data/batch_layout.hpp"
#include "data/derived_inputs.hpp"
#include "data/row_set.hpp"
#include "data/slot.hpp"
#include "data/target_transforms.hpp"

namespace clq {

// Streamed over the training rows in a fixed order; mergeable; the same bits for any number of readers.
struct ColumnStatistics {
  int64_t count = 0;
  double mean = 0, m2 = 0, minimum = 0, maximum = 0;
  double q001 = 0, median = 0, q999 = 0;  // of at most 131072 rows drawn by the shuffle
};

class Transform {
 public:
  virtual ~Transform() = default;
  virtual std::string name() const = 0;  // "asinh_mag", "standardise"
  virtual bool needs_fit() const { return false; }
  virtual std::vector<size_t> places() const = 0;  // of the inputs that it reads or changes
  // Turns a row, as it arrives here, into what fit wants statistics of; does nothing unless they are derived ones.
  virtual void measure(float*) const noexcept {}
  virtual void fit(const std::vector<ColumnStatistics>&) {}  // of the measured scalars
  virtual void apply(float* row) const noexcept = 0;         // one row of "scalars", in place [any-thread]
  virtual Json state() const = 0;                            // everything apply needs; goes into the bundle
};

class ImageChain;    // data/image_chain.hpp
struct ImageSample;  // data/image_transform.hpp

// What is computed on the inputs: the images' transforms in order; then the derived inputs, and the transforms of
// columns in order. What moves images turns declared vectors as the source gave them.
class Transforms {
 public:
  Transforms() = default;
  // specs: the resolved [[transform]] array. Unknown names, columns or missing errors: one clear line.
  static Transforms from_config(const std::vector<Config>& specs, const BatchLayout& layout);
  static Transforms from_state(const Json& state, const BatchLayout& layout);  // a bundle's
  static bool need_mask(const std::vector<Config>& specs);                     // the batches need the tensor "mask"
  // What can be done before fit: the transforms of columns and targets that no learning one comes before; no images.
  Transforms known() const;
  bool needs_fit() const;  // a transform of columns
  void learn_targets(TargetTransforms targets) { targets_ = std::move(targets); }
  const TargetTransforms& targets() const { return targets_; }
  Json state() const;  // of the inputs, with the statistics and the 0.1-99.9 % range of each input
  // One streaming pass a transform that needs statistics, and one for the range; one for all of the images. Fails when
  // a column has no valid row. Returns what the user is to be warned of.
  std::vector<std::string> fit(const DataSource& source, const BatchLayout& layout, const RowSet& rows,
                               uint32_t readers);
  // NaN and null policy, for targets without a transformed value too; transforms, range check, weights, padding; sets
  // slot.bad and slot.ood. kBadUnreadable and kBadBand are kept where the caller set them. A tensor without an address
  // is left alone. `vary`: the seed of what is done in training alone, which no one else does.
  void apply(Slot& slot, const BatchLayout& layout, std::optional<uint64_t> vary = {}) const;
  // Why apply calls row `row` of an unapplied slot bad: "MAG_U is NaN"; "" when it does not. Cold.
  std::string explain(const Slot& slot, const BatchLayout& layout, int64_t row) const;
  const std::vector<ColumnStatistics>& inputs() const { return inputs_; }  // of the final inputs; empty before fit
  const ImageChain* images() const { return images_.get(); }               // nullptr: the layout has none

 private:
  uint8_t apply_images(Slot& slot, int64_t row, const ImageSample& sample, std::optional<uint64_t> vary) const;
  void set_range(const std::vector<ColumnStatistics>& inputs);
  DerivedInputs derived_;
  TargetTransforms targets_;
  std::vector<std::shared_ptr<Transform>> chain_;
  std::shared_ptr<ImageChain> images_;
  std::vector<std::string> names_;  // of the inputs
  std::vector<float> low_, high_;   // the training range of each input; empty: not checked
  std::vector<ColumnStatistics> inputs_;
};

}  // namespace clq
