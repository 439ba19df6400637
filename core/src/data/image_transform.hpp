// core/src/data/image_transform.hpp -- one step of what is done to images, and the table of such steps.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/philox.hpp"
#include "data/transform_columns.hpp"

namespace clq {

struct ImageSample {     // one row of a slot; what the layout does not have is nullptr
  float *images, *mask;  // [bands, height, width]; mask: 1 good, 0 masked
  float* scalars;        // as the source gave them, before any transform
  double* target;
  float* scratch;  // [height, width], this thread's
};

class ImageTransform {
 public:
  explicit ImageTransform(const ImageShape& shape) : shape_(shape) {}
  virtual ~ImageTransform() = default;
  virtual std::string name() const = 0;
  virtual bool needs_fit() const { return false; }
  virtual void fit(const std::vector<std::vector<float>>&) {}   // pixels of training rows as they arrive here, a band
  virtual void map(int64_t, float*, int64_t) const noexcept {}  // n pixels of a band, each by itself
  virtual void apply(const ImageSample& sample) const noexcept {
    for (int64_t b = 0; b < shape_.bands; ++b) map(b, sample.images + b * shape_.pixels(), shape_.pixels());
  }
  // In training alone, with numbers of this row, epoch and step.
  virtual void vary(const ImageSample&, const PhiloxBlock&) const noexcept {}
  virtual bool varies() const { return false; }  // vary does something
  virtual Json state() const = 0;

 protected:
  ImageShape shape_;
};

// The numbers of one step: a function of the seed, the epoch, the row of the source, which view of it this is and the
// place of the step alone.
struct Draws {
  uint64_t seed = 0;
  int64_t epoch = 0, sample = 0, view = 0;
  PhiloxBlock at(size_t step) const noexcept;
};

bool is_image_transform(const Config& config, const BatchLayout& layout);
std::shared_ptr<ImageTransform> make_image_transform(const Config& config, const BatchLayout& layout);

// Each from a [[transform]] table or from its own state().
std::shared_ptr<ImageTransform> make_sky_asinh(const Config& config, const BatchLayout& layout);
std::shared_ptr<ImageTransform> make_image_asinh(const Config& config, const BatchLayout& layout);
std::shared_ptr<ImageTransform> make_image_clip(const Config& config, const BatchLayout& layout);
std::shared_ptr<ImageTransform> make_image_standardise(const Config& config, const BatchLayout& layout);
std::shared_ptr<ImageTransform> make_nan_mask(const Config& config, const BatchLayout& layout);
std::shared_ptr<ImageTransform> make_dihedral(const Config& config, const BatchLayout& layout);
std::shared_ptr<ImageTransform> make_shift(const Config& config, const BatchLayout& layout);
std::shared_ptr<ImageTransform> make_noise(const Config& config, const BatchLayout& layout);

}  // namespace clq
