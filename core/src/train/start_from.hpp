// core/src/train/start_from.hpp -- another model's weights as the start of a training.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <calanque/core/model.hpp>

namespace clq {

// By train.init_from: a bundle, or the table { file, layers, transforms }. Tensors of equal name, type and shape are
// taken; what there was and what of it was taken is said in the log, and by name in the model's provenance. With
// `transforms` those of the bundle are taken as well, which needs the same inputs. CLQ_E_INVALID where nothing fits.
void start_from(Model& model, const Config& train, const Registry& registry);

}  // namespace clq
