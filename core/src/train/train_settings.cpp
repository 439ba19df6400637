// core/src/train/train_settings.cpp -- the numbers of a training, and how a batch is shared.
// SPDX-License-Identifier: BSD-3-Clause
#include "train/train_settings.hpp"

#include <bit>

#include "compile/chain.hpp"

namespace clq {
namespace {

constexpr int64_t kMostPieces = 1 << 16;  // each has a binding in every slot

void plan_step(TrainSettings& s, int64_t replicas, bool deterministic) {
  CLQ_REQUIRE(s.batch % replicas == 0, "train.batch {} cannot be shared equally by the {} replicas of compute.devices",
              s.batch, replicas);
  CLQ_REQUIRE(s.batch % s.micro_batch == 0, "train.batch {} is not a multiple of train.micro_batch {}", s.batch,
              s.micro_batch);
  const int64_t pieces = s.batch / s.micro_batch;
  CLQ_REQUIRE(pieces <= kMostPieces, "train.batch {} has {} micro-batches of {} rows, at most {} are offered", s.batch,
              pieces, s.micro_batch, kMostPieces);
  CLQ_REQUIRE(pieces % replicas == 0,
              "train.batch {} has {} micro-batches of {} rows, which {} replicas cannot share equally", s.batch, pieces,
              s.micro_batch, replicas);
  const auto is_power_of_two = [](int64_t n) { return std::has_single_bit(static_cast<uint64_t>(n)); };
  if (deterministic)
    CLQ_REQUIRE(is_power_of_two(pieces) && is_power_of_two(replicas),
                "compute.deterministic adds up by pairs: 1, 2, 4, 8 ... micro-batches a batch and as many replicas are "
                "wanted, got {} and {}",
                pieces, replicas);
  s.spec.plan = {replicas, pieces / replicas, deterministic};
}

}  // namespace

TrainSettings read_train(const Config& train, const Compute& compute) {
  TrainSettings s;
  s.epochs = train.get<int64_t>("epochs", s.epochs);
  s.batch = train.get<int64_t>("batch", s.batch);
  const auto replicas = static_cast<int64_t>(compute.devices.size());
  s.micro_batch = train.get<int64_t>("micro_batch", s.batch / replicas);
  s.patience = train.get<int64_t>("patience", s.patience);
  s.log_every = train.get<int64_t>("log_every", s.log_every);
  const auto seed = train.get<int64_t>("seed", 1);
  s.seed = static_cast<uint64_t>(seed);
  s.checkpoint_minutes = train.get<double>("checkpoint_minutes", s.checkpoint_minutes);
  s.monitor = train.get<std::string>("monitor", "");
  s.spec.optimizer = train.get<Json>("optimizer", Json::object());
  if (!s.spec.optimizer.contains("name")) s.spec.optimizer["name"] = "adam";
  s.spec.clip_norm = train.get<double>("clip_norm", 0.0);
  s.spec.ema = train.get<double>("ema", 0.0);
  CLQ_REQUIRE(s.spec.ema >= 0 && s.spec.ema < 1, "train.ema must be in [0, 1), got {}", s.spec.ema);
  s.spec.penalty = read_penalty(Config(train.child("penalty").json(), "train.penalty"));
  CLQ_REQUIRE(s.epochs >= 1 && s.batch >= 1 && s.micro_batch >= 1 && s.log_every >= 1,
              "train: epochs, batch, micro_batch and log_every must be at least 1");
  plan_step(s, replicas, (compute.flags & CLQ_SEG_DETERMINISTIC) != 0);
  s.spec.plan.split = train.get<bool>("split_step", false);
  return s;
}

BadPolicy read_bad_policy(const Config& data) {
  if (!data.has("on_bad")) return {};
  const Json on_bad = data.json().at("on_bad");
  if (on_bad.is_object()) return {OnBad::skip, data.child("on_bad").require<int64_t>("stop_after")};
  const auto word = data.get<std::string>("on_bad", "error");
  CLQ_REQUIRE(word == "error" || word == "skip", "data.on_bad must be error, skip or {{ stop_after = n }}, got '{}'",
              word);
  return {word == "skip" ? OnBad::skip : OnBad::error, -1};
}

}  // namespace clq
