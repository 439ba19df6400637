// tests/capi/own_loop.test.cpp -- a host's own loop over arrays that it fills anew, and what it says of a model.
// SPDX-License-Identifier: BSD-3-Clause
#include <numeric>

#include "client.hpp"

namespace clq::test {
namespace {

constexpr const char* kSplit = "split_step = true\n";

double get(clq_handle trainer, const char* key) {
  double out = -1;
  ok(clq_trainer_get(trainer, key, &out));
  return out;
}

// One borrowed source of a batch, whose arrays change between two calls: a simulation while one trains.
TEST(OwnLoop, LearnsFromArraysThatAreFilledAnew) {
  Host host;
  host.open_trainer(nullptr, "micro_batch = 32\n");
  float a[32], b[32];
  double y[32];
  clq_handle batch = 0;
  ok(clq_source_create(32, &batch));
  ok(clq_source_add(batch, "a", a, CLQ_F32, 0, nullptr, 1));
  ok(clq_source_add(batch, "b", b, CLQ_F32, 0, nullptr, 1));
  ok(clq_source_add(batch, "y", y, CLQ_F64, 0, nullptr, 1));
  std::vector<int64_t> rows(32);
  std::iota(rows.begin(), rows.end(), 0);
  clq_status status = CLQ_OK;
  for (int step = 0; status == CLQ_OK; ++step) {
    for (int i = 0; i < 32; ++i) {
      a[i] = std::sin(0.37f * static_cast<float>(32 * step + i));
      b[i] = std::cos(0.73f * static_cast<float>(32 * step + i));
      y[i] = static_cast<double>(a[i]) - 2.0 * static_cast<double>(b[i]);
    }
    status = clq_trainer_batch(host.trainer, batch, rows.data(), 32);
  }
  EXPECT_EQ(status, CLQ_END) << last_error();
  EXPECT_EQ(get(host.trainer, "epoch"), 4);
  EXPECT_EQ(get(host.trainer, "step"), get(host.trainer, "steps"));
  EXPECT_LT(get(host.trainer, "loss"), 1.0);
  EXPECT_EQ(clq_trainer_batch(host.trainer, batch, rows.data(), 32), CLQ_E_INVALID);
  EXPECT_EQ(last_error(), "the training has ended: epochs done");
  clq_source_close(batch);
}

TEST(OwnLoop, ReadsAndWritesGradientsByName) {
  Host host;
  host.open_trainer(nullptr, kSplit);
  const int64_t rows[] = {0, 5, 9};
  double bias[8] = {}, zeros[8] = {}, before[8] = {}, after[8] = {};
  EXPECT_EQ(clq_gradient_get(host.trainer, "dense1.bias", bias, CLQ_F64, 64), CLQ_E_INVALID);
  ok(clq_trainer_gradients(host.trainer, host.source, rows, 3));
  ok(clq_gradient_get(host.trainer, "dense1.bias", bias, CLQ_F64, 64));
  EXPECT_NE(std::accumulate(bias, bias + 8, 0.0), 0.0);
  ok(clq_gradient_set(host.trainer, "dense1.bias", zeros, CLQ_F64, 64));
  ok(clq_model_get(host.model, "dense1.bias", before, CLQ_F64, 64));
  ok(clq_trainer_apply(host.trainer));
  ok(clq_model_get(host.model, "dense1.bias", after, CLQ_F64, 64));
  EXPECT_TRUE(std::equal(before, before + 8, after));  // adam's first step with a gradient of zero
  EXPECT_EQ(get(host.trainer, "step"), 1);
}

TEST(OwnLoop, MayMoveAWeightBetweenTwoSteps) {
  Host host;
  host.open_trainer();
  ok(clq_trainer_steps(host.trainer, 2));
  const float wanted[8] = {1, 2, 3, 4, 5, 6, 7, 8};
  float found[8] = {};
  ok(clq_trainer_set(host.trainer, "dense1.bias", wanted, CLQ_F32, 32));
  ok(clq_model_get(host.model, "dense1.bias", found, CLQ_F32, 32));
  EXPECT_TRUE(std::equal(found, found + 8, wanted));
}

TEST(OwnLoop, ABatchThatCannotBeReadLeavesTheTrainerAsItWas) {
  Host host;
  host.open_trainer();
  host.a[7] = std::nanf("");
  const int64_t rows[] = {6, 7}, good[] = {6, 8};
  EXPECT_EQ(clq_trainer_batch(host.trainer, host.source, rows, 2), CLQ_E_DATA);
  EXPECT_NE(last_error().find("row 7"), std::string::npos) << last_error();
  EXPECT_EQ(get(host.trainer, "step"), 0);
  EXPECT_EQ(clq_trainer_batch(host.trainer, host.source, good, 2), CLQ_OK);
}

TEST(ModelCards, AreForTheHostsOwnHeader) {
  Host host;
  host.open_model();
  const auto cards = text_of([&](char* t, int64_t n) { return clq_model_cards(host.model, t, n); });
  const auto id = text_of([&](char* t, int64_t n) { return clq_model_id(host.model, t, n); });
  ASSERT_EQ(cards.size(), 240u);
  EXPECT_EQ(cards.substr(0, 38), "CLQVER  = '0.1.0   ' / version of Cala");
  EXPECT_EQ(cards.substr(80, 32), "CLQMODEL= '" + id + "' / model");
  EXPECT_EQ(cards.substr(160, 11 + 12), "CLQHASH = '" + id);
}

}  // namespace
}  // namespace clq::test
