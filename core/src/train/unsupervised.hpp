// core/src/train/unsupervised.hpp -- tasks without a target: what they learn instead, and with which losses.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <string>
#include <string_view>

#include <calanque/core/config.hpp>

#include "data/transforms.hpp"

namespace clq {

inline constexpr std::string_view kReconstruction = "reconstruction";  // the network gives its own input again
inline constexpr std::string_view kContrastive = "contrastive";  // and here tells two views of an object from others

bool has_target_column(const std::string& task);  // data.target names columns
int64_t views_of(const std::string& task);        // rows that a training has of each object, one behind the other
// ModelSpec::learns: "target"; of a reconstruction the input that data.target names, else the images, else the columns;
// "" of a contrast.
std::string learned_tensor(const std::string& task, const Config& data, const BatchLayout& layout);
// Throws for a loss that is of no use to the task; pixels that are masked do not count.
void complete_loss(const std::string& task, Json& loss, const std::string& learns, const BatchLayout& layout);
// Throws where nothing tells two views of an object apart, or nothing says of how many numbers an embedding is.
void require_contrast(const Json& layers, const Transforms& transforms);
Json unsupervised_member(const std::string& task);  // as task_member

}  // namespace clq
