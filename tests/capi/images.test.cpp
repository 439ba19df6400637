// tests/capi/images.test.cpp -- images of the host: a source of them, a network, a batch.
// SPDX-License-Identifier: BSD-3-Clause
#include <cmath>
#include <limits>

#include "client.hpp"

namespace clq::test {
namespace {

constexpr const char* kImageRun = R"(
[data]
target = "y"
[split]
valid = 0.2
[[model.layer]]
use = "global_avg_pool"
[[model.layer]]
use = "dense"
[train]
epochs = 2
batch = 16
)";

class Images : public testing::Test {
 protected:
  static constexpr int64_t kObjects = 40, kPixels = 3 * 4 * 5;

  Images() : pixels_(kObjects * kPixels), y_(kObjects) {
    for (size_t p = 0; p < pixels_.size(); ++p) pixels_[p] = static_cast<int16_t>(p * 37 % 101);
    for (size_t i = 0; i < y_.size(); ++i) y_[i] = std::sin(static_cast<double>(i));
    const int64_t dims[] = {3, 4, 5};
    ok(clq_config_parse(kImageRun, &host_.config));
    ok(clq_source_create(kObjects, &host_.source));
    ok(clq_source_add(host_.source, "images", pixels_.data(), CLQ_I16, 3, dims, 1));
    ok(clq_source_add(host_.source, "y", y_.data(), CLQ_F64, 0, nullptr, 1));
    ok(clq_model_create(host_.config, host_.source, &host_.model));
    ok(clq_trainer_create(host_.model, host_.source, host_.config, nullptr, &host_.trainer));
    while (clq_trainer_run(host_.trainer, 10) == 0) {
    }
  }
  std::vector<float> as_float() const { return {pixels_.begin(), pixels_.end()}; }

  std::vector<int16_t> pixels_;
  std::vector<double> y_;
  Host host_;
};

TEST_F(Images, AreABatchOfFourAxes) {
  std::vector<float> expected(kObjects);
  ok(clq_predict(host_.model, as_float().data(), kObjects, kPixels, expected.data(), 1));
  const int64_t dims[] = {kObjects, 3, 4, 5};
  ok(clq_batch_create(host_.model, kObjects, &host_.batch));
  ok(clq_batch_set(host_.batch, "images", pixels_.data(), CLQ_I16, 4, dims));
  ok(clq_predict_batch(host_.model, host_.batch));
  std::vector<float> got(kObjects);
  ok(clq_batch_get(host_.batch, "prediction", got.data(), CLQ_F32, kObjects * 4));
  EXPECT_EQ(got, expected);
  EXPECT_NE(got[0], got[1]);
}

TEST_F(Images, WithTheirAxesInAnotherOrderAreRefused) {
  const int64_t dims[] = {kObjects, 4, 5, 3};
  ok(clq_batch_create(host_.model, kObjects, &host_.batch));
  EXPECT_EQ(clq_batch_set(host_.batch, "images", pixels_.data(), CLQ_I16, 4, dims), CLQ_E_INVALID);
  EXPECT_EQ(last_error(), "input 'images' must be [3, 4, 5] a sample, got [40, 4, 5, 3]");
}

TEST_F(Images, WithAHoleHaveNoAnswer) {
  std::vector<float> images = as_float(), got(kObjects);
  images[7] = std::numeric_limits<float>::quiet_NaN();
  ok(clq_predict(host_.model, images.data(), kObjects, kPixels, got.data(), 1));
  EXPECT_TRUE(std::isnan(got[0]));
  EXPECT_TRUE(std::isfinite(got[1]));
}

}  // namespace
}  // namespace clq::test
