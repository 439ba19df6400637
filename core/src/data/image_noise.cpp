// core/src/data/image_noise.cpp -- Gaussian noise on images, in training alone.
// SPDX-License-Identifier: BSD-3-Clause
#include <algorithm>
#include <cmath>

#include "data/image_field.hpp"
#include "data/image_statistics.hpp"
#include "data/image_transform.hpp"

namespace clq {
namespace {

// x + amount sigma_b n: sigma_b is the robust scatter of band b over the training rows, as pixels arrive here, n a
// normal number of its own for each pixel. A masked pixel stays 0.
class Noise final : public ImageTransform {
 public:
  Noise(const BatchLayout& layout, double amount, std::vector<double> sigma)
      : ImageTransform(layout.image_shape()), facts_(layout.images), amount_(amount), sigma_(std::move(sigma)) {
    CLQ_REQUIRE(amount_ > 0 && std::isfinite(amount_), "noise: amount must be positive, got {}", amount_);
    for (size_t b = 0; b < sigma_.size(); ++b) require_scatter(b);
  }
  std::string name() const override { return "noise"; }
  bool needs_fit() const override { return sigma_.empty(); }
  bool varies() const override { return true; }

  void fit(const std::vector<std::vector<float>>& pixels) override {
    for (size_t b = 0; b < pixels.size(); ++b) {
      sigma_.push_back(sky_of(pixels[b]).sigma);
      require_scatter(b);
    }
  }

  void vary(const ImageSample& sample, const PhiloxBlock& draws) const noexcept override {
    const uint64_t key = uint64_t{draws[1]} << 32 | draws[0];
    for (int64_t i = 0; i < shape_.count(); i += 4) {
      const auto block = static_cast<uint64_t>(i / 4);
      const auto normal =
          philox_normal(philox(key, {static_cast<uint32_t>(block), static_cast<uint32_t>(block >> 32), 0, 0}));
      for (int64_t k = i; k < std::min(i + 4, shape_.count()); ++k)
        if (sample.mask == nullptr || sample.mask[k] != 0)
          sample.images[k] += static_cast<float>(scale(k) * normal[static_cast<size_t>(k - i)]);
    }
  }

  Json state() const override {
    Json state{{"use", name()}, {"amount", amount_}};
    if (!sigma_.empty()) state["sigma"] = sigma_;
    return state;
  }

 private:
  double scale(int64_t pixel) const noexcept { return amount_ * sigma_[static_cast<size_t>(pixel / shape_.pixels())]; }

  void require_scatter(size_t b) const {
    if (!(sigma_[b] > 0 && std::isfinite(sigma_[b])))
      fail(CLQ_E_DATA, "noise: the sigma of band {} is {}, where half of the pixels are equal there is none",
           band_name(facts_, static_cast<int64_t>(b)), sigma_[b]);
  }

  ImageFacts facts_;
  double amount_;
  std::vector<double> sigma_;  // a band; empty before fit
};

}  // namespace

std::shared_ptr<ImageTransform> make_noise(const Config& config, const BatchLayout& layout) {
  const auto bands = static_cast<size_t>(layout.image_shape().bands);
  return std::make_shared<Noise>(layout, config.get("amount", 1.0), numbers_at(config, "sigma", bands));
}

}  // namespace clq
