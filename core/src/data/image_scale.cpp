// core/src/data/image_scale.cpp -- transforms of one pixel at a time: sky_asinh, asinh, clip, standardise.
// SPDX-License-Identifier: BSD-3-Clause
#include <algorithm>
#include <cmath>

#include "data/image_field.hpp"
#include "data/image_statistics.hpp"
#include "data/image_transform.hpp"

namespace clq {
namespace {

Json images_only() { return Json::array({"images"}); }

size_t bands_of(const BatchLayout& layout) { return static_cast<size_t>(layout.image_shape().bands); }

void require_positive(const std::vector<double>& numbers, const char* what, const ImageFacts& facts) {
  for (size_t b = 0; b < numbers.size(); ++b)
    CLQ_REQUIRE(numbers[b] > 0, "{} of band {} is {}, it must be positive", what,
                band_name(facts, static_cast<int64_t>(b)), numbers[b]);
}

// asinh(x / (3 sigma_b)) / rms: sigma_b is the robust scatter of the sky of band b, rms that of all bands afterwards;
// one scale a band for the whole set, so that a magnitude stays what it was.
class SkyAsinh final : public ImageTransform {
 public:
  SkyAsinh(const BatchLayout& layout, std::vector<double> sigma, double rms)
      : ImageTransform(layout.image_shape()), facts_(layout.images), sigma_(std::move(sigma)), rms_(rms) {
    CLQ_REQUIRE(sigma_.empty() == (rms_ == 0), "sky_asinh: sigma and rms are given together or not at all");
    require_positive(sigma_, "sky_asinh: the sigma", facts_);
    CLQ_REQUIRE(rms_ >= 0 && std::isfinite(rms_), "sky_asinh: rms is {}, it must be positive", rms_);
  }
  std::string name() const override { return "sky_asinh"; }
  bool needs_fit() const override { return sigma_.empty(); }

  void fit(const std::vector<std::vector<float>>& pixels) override {
    sigma_.clear();
    double squares = 0, count = 0;
    for (size_t b = 0; b < pixels.size(); ++b) {
      sigma_.push_back(sky_of(pixels[b]).sigma);
      if (!(sigma_[b] > 0))
        fail(CLQ_E_DATA, "sky_asinh: half of the pixels of band {} in the training rows are equal, a sky has scatter",
             band_name(facts_, static_cast<int64_t>(b)));
      for (const float x : pixels[b]) squares += std::pow(std::asinh(static_cast<double>(x) / (3 * sigma_[b])), 2);
      count += static_cast<double>(pixels[b].size());
    }
    rms_ = std::sqrt(squares / count);
  }

  void map(int64_t band, float* pixels, int64_t n) const noexcept override {
    const auto scale = static_cast<float>(1 / (3 * sigma_[static_cast<size_t>(band)]));
    const auto unit = static_cast<float>(1 / rms_);
    for (int64_t i = 0; i < n; ++i) pixels[i] = std::asinh(pixels[i] * scale) * unit;
  }

  Json state() const override {
    Json state{{"use", name()}, {"fields", images_only()}};
    if (sigma_.empty()) return state;
    state["sigma"] = sigma_;
    state["rms"] = rms_;
    return state;
  }

 private:
  ImageFacts facts_;
  std::vector<double> sigma_;  // a band; empty before fit
  double rms_;
};

class ImageAsinh final : public ImageTransform {
 public:
  ImageAsinh(const BatchLayout& layout, std::vector<double> scale)
      : ImageTransform(layout.image_shape()), scale_(std::move(scale)) {
    require_positive(scale_, "asinh: the scale", layout.images);
  }
  std::string name() const override { return "asinh"; }
  void map(int64_t band, float* pixels, int64_t n) const noexcept override {
    const auto scale = static_cast<float>(1 / scale_[static_cast<size_t>(band)]);
    for (int64_t i = 0; i < n; ++i) pixels[i] = std::asinh(pixels[i] * scale);
  }
  Json state() const override { return {{"use", name()}, {"fields", images_only()}, {"scale", scale_}}; }

 private:
  std::vector<double> scale_;  // a band
};

class ImageClip final : public ImageTransform {
 public:
  ImageClip(const BatchLayout& layout, std::vector<double> low, std::vector<double> high)
      : ImageTransform(layout.image_shape()), low_(std::move(low)), high_(std::move(high)) {
    for (size_t b = 0; b < low_.size(); ++b)
      CLQ_REQUIRE(low_[b] < high_[b], "clip: min {} is not below max {}", low_[b], high_[b]);
  }
  std::string name() const override { return "clip"; }
  void map(int64_t band, float* pixels, int64_t n) const noexcept override {
    const auto low = static_cast<float>(low_[static_cast<size_t>(band)]);
    const auto high = static_cast<float>(high_[static_cast<size_t>(band)]);
    // A pixel that is no number stays none, for nan_mask to see.
    for (int64_t i = 0; i < n; ++i) pixels[i] = pixels[i] < low ? low : pixels[i] > high ? high : pixels[i];
  }
  Json state() const override { return {{"use", name()}, {"fields", images_only()}, {"min", low_}, {"max", high_}}; }

 private:
  std::vector<double> low_, high_;  // a band
};

class ImageStandardise final : public ImageTransform {
 public:
  ImageStandardise(const BatchLayout& layout, std::vector<double> mean, std::vector<double> deviation)
      : ImageTransform(layout.image_shape()),
        facts_(layout.images),
        mean_(std::move(mean)),
        deviation_(std::move(deviation)) {
    CLQ_REQUIRE(mean_.size() == deviation_.size(), "standardise: mean and std are given together or not at all");
    require_positive(deviation_, "standardise: the std", facts_);
  }
  std::string name() const override { return "standardise"; }
  bool needs_fit() const override { return mean_.empty(); }

  void fit(const std::vector<std::vector<float>>& pixels) override {
    mean_.clear();
    deviation_.clear();
    for (size_t b = 0; b < pixels.size(); ++b) {
      ColumnStatistics band;
      for (const float x : pixels[b]) add(band, static_cast<double>(x));
      if (!(band.minimum < band.maximum))
        fail(CLQ_E_DATA, "standardise: every pixel of band {} in the training rows is {}",
             band_name(facts_, static_cast<int64_t>(b)), band.minimum);
      mean_.push_back(band.mean);
      deviation_.push_back(std::sqrt(band.m2 / static_cast<double>(band.count)));
    }
  }

  void map(int64_t band, float* pixels, int64_t n) const noexcept override {
    const auto mean = static_cast<float>(mean_[static_cast<size_t>(band)]);
    const auto scale = static_cast<float>(1 / deviation_[static_cast<size_t>(band)]);
    for (int64_t i = 0; i < n; ++i) pixels[i] = (pixels[i] - mean) * scale;
  }

  Json state() const override {
    Json state{{"use", name()}, {"fields", images_only()}};
    if (mean_.empty()) return state;
    state["mean"] = mean_;
    state["std"] = deviation_;
    return state;
  }

 private:
  ImageFacts facts_;
  std::vector<double> mean_, deviation_;  // a band; empty before fit
};

}  // namespace

std::shared_ptr<ImageTransform> make_sky_asinh(const Config& config, const BatchLayout& layout) {
  return std::make_shared<SkyAsinh>(layout, numbers_at(config, "sigma", bands_of(layout)), config.get("rms", 0.0));
}

std::shared_ptr<ImageTransform> make_image_asinh(const Config& config, const BatchLayout& layout) {
  std::vector<double> scale = numbers_at(config, "scale", bands_of(layout));
  if (scale.empty()) scale.assign(bands_of(layout), 1.0);
  return std::make_shared<ImageAsinh>(layout, std::move(scale));
}

std::shared_ptr<ImageTransform> make_image_clip(const Config& config, const BatchLayout& layout) {
  config.require<Json>("min");
  config.require<Json>("max");
  return std::make_shared<ImageClip>(layout, numbers_at(config, "min", bands_of(layout)),
                                     numbers_at(config, "max", bands_of(layout)));
}

std::shared_ptr<ImageTransform> make_image_standardise(const Config& config, const BatchLayout& layout) {
  return std::make_shared<ImageStandardise>(layout, numbers_at(config, "mean", bands_of(layout)),
                                            numbers_at(config, "std", bands_of(layout)));
}

}  // namespace clq
