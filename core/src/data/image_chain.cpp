// core/src/data/image_chain.cpp -- what is done to images, in order, and the range of their signal to noise.
// SPDX-License-Identifier: BSD-3-Clause
#include "data/image_chain.hpp"

#include <algorithm>
#include <cmath>

#include "data/image_field.hpp"

namespace clq {
namespace {

bool has_range(const BandRange& range) { return range.sky.sigma > 0; }

double signal_to_noise(double sum, double count, const Sky& sky) {
  return (sum - count * sky.level) / (sky.sigma * std::sqrt(count));
}

BandRange range_of(const ImageStatistics::Band& band) {
  BandRange range{sky_of(band.pixels), 0, 0};
  if (!has_range(range)) return range;
  std::vector<float> values;
  for (size_t i = 0; i < band.sums.size(); ++i)
    values.push_back(static_cast<float>(signal_to_noise(band.sums[i], static_cast<double>(band.counts[i]), range.sky)));
  std::sort(values.begin(), values.end());
  range.low = quantile(values, 0.001);
  range.high = quantile(values, 0.999);
  return range;
}

}  // namespace

ImageChain::ImageChain(const BatchLayout& layout)
    : shape_(layout.image_shape()),
      facts_(layout.images),
      policy_{layout.tensor("mask") >= 0, layout.images.bands_may_miss} {}

void ImageChain::add(const Config& spec, const BatchLayout& layout) {
  steps_.push_back(make_image_transform(spec, layout));
  const auto vectors = spec.get("vectors", std::vector<std::string>{});
  turned_.insert(turned_.end(), vectors.begin(), vectors.end());
}

void ImageChain::set_ranges(const std::vector<Config>& bands) {
  ranges_.clear();
  for (const Config& band : bands)
    ranges_.push_back({{band.require<double>("level"), band.require<double>("sigma")},
                       band.require<double>("q001"),
                       band.require<double>("q999")});
  CLQ_REQUIRE(ranges_.empty() || static_cast<int64_t>(ranges_.size()) == shape_.bands,
              "the model has ranges for {} bands, its images have {}", ranges_.size(), shape_.bands);
}

bool ImageChain::is_fitted() const {
  return std::none_of(steps_.begin(), steps_.end(), [](const auto& step) { return step->needs_fit(); });
}

bool ImageChain::varies() const {
  return std::any_of(steps_.begin(), steps_.end(), [](const auto& step) { return step->varies(); });
}

void ImageChain::fit(ImageStatistics statistics) {
  ranges_.clear();
  std::vector<std::vector<float>> pixels;
  for (ImageStatistics::Band& band : statistics.bands) {
    ranges_.push_back(range_of(band));
    pixels.push_back(std::move(band.pixels));
  }
  for (const auto& step : steps_) {
    if (step->needs_fit()) step->fit(pixels);
    for (size_t b = 0; b < pixels.size(); ++b)
      step->map(static_cast<int64_t>(b), pixels[b].data(), static_cast<int64_t>(pixels[b].size()));
  }
}

uint8_t ImageChain::bad_bits(const ImageSample& sample) const noexcept {
  return bad_pixels(sample.images, shape_, policy_);
}

std::string ImageChain::explain(const ImageSample& sample) const {
  return explain_pixels(sample.images, shape_, policy_, facts_);
}

bool ImageChain::is_outside(const ImageSample& sample) const noexcept {
  for (size_t b = 0; b < ranges_.size(); ++b) {
    if (!has_range(ranges_[b])) continue;
    const float* pixels = sample.images + static_cast<int64_t>(b) * shape_.pixels();
    double sum = 0, count = 0;
    for (int64_t i = 0; i < shape_.pixels(); ++i) {
      if (!std::isfinite(pixels[i])) continue;
      sum += static_cast<double>(pixels[i]);
      ++count;
    }
    if (count == 0) continue;
    const auto value = static_cast<float>(signal_to_noise(sum, count, ranges_[b].sky));
    if (static_cast<double>(value) < ranges_[b].low || static_cast<double>(value) > ranges_[b].high) return true;
  }
  return false;
}

bool ImageChain::apply(const ImageSample& sample, const Draws* draws) const noexcept {
  if (sample.mask != nullptr) std::fill_n(sample.mask, shape_.count(), 1.0f);
  for (size_t k = 0; k < steps_.size(); ++k) {
    steps_[k]->apply(sample);
    if (draws != nullptr) steps_[k]->vary(sample, draws->at(k));
  }
  for (int64_t i = 0; i < shape_.count(); ++i)
    if (!std::isfinite(sample.images[i])) return false;
  return true;
}

Json ImageChain::state() const {
  Json list = Json::array();
  for (const auto& step : steps_) list.push_back(step->state());
  return list;
}

Json ImageChain::ranges() const {
  Json list = Json::array();
  for (size_t b = 0; b < ranges_.size(); ++b)
    list.push_back({{"name", band_name(facts_, static_cast<int64_t>(b))},
                    {"level", ranges_[b].sky.level},
                    {"sigma", ranges_[b].sky.sigma},
                    {"q001", ranges_[b].low},
                    {"q999", ranges_[b].high}});
  return list;
}

}  // namespace clq
