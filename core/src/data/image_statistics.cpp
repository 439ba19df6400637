// core/src/data/image_statistics.cpp -- pixels and sums of training images from one streamed pass.
// SPDX-License-Identifier: BSD-3-Clause
#include "data/image_statistics.hpp"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <limits>

#include "data/image_field.hpp"
#include "data/row_blocks.hpp"
#include "data/sampler.hpp"

namespace clq {
namespace {

constexpr double kMadToSigma = 1.4826;  // of a normal distribution
constexpr int64_t kStatisticsBytes = 1 << 20;
constexpr float kNone = std::numeric_limits<float>::quiet_NaN();

// The first rows of epoch 0 of the shuffle with seed 0, ascending, so that files are read forwards.
std::vector<int64_t> drawn_rows(const RowSet& rows) {
  const int64_t n = rows.size(), count = std::min(n, kImageRows);
  std::vector<int64_t> drawn;
  for (int64_t p = 0; p < count; ++p) drawn.push_back(order_at(0, 0, n, p));
  std::sort(drawn.begin(), drawn.end());
  for (int64_t& row : drawn) row = rows.select(row);
  return drawn;
}

double middle(std::vector<float>& values) {
  const size_t half = values.size() / 2;
  std::nth_element(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(half), values.end());
  const double above = static_cast<double>(values[half]);
  if (values.size() % 2 == 1) return above;
  const float below = *std::max_element(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(half));
  return (above + static_cast<double>(below)) / 2;
}

// What the rows of the pass leave behind, each at its own place: which thread read it does not show.
struct Places {
  Places(const ImageShape& s, int64_t rows) : shape(s), each(std::min(s.pixels(), (kImagePixels + rows - 1) / rows)) {
    const auto n = static_cast<size_t>(rows);
    for (int64_t b = 0; b < shape.bands; ++b)
      found.bands.push_back(
          {std::vector<float>(n * static_cast<size_t>(each), kNone), std::vector<double>(n), std::vector<float>(n)});
  }

  // `row`: its place in the pass; `sample` keys the pixels that are drawn from it, the same in each band.
  void take(const float* images, int64_t row, int64_t sample) {
    for (int64_t k = 0; k < each; ++k) {
      const int64_t at = order_at(static_cast<uint64_t>(sample), 1, shape.pixels(), k);
      for (int64_t b = 0; b < shape.bands; ++b)
        band(b).pixels[static_cast<size_t>(row * each + k)] = images[b * shape.pixels() + at];
    }
    for (int64_t b = 0; b < shape.bands; ++b) {
      double sum = 0, count = 0;
      for (int64_t i = 0; i < shape.pixels(); ++i) {
        const float x = images[b * shape.pixels() + i];
        if (!std::isfinite(x)) continue;
        sum += static_cast<double>(x);
        ++count;
      }
      band(b).sums[static_cast<size_t>(row)] = sum;
      band(b).counts[static_cast<size_t>(row)] = static_cast<float>(count);
    }
  }
  ImageStatistics::Band& band(int64_t b) { return found.bands[static_cast<size_t>(b)]; }

  ImageShape shape;
  int64_t each;  // pixels that are kept of an image
  ImageStatistics found;
};

// Without the places of bad rows and of pixels that are no number.
void close_up(ImageStatistics::Band& band) {
  std::erase_if(band.pixels, [](float x) { return !std::isfinite(x); });
  size_t kept = 0;
  for (size_t i = 0; i < band.counts.size(); ++i) {
    if (band.counts[i] == 0) continue;
    band.sums[kept] = band.sums[i];
    band.counts[kept++] = band.counts[i];
  }
  band.sums.resize(kept);
  band.counts.resize(kept);
}

}  // namespace

Sky sky_of(std::vector<float> pixels) {
  if (pixels.empty()) return {};
  Sky sky;
  sky.level = middle(pixels);
  for (float& x : pixels) x = static_cast<float>(std::abs(static_cast<double>(x) - sky.level));
  sky.sigma = kMadToSigma * middle(pixels);
  return sky;
}

ImageStatistics collect_images(const DataSource& source, const BatchLayout& layout, const RowSet& rows,
                               uint32_t readers, const PixelPolicy& policy) {
  const ImageShape shape = layout.image_shape();
  const std::vector<int64_t> drawn = drawn_rows(rows);
  const auto n = static_cast<int64_t>(drawn.size());
  Places places(shape, n);
  const int64_t row_bytes = layout.tensors[static_cast<size_t>(layout.tensor("images"))].desc.bytes();
  const int64_t block = std::clamp<int64_t>(kStatisticsBytes / row_bytes, 1, kStatisticsBlock);
  FirstUnreadable unreadable;
  std::atomic<int64_t> read{0};
  for_each_block(
      source, layout, static_cast<uint32_t>(layout.tensor("images")), readers, n, block,
      [&](int64_t i) { return drawn[static_cast<size_t>(i)]; },
      [&](const RowBlock& rows_read) {
        unreadable.keep(rows_read);
        for (int64_t i = 0; i < rows_read.rows(); ++i) {
          const float* images = rows_read.values.data() + i * rows_read.width;
          if (rows_read.unreadable[static_cast<size_t>(i)] != 0) continue;
          ++read;
          if (bad_pixels(images, shape, policy) != 0) continue;
          const int64_t row = rows_read.first + i;
          places.take(images, row, drawn[static_cast<size_t>(row)]);
        }
      },
      [](int64_t, int64_t) {});
  if (read == 0) unreadable.fail_none(n);
  for (int64_t b = 0; b < shape.bands; ++b) {
    close_up(places.band(b));
    if (places.band(b).pixels.empty())
      fail(CLQ_E_DATA, "band {}: none of {} training rows has a good pixel", band_name(layout.images, b), n);
  }
  return std::move(places.found);
}

}  // namespace clq
