// tests/core/compile/layer_rows.test.cpp -- shapes, parameters and operations of layers, counted by hand.
// SPDX-License-Identifier: BSD-3-Clause
#include <gtest/gtest.h>

#include "compile/layer_rows.hpp"
#include "core/compile/models.hpp"

namespace clq::test {
namespace {

std::vector<LayerRow> rows_of(const ModelSpec& model) {
  static const OpTable ops;
  static const NoBuilders none;
  return layer_rows(model, ops, none);
}

TEST(LayerRows, CountWhatAConvolutionAndADenseLayerHoldAndDo) {
  ModelSpec model = regression_model(R"([{"use": "conv", "channels": 6, "kernel": 3, "stride": 2, "groups": 2},
    {"use": "max_pool", "kernel": 2}, {"use": "flatten"}, {"use": "dense", "units": 5, "activation": "relu"}])",
                                     CLQ_F32);
  model.inputs = {{"images", {CLQ_F32, {4, 8, 8}}}};
  const std::vector<LayerRow> rows = rows_of(model);
  ASSERT_EQ(rows.size(), 4);
  EXPECT_EQ(rows[0].name, "conv1");
  EXPECT_EQ(rows[0].output, (Shape{6, 4, 4}));
  EXPECT_EQ(rows[0].parameters, 6 * 2 * 9 + 6);
  EXPECT_EQ(rows[0].flops, 2.0 * 6 * 16 * 2 * 9);
  EXPECT_EQ(rows[0].bytes, 6 * 16 * 4.0);
  EXPECT_EQ(rows[1].flops, 6 * 4 * 4.0);  // outputs times window
  EXPECT_EQ(rows[2].flops, 0);
  EXPECT_EQ(rows[3].use, "dense");
  EXPECT_EQ(rows[3].parameters, 24 * 5 + 5);
  EXPECT_EQ(rows[3].flops, 2.0 * 24 * 5 + 5 + 5);  // product, bias, activation
}

TEST(LayerRows, CountSharedWeightsOnce) {
  const std::vector<LayerRow> rows = rows_of(regression_model(
      R"([{"use": "dense", "units": 2}, {"use": "dense", "units": 2, "shares": "dense1"}, {"use": "dense", "units": 1}])"));
  EXPECT_EQ(rows[0].parameters, 6);
  EXPECT_EQ(rows[1].parameters, 0);
  EXPECT_EQ(rows[1].flops, rows[0].flops);
}

TEST(LayerRows, LeaveRunningStatisticsOutOfTheParameters) {
  EXPECT_EQ(rows_of(regression_model(R"([{"use": "batch_norm"}])"))[0].parameters, 4);
}

}  // namespace
}  // namespace clq::test
