// core/src/data/image_chain.hpp -- what is done to images, in order, and the range of their signal to noise.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "data/image_rows.hpp"
#include "data/image_statistics.hpp"
#include "data/image_transform.hpp"

namespace clq {

// S/N of a band of an image: sum of (pixel - sky level) over sigma sqrt(n), of its n good pixels before any transform.
struct BandRange {
  Sky sky;                   // of the training rows
  double low = 0, high = 0;  // 0.1 % and 99.9 % of the S/N
};

class ImageChain {
 public:
  explicit ImageChain(const BatchLayout& layout);
  void add(const Config& spec, const BatchLayout& layout);  // a [[transform]] table or its state
  void set_ranges(const std::vector<Config>& bands);        // of a bundle
  bool is_fitted() const;
  bool varies() const;  // a step does something in training alone
  void fit(ImageStatistics statistics);
  uint8_t bad_bits(const ImageSample& sample) const noexcept;  // of pixels as the source gave them
  std::string explain(const ImageSample& sample) const;        // the same in words; "": good
  bool is_outside(const ImageSample& sample) const noexcept;   // a band's S/N lies outside its range
  // draws nullptr: what belongs to training is left out. False: a pixel is no number afterwards.
  bool apply(const ImageSample& sample, const Draws* draws) const noexcept;
  Json state() const;   // of the transforms
  Json ranges() const;  // of the bands; empty before fit
  const std::vector<BandRange>& bands() const { return ranges_; }
  const std::vector<std::string>& turned() const { return turned_; }  // declared vectors of dihedral

 private:
  ImageShape shape_;
  ImageFacts facts_;
  PixelPolicy policy_;
  std::vector<std::shared_ptr<ImageTransform>> steps_;
  std::vector<BandRange> ranges_;
  std::vector<std::string> turned_;
};

}  // namespace clq
