// tests/core/train/input_columns.test.cpp -- layers that read one column: `from = "input.A"`.
// SPDX-License-Identifier: BSD-3-Clause
#include <gtest/gtest.h>

#include "toy.hpp"
#include "train/bundle.hpp"

namespace clq::toy {
namespace {

Json run_from(const Json& from) {
  Json run = toy::run();
  set(run, "/data/derived", {{"SUM", "A + B"}});
  set(run, "/model/layer", {{{"use", "concat"}, {"from", from}}, {{"use", "dense"}, {"name", "last"}}});
  return run;
}

std::string refusal(const Json& from) {
  try {
    model(run_from(from), source());
  } catch (const Error& e) {
    return e.what();
  }
  return "";
}

TEST(InputColumns, HaveTheirPlaceInTheBundle) {
  const auto m = model(run_from({"input.B", "input.SUM", "input.scalars"}), source());
  EXPECT_EQ(m->spec.layers[0]["from"], Json({"input.scalars[1]", "input.scalars[2]", "input.scalars"}));
  EXPECT_EQ(m->states.at("last.weights").desc().dims, (Shape{1, 5}));
  EXPECT_EQ(model(run_from("input.A"), source())->spec.layers[0]["from"], "input.scalars[0]");
}

TEST(InputColumns, ThatAreNotThereAreRefusedWithThoseThatAre) {
  EXPECT_EQ(refusal({"input.Sum"}),
            "model.layer[0].from: unknown input 'Sum', did you mean 'SUM'? (inputs: scalars, A, B, SUM)");
  EXPECT_EQ(refusal("input.REDSHIFT"), "model.layer[0].from: unknown input 'REDSHIFT' (inputs: scalars, A, B, SUM)");
}

// Y = 2 A - B + 0.5, and A and B have nothing to do with each other: what A alone tells has the slope 2.
TEST(InputColumns, AreAllThatTheNetworkSees) {
  Json run = run_from({"input.A"});
  set(run, "/train/epochs", 40);
  const auto t = trainer(run, source());
  finish(*t);
  const Folder folder;
  save_bundle(t->model(), folder.file("a.safetensors"));
  const auto again = load_bundle(folder.file("a.safetensors"), registry());
  EXPECT_EQ(again->spec.layers, t->model().spec.layers);
  const Tensor& weights = again->states.at("last.weights");
  EXPECT_EQ(weights.desc().dims, (Shape{1, 1}));
  EXPECT_NEAR(weights.as<float>()[0], 2, 0.2);
}

}  // namespace
}  // namespace clq::toy
