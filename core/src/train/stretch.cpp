// core/src/train/stretch.cpp -- images of any unit and range as pictures, by a rule that can be said in one line.
// SPDX-License-Identifier: BSD-3-Clause
#include "train/stretch.hpp"

#include <algorithm>
#include <cmath>

#include <calanque/core/error.hpp>

namespace clq {
namespace {

constexpr Colour kNotFinite = {140, 0, 0};
constexpr Colour kGap = {40, 60, 100};
constexpr int64_t kGapPixels = 4, kLeastSide = 192;
constexpr double kBlack = 2.0 / 3.0, kWhiteQuantile = 0.998;

double quantile_of(std::vector<float>& values, double fraction) {
  const auto at =
      values.begin() + static_cast<std::ptrdiff_t>(std::ceil(fraction * static_cast<double>(values.size() - 1)));
  std::nth_element(values.begin(), at, values.end());
  return static_cast<double>(*at);
}

uint8_t level(double part) { return static_cast<uint8_t>(std::lround(255 * std::clamp(part, 0.0, 1.0))); }

int64_t zoom_of(const ImageView& image) {
  return std::max<int64_t>(
      1, (kLeastSide + std::max(image.height, image.width) - 1) / std::max(image.height, image.width));
}

// colour_of(pixel), each pixel a square of `zoom`.
template <class ColourOf>
Picture draw(const ImageView& image, ColourOf&& colour_of) {
  const int64_t zoom = zoom_of(image);
  Picture picture(image.width * zoom, image.height * zoom);
  for (int64_t y = 0; y < picture.height(); ++y)
    for (int64_t x = 0; x < picture.width(); ++x)
      picture.at(x, y) = colour_of((image.height - 1 - y / zoom) * image.width + x / zoom);
  return picture;
}

}  // namespace

std::span<const float> ImageView::band(int64_t b) const {
  const auto size = static_cast<size_t>(height * width);
  return pixels.subspan(static_cast<size_t>(b) * size, size);
}

double Stretch::grey(double value) const noexcept {
  const auto bent = [this](double v) { return std::asinh((v - middle) / scale); };
  const double low = bent(black), high = bent(white);
  return finite > 0 && high > low ? std::clamp((bent(value) - low) / (high - low), 0.0, 1.0) : 0.0;
}

std::string Stretch::text() const {
  if (finite == 0) return "no finite pixel";
  return fmt::format("asinh((x - {:.6g}) / {:.6g}), black {:.6g}, white {:.6g}", middle, scale, black, white);
}

Stretch choose_stretch(std::span<const float> pixels) {
  std::vector<float> values;
  std::copy_if(pixels.begin(), pixels.end(), std::back_inserter(values), [](float x) { return std::isfinite(x); });
  Stretch stretch;
  stretch.finite = static_cast<int64_t>(values.size());
  if (values.empty()) return stretch;
  stretch.middle = quantile_of(values, 0.5);
  stretch.white = quantile_of(values, kWhiteQuantile);
  const double highest = static_cast<double>(*std::max_element(values.begin(), values.end()));
  for (float& value : values) value = std::abs(value - static_cast<float>(stretch.middle));
  const double scatter = 1.4826 * quantile_of(values, 0.5);
  if (!(stretch.white > stretch.middle)) stretch.white = highest;  // a small source on a flat sky
  const double span = stretch.white - stretch.middle;
  stretch.scale = scatter > 0 ? 3 * scatter : span > 0 ? span / 10 : 1.0;
  stretch.black = stretch.middle - kBlack * stretch.scale;
  return stretch;
}

int64_t bands_width(const ImageView& image) {
  return (image.width * zoom_of(image) + kGapPixels) * image.bands - kGapPixels;
}

int64_t bands_height(const ImageView& image) { return image.height * zoom_of(image); }

Picture bands_picture(const ImageView& image, std::span<const Stretch> stretches) {
  CLQ_REQUIRE(image.bands >= 1 && stretches.size() == static_cast<size_t>(image.bands), "{} bands, {} stretches",
              image.bands, stretches.size());
  const int64_t step = image.width * zoom_of(image) + kGapPixels;
  Picture all(bands_width(image), bands_height(image), kGap);
  for (int64_t b = 0; b < image.bands; ++b) {
    const std::span<const float> pixels = image.band(b);
    const Stretch& stretch = stretches[static_cast<size_t>(b)];
    all.paste(draw(image,
                   [&](int64_t pixel) -> Colour {
                     const float value = pixels[static_cast<size_t>(pixel)];
                     if (!std::isfinite(value)) return kNotFinite;
                     const uint8_t grey = level(stretch.grey(static_cast<double>(value)));
                     return {grey, grey, grey};
                   }),
              b * step, 0);
  }
  return all;
}

std::array<int64_t, 3> colour_bands(int64_t bands) {
  if (bands <= 4) return {bands - 1, bands / 2, 0};
  return {bands - 2, bands / 2, 1};
}

Picture colour_picture(const ImageView& image, std::span<const Stretch> stretches,
                       const std::array<int64_t, 3>& bands) {
  double white = 0;
  for (const int64_t b : bands) {
    const Stretch& stretch = stretches[static_cast<size_t>(b)];
    white = std::max(white, (stretch.white - stretch.middle) / stretch.scale);
  }
  const double top = std::asinh(std::max(white, 1.0));
  return draw(image, [&](int64_t pixel) -> Colour {
    std::array<double, 3> light{};
    double mean = 0;
    for (size_t c = 0; c < 3; ++c) {
      const Stretch& stretch = stretches[static_cast<size_t>(bands[c])];
      const float value = image.band(bands[c])[static_cast<size_t>(pixel)];
      if (!std::isfinite(value)) return kNotFinite;
      light[c] = std::max((static_cast<double>(value) - stretch.black) / stretch.scale, 0.0);
      mean += light[c] / 3;
    }
    const double share = mean > 0 ? std::asinh(mean) / (mean * top) : 0.0;
    const double brightest = *std::max_element(light.begin(), light.end()) * share;
    const double dim = brightest > 1 ? share / brightest : share;  // a saturated pixel keeps its hue
    return {level(light[0] * dim), level(light[1] * dim), level(light[2] * dim)};
  });
}

}  // namespace clq
