// core/src/train/unsupervised.cpp -- tasks without a target: what they learn instead, and with which losses.
// SPDX-License-Identifier: BSD-3-Clause
#include "train/unsupervised.hpp"

#include <algorithm>

#include <fmt/ranges.h>

#include "data/image_chain.hpp"

namespace clq {
namespace {

constexpr std::string_view kInput = "input.";
const std::vector<std::string> kReconstructionLosses = {"mse", "mae", "huber", "bce"};

}  // namespace

bool has_target_column(const std::string& task) { return task != kReconstruction && task != kContrastive; }

int64_t views_of(const std::string& task) { return task == kContrastive ? 2 : 1; }

std::string learned_tensor(const std::string& task, const Config& data, const BatchLayout& layout) {
  if (has_target_column(task)) return "target";
  CLQ_REQUIRE(task == kReconstruction || !data.has("target"), "data.target: a contrast of views has no target, got {}",
              data.json().value("target", Json()).dump());
  if (task == kContrastive) return "";
  if (!data.has("target")) return layout.tensor("images") >= 0 ? "images" : "scalars";
  const Json& given = data.json().at("target");
  const std::string name = given.is_string() ? given.get<std::string>() : given.dump();
  CLQ_REQUIRE(name == "input.images" || name == "input.scalars",
              "data.target: a reconstruction learns its own input, input.images or input.scalars, got '{}'", name);
  const std::string input = name.substr(kInput.size());
  CLQ_REQUIRE(layout.tensor(input) >= 0, "data.target: the data have no {}", name);
  return input;
}

void complete_loss(const std::string& task, Json& loss, const std::string& learns, const BatchLayout& layout) {
  const std::string use = loss.value("use", "");
  CLQ_REQUIRE(task == kContrastive || use != "nt_xent",
              "model.loss: nt_xent compares two views of each object, which only the task contrastive makes, got task "
              "'{}'",
              task);
  if (has_target_column(task)) return;
  CLQ_REQUIRE(task != kContrastive || use == "nt_xent",
              "model.loss: a contrast of views has the loss nt_xent, got '{}'", use);
  if (task == kContrastive) return;
  const bool known =
      std::find(kReconstructionLosses.begin(), kReconstructionLosses.end(), use) != kReconstructionLosses.end();
  CLQ_REQUIRE(known || use.find('.') != std::string::npos,
              "model.loss: a reconstruction has one of the losses {}, got '{}'", fmt::join(kReconstructionLosses, ", "),
              use);
  if (!known || learns != "images" || layout.tensor("mask") < 0) return;
  CLQ_REQUIRE(loss.value("mask_nan", Json(true)) == Json(true),
              "model.loss.mask_nan is {}: masked pixels have no value to be learned", loss["mask_nan"].dump());
  loss["mask_nan"] = true;
}

void require_contrast(const Json& layers, const Transforms& transforms) {
  CLQ_REQUIRE(transforms.images() != nullptr && transforms.images()->varies(),
              "task contrastive: the two views of an object are the same without a transform that varies images: "
              "dihedral, shift or noise");
  const Json& last = layers.back();
  CLQ_REQUIRE(last["use"] != "dense" || last.contains("units"),
              "task contrastive: the last layer needs units, the numbers of an embedding");
}

Json unsupervised_member(const std::string& task) {
  if (task != kReconstruction) return Json::object();
  const char* words = "root of the mean squared difference between the input and what is made of it";
  return {{"row_metrics", {{"RECON_ERROR", {{"metric", "error"}, {"comment", words}}}}}};
}

}  // namespace clq
